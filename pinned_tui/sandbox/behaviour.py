"""Reads the choices of an API's behaviour as they are written on a command line."""

import dataclasses
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from pinned_tui.api_spec.idempotency import HELD_FOR, KEPT_FOR
from pinned_tui.redaction.secret import quoted
from pinned_tui.session import Scope

RefusalStage = Literal["scope", "body", "channel"]
"""What a writing route checks once the key is accepted."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The choices of one API; the defaults follow the vendor's documents where they say.

    Attributes:
        default_limit: Items on a page when the request has no ``limit`` (not documented).
        max_limit: The documented cap of ``limit``.
        over_limit: Whether a larger ``limit`` is capped (documented) or refused.
        succeeded_window_s: How long a create is replayed for its idempotency key (documented).
        in_progress_window_s: How long an unfinished create holds its key (documented).
        needs_idempotency_key: Whether a create without ``Idempotency-Key`` is refused.
        create_status: Status of a successful create; 200 or 201, the documents don't say.
        default_status: Status of an event created without one (not documented).
        default_moderation: Moderation state of a created event (not documented).
        new_key_scopes: What a new key may do when nothing else is asked for (documented).
        header_forms: The forms of authentication that are understood (documented: both).
        tells_missing_key: Whether a request without a key is refused in other words than one with
            a wrong key (documented: the same response).
        order: What a writing route checks first, second and last (not documented).
        no_access: Status for a channel or event of somebody else: 403 for the channel and 404
            for the event, always 404, or always 403 (not documented).
        absent_routes: Routes that this API does not have, such as ``GET /events/{id}``: the
            documents leave some open. Their response is an error of the API or a web page.
        classifications_need: What ``GET /classifications`` asks for: a key, a key with this
            scope, or nothing (not documented).
        slug_by_index: Whether an unknown classification is named with its place in the list;
            the documented example names ``classifications`` alone.
        error_form: The envelope of errors, or another usual one (RFC 9457 is ``problem``).
        details_form: ``details`` as an object, a list of them, a text, or left out.
        request_ids: Whether errors carry a ``requestId``; it may be missing (documented).
        list_form: The documented envelopes, the short one for all lists, one that says only
            whether there is a next page, or one without any totals.
        ids_as: IDs as numbers (documented for channels) or as texts.
        status_as: The field that says whether an event is published.
        moderation_as: The field that says how an event's review stands, if any does.
        extra_fields: Whether documents carry fields that nobody documents.
        per_key: Requests of one key in a rate window (numbers are not documented).
        per_owner: Requests of all keys of one owner in a rate window.
        rate_window_s: Length of a rate window in seconds.
        rate_fields: The names behind ``X-RateLimit-*``, or the IETF's fields, or none at all.
        reset_form: ``X-RateLimit-Reset`` as seconds since 1970 or as seconds from now.
        retry_after_form: ``Retry-After`` in either form of RFC 9110, section 10.2.3, or left out.
        active_key_cap: Active keys that one owner can have; revoked ones don't count (documented
            without a number).
        keys_per_hour: Keys that one owner can create in an hour (documented without a number).
    """

    default_limit: int = 10
    max_limit: int = 100
    over_limit: Literal["capped", "refused"] = "capped"
    succeeded_window_s: float = KEPT_FOR.total_seconds()
    in_progress_window_s: float = HELD_FOR.total_seconds()
    needs_idempotency_key: bool = False
    create_status: Literal[200, 201] = 201
    default_status: Literal["draft", "published"] = "draft"
    default_moderation: str = "approved"
    new_key_scopes: tuple[Scope, ...] = ("channels:read", "events:create")
    header_forms: frozenset[Literal["bearer", "x-api-key"]] = frozenset({"bearer", "x-api-key"})
    tells_missing_key: bool = False
    order: tuple[RefusalStage, RefusalStage, RefusalStage] = ("scope", "body", "channel")
    no_access: Literal["documented", "not-found", "forbidden"] = "documented"
    absent_routes: frozenset[str] = frozenset()
    absent_as: Literal["error", "page"] = "error"
    classifications_need: str = "key"
    slug_by_index: bool = False
    error_form: Literal["documented", "flat", "text", "problem"] = "documented"
    details_form: Literal["documented", "list", "text", "none"] = "documented"
    request_ids: bool = True
    list_form: Literal["documented", "short", "next", "bare"] = "documented"
    ids_as: Literal["numbers", "texts"] = "numbers"
    status_as: Literal["status", "_status", "isDraft", "published"] = "status"
    moderation_as: Literal[
        "moderationStatus", "reviewStatus", "approvalStatus", "moderation.status", "none"
    ] = "moderationStatus"
    extra_fields: bool = False
    per_key: int = 600
    per_owner: int = 1200
    rate_window_s: float = 60
    rate_fields: Literal["X-RateLimit", "RateLimit", "RateLimit-Policy", "none"] = "X-RateLimit"
    reset_form: Literal["epoch", "seconds"] = "epoch"
    retry_after_form: Literal["seconds", "date", "none"] = "seconds"
    active_key_cap: int = 10
    keys_per_hour: int = 30


class BehaviourError(ValueError):
    """An unknown choice; the message says which there are."""


def read_behaviour(choices: Iterable[str]) -> Behaviour:
    """Return the behaviour that ``choices`` such as ``order=body,scope,channel`` make.

    Raises:
        BehaviourError: a name or a value that there is not.
    """
    ordinary = Behaviour()
    names = [field.name for field in dataclasses.fields(Behaviour)]
    chosen: dict[str, Any] = {}
    for choice in choices:
        name, _, value = choice.partition("=")
        name = name.strip().replace("-", "_")
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(names)}."
            raise BehaviourError(f"Unknown choice {quoted(name)}. {hint}")
        chosen[name] = _value_of(value.strip(), getattr(ordinary, name))
        try:
            msgspec.convert({name: chosen[name]}, Behaviour)
        except msgspec.ValidationError as error:
            raise BehaviourError(f"Invalid value for {name}: {quoted(value)}. {error}.") from None
    return msgspec.convert(chosen, Behaviour)


def _value_of(value: str, ordinary: object) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value in the type that the choice ordinarily has, where it can be read so."""
    if isinstance(ordinary, tuple | frozenset):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(ordinary, str):
        return value
    try:
        return msgspec.json.decode(value.encode())
    except msgspec.DecodeError:
        return value
