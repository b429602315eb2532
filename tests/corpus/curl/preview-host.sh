curl -sS https://pinned-events-git-main-preview.example.app/api/public/v1/channels -H "Authorization: Bearer $PINNED_EVENTS_API_KEY"
