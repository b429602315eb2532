PS C:\import> $body = @{}
PS C:\import> curl.exe --request POST 'https://pinned.events/api/public/v1/events' `
  --header "Authorization: Bearer $env:PINNED_EVENTS_API_KEY" `
  --header 'Content-Type: application/json' `
  --header 'Idempotency-Key: erp-20331-create' `
  --data '@event.json'
