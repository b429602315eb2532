C:\Users\claudia>curl.exe -X POST "https://pinned.events/api/public/v1/events" ^
  -H "Authorization: Bearer %PINNED_EVENTS_API_KEY%" ^
  -H "Content-Type: application/json; charset=utf-8" ^
  -H "Idempotency-Key: crm-event-456-publish" ^
  --data-binary "@C:\Temp\evento.json"
