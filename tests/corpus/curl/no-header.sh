curl -s https://pinned.events/api/public/v1/channels | python3 -m json.tool
