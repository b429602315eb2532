curl https://api.pinned.events/public/v1/channels -H "Authorization: Bearer $PINNED_EVENTS_API_KEY"
