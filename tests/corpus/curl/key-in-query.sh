curl "https://pinned.events/api/public/v1/events?api_key=wQ8zK2nV5tR0yLc7mJx4Bd9H&limit=10"
