curl -X POST 'https://pinned.events/api/public/v1/events' \
  -H "Authorization: Bearer $TOKEN" \
  -H 'Content-Type: application/json' \
  -H 'Idempotency-Key: partner-form-771-create' \
  -d '{
  "channelId": "101",
  "title": "Carnaval na Praça",
  "startAt": "2027-02-12T21:00:00-02:00",
  "timezone": "America/Sao_Paulo",
  "classifications": ["festival"],
  "approxLocation": {"city": {"placeId": "plc_sao_paulo_br", "name": "São Paulo", "countryCode": "BR"}}
}'
