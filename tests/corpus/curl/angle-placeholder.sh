curl -s "https://pinned.events/api/public/v1/channels" -H "Authorization: Bearer <YOUR_API_KEY>"
