req, _ := http.NewRequest("GET", "https://pinned.events/api/public/v1/channels", nil)
req.Header.Set("Authorization", "Token "+os.Getenv("PINNED_EVENTS_API_KEY"))
