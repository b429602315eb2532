curl -s 'https://pinned.events/api/public/v1/channels?page=1' \
  -H 'Accept: application/json' \
  -H "Authorization: Bearer %PINNED_EVENTS_API_KEY%"
