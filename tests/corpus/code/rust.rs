let res = reqwest::Client::new()
    .get("https://pinned.events/api/public/v1/channels")
    .header("Authorization", format!("Token {}", key))
    .send().await?;
