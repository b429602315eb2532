curl -X POST https://pinned.events/api/public/v1/events -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" -H "Content-Type: application/json" -H "Idempotency-Key: cms-16-create" -d '{
  "channelId": 101,
  "title": "Poetry Slam",
  "startAt": "2027-05-20T20:00:00-04:00",
  "timezone": "America/New_York",
  "classifications": ["reading"],
  "approxLocation": {"city": {"placeId": "plc_boston_us"}},
}'
