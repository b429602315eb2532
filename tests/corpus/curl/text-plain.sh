curl -X POST https://pinned.events/api/public/v1/events -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" -H "Idempotency-Key: cms-13-create" -H "Content-Type: text/plain" --data-binary @event.json
