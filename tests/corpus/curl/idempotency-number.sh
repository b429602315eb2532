curl --json @e.json https://pinned.events/api/public/v1/events -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" -H "Idempotency-Key: crm-event-20270305-publish"
