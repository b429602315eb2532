curl -X POST https://pinned.events/api/public/v1/events -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" -H "Content-Type: application/json" -H "Idempotency-Key: cms-15-create"
