curl "https://pinned.events/api/public/v1/events?page=1&limit=500" -H "Authorization: Bearer $PINNED_EVENTS_API_KEY"
