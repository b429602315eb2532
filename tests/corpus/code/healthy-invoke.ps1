$headers = @{
    Authorization = "Bearer $env:PINNED_EVENTS_API_KEY"
    "Accept" = "application/json"
}
Invoke-RestMethod -Uri "https://pinned.events/api/public/v1/channels" -Method Get -Headers $headers
