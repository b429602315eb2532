final res = await http.get(
  Uri.parse('https://pinned.events/api/public/v1/channels'),
  headers: {'Authorization': 'Token $apiKey'},
);
