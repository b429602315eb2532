xh post https://pinned.events/api/public/v1/events authorization:"Bearer $KEY" @event.json
