$headers = @{
    Authorization     = "Bearer $($env:PINNED_EVENTS_API_KEY)"
    'Idempotency-Key' = "museum-$($Show.Id)-create"
}
$body = @{
    channelId       = 88
    title           = $Show.Title
    startAt         = $Show.Start.ToString('yyyy-MM-ddTHH:mm:sszzz')
    timezone        = 'Europe/Vienna'
    classifications = @('exhibition')
    approxLocation  = @{ city = @{ placeId = 'plc-graz'; name = 'Graz'; countryCode = 'AT' } }
} | ConvertTo-Json -Depth 5
Invoke-RestMethod -Method Post -Uri 'https://pinned.events/api/public/v1/events' -Headers $headers -ContentType 'application/json' -Body $body
