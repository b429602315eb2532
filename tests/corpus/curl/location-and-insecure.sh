curl -k -L -X POST http://www.pinned.events/api/public/v1/events/ \
  -H "Authorization: Token wQ8zK2nV5tR0yLc7mJx4Bd9H" \
  -d '{"channelId":101,"title":"Offene Bühne","startAt":"2027-03-05T19:30:00+01:00","timezone":"Europe/Vienna","classifications":["concert"],"approxLocation":{"city":{"placeId":"plc_vienna_at"}}}'
