$client = new \GuzzleHttp\Client(['base_uri' => 'https://pinned.events']);
$response = $client->request('POST', '/api/public/v1/events', [
    'headers' => ['Authorization' => 'Bearer ' . getenv('PINNED_KEY'), 'Idempotency-Key' => 'crm-' . $id . '-create'],
    'json' => json_encode($event),
]);
