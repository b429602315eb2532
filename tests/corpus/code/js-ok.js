const res = await fetch("https://pinned.events/api/public/v1/channels", { headers: { Authorization: `Bearer ${key}` } });
if (!res.ok) throw new Error(await res.text());
