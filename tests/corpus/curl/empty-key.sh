curl -i https://pinned.events/api/public/v1/channels -H "Authorization: Bearer "
