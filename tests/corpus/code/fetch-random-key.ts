const response = await fetch("https://pinned.events/api/public/v1/events", {
  method: "POST",
  headers: {
    Authorization: `Bearer ${process.env.PINNED_EVENTS_API_KEY}`,
    "Content-Type": "application/json",
    "Idempotency-Key": crypto.randomUUID(),
  },
  body: JSON.stringify({ ...draft, title: "Harbour Jazz" }),
});
