curl -X POST https://pinned.events/api/public/v1/events/ -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" --json @e.json -H "Idempotency-Key: cms-1-create"
