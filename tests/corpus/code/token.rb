uri = URI("https://pinned.events/api/public/v1/channels")
request = Net::HTTP::Get.new(uri)
request["Authorization"] = "Token #{ENV['PINNED_EVENTS_API_KEY']}"
response = Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(request) }
