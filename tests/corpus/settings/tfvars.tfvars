region = "eu-central-1"
pinned_events_api_key = "pe_live_7hRw3TqZ9mXc5VbK2nYdL8sF"
pinned_base_url       = "https://pinned.events/"
