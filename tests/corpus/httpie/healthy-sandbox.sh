http :8765/api/public/v1/channels x-api-key:$PINNED_EVENTS_API_KEY
