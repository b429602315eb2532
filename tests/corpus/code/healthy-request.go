req, err := http.NewRequest("GET", "https://pinned.events/api/public/v1/events?page=1&limit=100", nil)
if err != nil {
	return err
}
req.Header.Set("Authorization", "Bearer "+os.Getenv("PINNED_EVENTS_API_KEY"))
resp, err := client.Do(req)
