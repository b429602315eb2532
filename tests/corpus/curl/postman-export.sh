curl --location --request POST 'https://pinned.events/api/public/v1/events' \
--header 'Authorization: Bearer {{pinned_api_key}}' \
--header 'Content-Type: application/json' \
--header 'Idempotency-Key: {{$guid}}' \
--data-raw '{
    "channelId": {{channelId}},
    "title": "桜まつり 2027",
    "startAt": "2027-04-03T19:00:00+09:00",
    "timezone": "Asia/Tokyo",
    "classifications": ["festival"],
    "approxLocation": {"city": {"placeId": "plc_tokyo_jp"}}
}'
