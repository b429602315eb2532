http -A bearer -a "$PINNED_EVENTS_API_KEY" GET https://pinned.events/api/public/v1/channels
