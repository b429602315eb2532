$headers = @{ Authorization = "Token $env:PINNED_EVENTS_API_KEY" }
Invoke-RestMethod -Uri "https://pinned.events/api/public/v1/channels" -Headers $headers
