curl -X POST https://pinned.events/api/public/v1/events -H "Authorization: Bearer $KEY" -H "Idempotency-Key: cms-7" -H "Content-Type: application/json" -d @- <<EOF
{"channelId": 101, "title": "Jazz", "startAt": "2027-06-04 20:30", "timezone": "Europe/Vienna", "classifications": ["concert"], "approxLocation": {"city": {"placeId": "plc_vienna_at"}}}
EOF
