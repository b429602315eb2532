curl -X POST https://pinned.events/api/public/v1/events -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" -H "Content-Type: application/json" -H "Idempotency-Key: sheet-7731-create" -d @- <<'JSON'
{
  "channelId": 101,
  "title": "नेपाली लोक साँझ",
  "startAt": "2027-01-15T18:00:00+05:45",
  "timezone": "Asia/Kathmandu",
  "classifications": ["festival"],
  "approxLocation": {"city": {"placeId": "plc_kathmandu_np"}}
}
JSON
