curl -X POST http://127.0.0.1:8765/api/public/v1/events -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" -H "Content-Type: application/json" -H "Idempotency-Key: test-1-create" -d @event.json
