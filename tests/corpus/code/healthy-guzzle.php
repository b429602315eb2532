<?php
$client = new \GuzzleHttp\Client(['base_uri' => 'https://pinned.events/api/public/v1/']);
$response = $client->request('POST', 'events', [
    'headers' => [
        'Authorization' => 'Bearer ' . getenv('PINNED_EVENTS_API_KEY'),
        'Idempotency-Key' => 'crm-event-' . $row['id'] . '-create',
    ],
    'json' => $event,
]);
