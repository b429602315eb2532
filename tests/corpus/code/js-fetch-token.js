const res = await fetch("https://pinned.events/api/public/v1/channels", {
  headers: { Authorization: `Token ${process.env.PINNED_EVENTS_API_KEY}` },
});
