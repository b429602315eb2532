using var client = new HttpClient();
var request = new HttpRequestMessage(HttpMethod.Get, "https://pinned.events/api/public/v1/channels");
request.Headers.Add("Authorization", "Token " + Environment.GetEnvironmentVariable("EVENTS_KEY"));
var response = await client.SendAsync(request);
