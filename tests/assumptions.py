"""What is only assumed of the API: each must be false in a situation or an input of the tests.

The vendor's pages leave these open, and the product must hold where they turn out otherwise. Rows
of the matrix and inputs of the corpus name, as their ``assumption``, the one that is false in them.
"""

ASSUMPTIONS = {
    "order-of-checks": "a route checks authentication, then scope, then body, then channel",
    "classifications-scope": "GET /classifications needs no scope",
    "classifications-shape": "it is a list like others, of documents with slug and name",
    "event-route": "GET /events/{id} looks one event up, and answers its document",
    "event-scope": "it needs events:read",
    "update-route": "PATCH /events/{id} updates an event",
    "update-scope": "it needs events:update",
    "media-route": "POST /media uploads a picture",
    "media-scope": "it needs media:create",
    "retry-in-progress": "a retry while the first request is in progress gets 409",
    "details-shape": "details of an error are one object with field and issue",
    "rate-names": "what stands behind X-RateLimit-* is Limit, Remaining and Reset",
    "rate-ietf": "where those fields are not sent, the IETF's RateLimit fields are",
    "moderation-names": (
        "the review state is moderationStatus, reviewStatus, moderation.status or _status"
    ),
}
"""By a short name, what is assumed."""
