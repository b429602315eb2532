curl -X POST https://pinned.events/api/public/v1/media -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" -F "file=@plakat.jpg;type=image/jpeg"
