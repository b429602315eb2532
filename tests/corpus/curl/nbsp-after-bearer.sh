curl https://pinned.events/api/public/v1/channels -H "Authorization: Bearer wQ8zK2nV5tR0yLc7mJx4Bd9H"
