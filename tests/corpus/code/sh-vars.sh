#!/bin/bash
API=https://pinned.events/api/public/v2
KEY=$(cat key.txt)
curl -s "$API/channels" -H "Authorization: Bearer $KEY"
