$ch = curl_init('https://pinned.events/api/public/v1/channels');
curl_setopt($ch, CURLOPT_HTTPHEADER, ['Authorization: ' . getenv('PINNED_EVENTS_API_KEY')]);
echo curl_exec($ch);
