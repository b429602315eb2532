curl.exe -X POST "https://pinned.events/api/public/v1/events" -H "Authorization: Bearer $env:PINNED_KEY" -H "Content-Type: application/json" -H "X-Idempotency-Key: shop-991-create" -d "@event.json"
