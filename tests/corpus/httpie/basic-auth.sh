http -a mB6rX0vQ9tKz3LwYn8Hc5Jd2: https://pinned.events/api/public/v1/channels
