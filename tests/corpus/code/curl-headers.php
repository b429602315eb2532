$ch = curl_init("https://pinned.events/api/public/v1/channels");
curl_setopt($ch, CURLOPT_RETURNTRANSFER, true);
curl_setopt($ch, CURLOPT_HTTPHEADER, array(
    "Accept: application/json",
    "Authorization: pe_live_7hJq3NwX8vSz5RtW2cYd9LmB",
));
$result = curl_exec($ch);
