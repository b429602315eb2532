curl -u wQ8zK2nV5tR0yLc7mJx4Bd9H: https://pinned.events/api/public/v1/channels
