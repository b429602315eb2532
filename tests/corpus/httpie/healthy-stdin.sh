http POST https://pinned.events/api/public/v1/events Authorization:"Bearer $KEY" Content-Type:application/json Idempotency-Key:lib-42-create < event.json
