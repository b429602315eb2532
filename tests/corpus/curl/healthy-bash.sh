curl -sS -X POST https://pinned.events/api/public/v1/events \
  -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" \
  -H 'Content-Type: application/json' \
  -H 'Idempotency-Key: cms-post-4711-create' \
  --data-raw '{
    "channelId": 101,
    "title": "Frühlingskonzert der Stadtkapelle",
    "startAt": "2027-03-05T19:30:00+01:00",
    "endAt": "2027-03-05T21:45:00+01:00",
    "timezone": "Europe/Vienna",
    "classifications": ["concert"],
    "approxLocation": {"city": {"placeId": "plc_vienna_at", "name": "Wien", "countryCode": "AT"}},
    "status": "published"
  }'
