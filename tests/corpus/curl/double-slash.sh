curl https://pinned.events//api/public/v1/channels -H "Authorization: Bearer $PINNED_EVENTS_API_KEY"
