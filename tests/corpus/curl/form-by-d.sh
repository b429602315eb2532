curl -X POST https://pinned.events/api/public/v1/events -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" -H "Idempotency-Key: cms-12-create" \
 -d '{"channelId":101,"title":"Quartettabend","startAt":"2027-03-05T19:30:00+01:00","timezone":"Europe/Vienna","classifications":["concert"],"approxLocation":{"city":{"placeId":"plc_vienna_at"}}}'
