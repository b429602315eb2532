import requests

url = "https://pinned.events/api/public/v1/channels"
response = requests.get(url, headers={"Authorization": "Bearer YOUR_API_KEY"})
