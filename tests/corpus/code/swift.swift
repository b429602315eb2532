var request = URLRequest(url: URL(string: "https://pinned.events/api/public/v1/channels")!)
request.setValue("Token \(apiKey)", forHTTPHeaderField: "Authorization")
let (data, _) = try await URLSession.shared.data(for: request)
