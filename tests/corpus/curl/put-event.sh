curl -X PUT https://pinned.events/api/public/v1/events/5001 -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" --json '{"title":"Neuer Titel"}'
