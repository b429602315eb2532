# first this works
curl https://pinned.events/api/public/v1/channels -H "Authorization: Bearer $PINNED_EVENTS_API_KEY"
# then this fails
curl -X POST https://pinned.events/api/public/v1/event -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" --json @event.json -H "Idempotency-Key: ev-1-create"
