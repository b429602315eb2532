http POST https://pinned.events/api/public/v1/events "Authorization:Bearer $KEY" "Idempotency-Key:$(uuidgen)" @event.json
