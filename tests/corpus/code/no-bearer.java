HttpRequest request = HttpRequest.newBuilder()
    .uri(URI.create("https://pinned.events/api/public/v1/channels"))
    .header("Authorization", "pe_live_7hJq3NwX8vSz5RtW2cYd9LmB")
    .GET()
    .build();
