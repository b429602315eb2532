const BASE = 'https://pinned.events/api/public/v1';

async function publish(post) {
  const res = await fetch(`${BASE}/events`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${process.env.PINNED_EVENTS_API_KEY}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': `cms-post-${post.id}-create`,
    },
    body: JSON.stringify(toEvent(post)),
  });
  if (res.status === 401) throw new Error('key rejected');
  return res.json();
}
