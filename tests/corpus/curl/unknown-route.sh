curl https://pinned.events/api/public/v1/venues?limit=5 -H "Authorization: Bearer $PINNED_EVENTS_API_KEY"
