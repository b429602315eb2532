curl --json @event.json https://pinned.events/api/public/v1/events -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" -H "Idempotency-Key: partner-form-789-create"
