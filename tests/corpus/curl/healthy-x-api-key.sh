curl -H "x-api-key: $PINNED_EVENTS_API_KEY" "https://pinned.events/api/public/v1/channels?limit=100"
