await fetch('https://pinned.events/api/public/v1/events', {
  method: 'POST',
  headers: { 'Authorization': 'Bearer ' + process.env.KEY, 'Content-Type': 'application/json' },
  body: JSON.stringify(event),
})
