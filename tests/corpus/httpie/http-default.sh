http pinned.events/api/public/v1/channels "Authorization: Bearer mB6rX0vQ9tKz3LwYn8Hc5Jd2"
