API=https://pinned.events/api/public/v1
KEY=$(cat key.txt)
curl -s "$API/channels" -H "Authorization: Bearer $KEY"
