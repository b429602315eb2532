http --form POST https://pinned.events/api/public/v1/events "Authorization: Bearer $KEY" Idempotency-Key:shop-8-create channelId=101 title="Weinlesefest"
