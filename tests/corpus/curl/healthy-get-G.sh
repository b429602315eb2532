curl -G https://pinned.events/api/public/v1/events -d page=1 -d limit=50 -H "Authorization: Bearer $PINNED_EVENTS_API_KEY"
