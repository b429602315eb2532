curl https://wQ8zK2nV5tR0yLc7mJx4Bd9H:x@pinned.events/api/public/v1/channels
