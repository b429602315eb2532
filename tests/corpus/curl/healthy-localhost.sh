curl -s http://localhost:8765/api/public/v1/channels -H "x-api-key: ${PINNED_EVENTS_API_KEY:?not set}"
