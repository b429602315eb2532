curl -X GET https://pinned.events/api/public/v1/events -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" -H "Content-Type: application/json" -d @event.json
