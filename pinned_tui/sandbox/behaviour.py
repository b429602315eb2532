"""How the sandbox's API behaves where numbers and choices are concerned."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The choices of one API; the defaults follow the vendor's documents where they say.

    Attributes:
        default_limit: Items on a page when the request has no ``limit`` (not documented).
        max_limit: The documented cap of ``limit``.
        succeeded_window_s: How long a created event answers for its idempotency key (documented).
        in_progress_window_s: How long an unfinished create holds its key (documented).
        create_status: Status of a successful create; 200 or 201, the documents don't say.
        default_status: Status of an event created without one (not documented).
        default_moderation: Moderation state of a created event (not documented).
        new_key_scopes: What a new key may do when nothing else is asked for (documented).
        header_forms: The forms of authentication that are understood (documented: both).
        slug_by_index: Whether an unknown classification is named with its place in the list;
            the documented example names ``classifications`` alone.
        per_key: Requests of one key in a rate window (numbers are not documented).
        per_owner: Requests of all keys of one owner in a rate window.
        rate_window_s: Length of a rate window in seconds.
        reset_form: ``X-RateLimit-Reset`` as seconds since 1970 or as seconds from now.
        retry_after_form: ``Retry-After`` in either form of RFC 9110, section 10.2.3.
        active_key_cap: Active keys that one owner can have; revoked ones don't count (documented
            without a number).
        keys_per_hour: Keys that one owner can create in an hour (documented without a number).
    """

    default_limit: int = 10
    max_limit: int = 100
    succeeded_window_s: float = 15 * 60
    in_progress_window_s: float = 45
    create_status: Literal[200, 201] = 201
    default_status: Literal["draft", "published"] = "draft"
    default_moderation: str = "approved"
    new_key_scopes: tuple[str, ...] = ("channels:read", "events:create")
    header_forms: frozenset[Literal["bearer", "x-api-key"]] = frozenset({"bearer", "x-api-key"})
    slug_by_index: bool = False
    per_key: int = 600
    per_owner: int = 1200
    rate_window_s: float = 60
    reset_form: Literal["epoch", "seconds"] = "epoch"
    retry_after_form: Literal["seconds", "date"] = "seconds"
    active_key_cap: int = 10
    keys_per_hour: int = 30
