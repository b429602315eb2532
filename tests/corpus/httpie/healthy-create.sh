http POST https://pinned.events/api/public/v1/events \
  "Authorization: Bearer $PINNED_EVENTS_API_KEY" \
  Idempotency-Key:cms-post-123-create \
  channelId:=101 title='Fête de la musique' startAt=2027-06-21T18:00:00+02:00 timezone=Europe/Paris \
  classifications:='["festival","concert"]' approxLocation[city][placeId]=plc_lyon_fr
