import requests
from settings import auth_headers

session = requests.Session()
session.headers.update(auth_headers())
for page in range(1, 4):
    r = session.get(f"https://pinned.events/api/public/v1/channels?page={page}&limit=100")
    r.raise_for_status()
