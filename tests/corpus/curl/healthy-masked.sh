curl -H "Authorization: Bearer ********" "https://pinned.events/api/public/v1/channels"
