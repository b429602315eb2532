$ curl -s "https://pinned.events/api/public/v1/events?page=2&limit=100" -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" | jq .totalDocs
