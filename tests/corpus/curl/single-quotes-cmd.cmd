C:\>curl -X POST https://pinned.events/api/public/v1/events -H "Authorization: Bearer %KEY%" -H "Content-Type: application/json" -H "Idempotency-Key: a-1-create" -d '{"channelId":101}'
