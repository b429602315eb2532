curl --json @row42.json https://pinned.events/api/public/v1/events -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" -H "Idempotency-Key: nightly-import-2026-06-12-row-42"
