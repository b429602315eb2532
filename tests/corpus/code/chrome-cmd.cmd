curl "https://pinned.events/api/public/v1/events" ^
  -X "POST" ^
  -H "authorization: Bearer ^%KEY^%" ^
  -H "content-type: application/json" ^
  -H "idempotency-key: cms-1" ^
  --data-raw "^{^\^"channelId^\^":101,^\^"title^\^":^\^"Jazz^\^",^\^"startAt^\^":^\^"2027-06-04 20:30^\^",^\^"timezone^\^":^\^"Europe/Vienna^\^",^\^"classifications^\^":^[^\^"concert^\^"^],^\^"approxLocation^\^":^{^\^"city^\^":^{^\^"placeId^\^":^\^"p^\^"^}^}^}"
