"""Every observation code: which probe reports it, and with which particulars.

The codes and the names of their fields are in JSON output, reports and the history, and the data of
the diagnosis and the guide name them; whatever reads such data checks the names against this table,
so that a slip fails when it is loaded.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, get_args

ProbeId = Literal[
    "key",
    "payload-form",
    "network",
    "authentication",
    "controls",
    "channels",
    "events",
    "event",
    "links",
    "classifications",
    "contract",
    "payload-slugs",
    "create-scope",
    "payload",
    "update-scope",
    "media-scope",
    "rate-limits",
    "caching",
    "clock",
    "page-sizes",
]
"""The live checks, in the order in which their results are shown. The last four send nothing: they
read what the responses to the others say."""

PROBE_IDS: Final[tuple[ProbeId, ...]] = get_args(ProbeId)

INSPECT: Final = "inspect"
"""What reports the observations of an input that was pasted."""


class ObservationCode(NamedTuple):
    """A row of the table.

    Attributes:
        probes: The probes that report it.
        fields: The particulars that it always has.
        optional: The particulars that it may have besides.
    """

    probes: tuple[str, ...]
    fields: frozenset[str]
    optional: frozenset[str]


def _code(probes: str, fields: str = "", optional: str = "") -> ObservationCode:
    return ObservationCode(
        tuple(probes.split()), frozenset(fields.split()), frozenset(optional.split())
    )


_SENDING = (
    "authentication controls channels events event classifications contract create-scope payload"
    " update-scope media-scope"
)
_WRITING = "create-scope payload update-scope media-scope"
_SCOPED = f"channels events event {_WRITING}"
_PLACE = "method route status request_id"
_FOREIGN = f"{_PLACE} product signs"
_FOREIGN_TOO = "answered_by code content_type location server"
_HOST = "host port proxy"
_PROXY = "host port proxy proxy_source"
_FOUND = "addresses kinds ms ms_by_family"
_CERTIFICATE = "issuer names begins ends"
_FAULT = "cause certainty subject found suggestion detail path values"
_REFUSED = "status code message field issue request_id"
_KEY = "status code message route request_id"
_SCOPE = "scope route code message request_id"
_EVENT = "event title start timezone channel"
_LIST = "count total complete"
_PASTED_PLACE = "line column excerpt mark"

CODES: Final[Mapping[str, ObservationCode]] = MappingProxyType(
    {
        "key.missing": _code("key"),
        "key.malformed": _code("key", "source length shape faults"),
        "key.unusual": _code("key", "source length shape faults"),
        "key.present": _code("key", "source length shape"),
        "network.settings": _code("network", "kind"),
        "network.settings-unused": _code("network"),
        "network.name": _code("network", f"{_HOST} look_ups", f"kind {_FOUND}"),
        "network.name-unanswered": _code("network", f"{_HOST} look_ups {_FOUND} unanswered"),
        "network.connect": _code("network", f"{_HOST} by_family", "kind ms ms_by_family"),
        "network.ipv6": _code("network", f"{_HOST} by_family ms ms_by_family"),
        "network.proxy-name": _code("network", f"{_PROXY} look_ups", f"kind {_FOUND}"),
        "network.proxy-name-unanswered": _code("network", f"{_PROXY} look_ups {_FOUND} unanswered"),
        "network.proxy-connect": _code("network", _PROXY, "by_family kind ms ms_by_family"),
        "network.proxy-ipv6": _code("network", f"{_PROXY} by_family ms ms_by_family"),
        "network.proxy": _code("network", _PROXY, "ms kind status offers"),
        "network.tls": _code(
            "network", _HOST, f"proxy_source kind faults version ms {_CERTIFICATE}"
        ),
        "answer.none": _code(_SENDING, "kind phase", _PLACE),
        "answer.server-error": _code(_SENDING, f"{_PLACE} code"),
        "answer.edge": _code(_SENDING, _FOREIGN, f"{_FOREIGN_TOO} regardless"),
        "answer.gateway": _code(_SENDING, _FOREIGN, f"{_FOREIGN_TOO} regardless"),
        "answer.portal": _code(_SENDING, f"{_FOREIGN} {_FOREIGN_TOO}"),
        "answer.proxy": _code(_SENDING, f"{_FOREIGN} {_FOREIGN_TOO}"),
        "answer.redirect": _code(_SENDING, f"{_FOREIGN} {_FOREIGN_TOO}"),
        "answer.malformed": _code(
            _SENDING, f"{_PLACE} code", "answered_by content_type location product server signs"
        ),
        "answer.not-api": _code(_SENDING, f"{_FOREIGN} {_FOREIGN_TOO}"),
        "answer.unexpected": _code(_SENDING, f"{_PLACE} code"),
        "answer.cached": _code("caching", "method exchange marks"),
        "rate.limited": _code(_SENDING, f"{_PLACE} by_api retry_at wait_s message"),
        "rate.spared": _code(_SENDING, "route"),
        "rate.fields": _code("rate-limits", "fields"),
        "authentication.accepted": _code("authentication", _KEY),
        "authentication.rejected": _code("authentication", _KEY),
        "authentication.refused-elsewhere": _code("authentication"),
        "authentication.cached": _code("authentication", f"{_KEY} marks"),
        "authentication.anyone": _code("authentication", _KEY),
        "controls.compared": _code("controls", "without wrong other_header"),
        "controls.bearer-only": _code("controls", "status code"),
        "controls.both-headers": _code("controls", "status code"),
        "controls.x-api-key-untold": _code("controls", "status code"),
        "scope.present": _code(_SCOPED, _SCOPE),
        "scope.missing": _code(_SCOPED, _SCOPE),
        "scope.unknown": _code(_SCOPED, "scope", "route code message request_id"),
        "probe.accepted": _code(_WRITING, "route status made"),
        "channels.listed": _code("channels", f"{_LIST} pages"),
        "channels.empty": _code("channels", f"{_LIST} pages"),
        "channels.target-listed": _code("channels", "channel name place"),
        "channels.target-absent": _code("channels", "channel channels"),
        "channels.target-lost": _code("channels", "channel channels when"),
        "channels.target-unknown": _code("channels", "channel"),
        "channels.later-page": _code("channels", "channel name place"),
        "channels.name-resolved": _code("channels", "given channels", "channel name candidates"),
        "events.listed": _code("events", _LIST),
        "events.no-duplicates": _code("events", _LIST),
        "events.none-alike": _code("events", _LIST),
        "events.partly-compared": _code("events", f"{_LIST} part"),
        "events.not-compared": _code("events", f"{_LIST} unplaced partial"),
        "events.duplicates": _code(
            "events",
            f"{_LIST} groups group_count event_count within_window beyond_window one_channel part",
        ),
        "events.within-window": _code("events", "partly subject"),
        "events.beyond-window": _code("events", "partly subject"),
        "event.found": _code("event", _EVENT),
        "event.read": _code("event", f"{_EVENT} document"),
        "event.not-found": _code(
            "event", "searched listed", "event status code request_id sought day part"
        ),
        "event.forbidden": _code("event", "event status code request_id searched listed"),
        "event.look-up-refused": _code("event", "event status code message request_id"),
        "event.unknown": _code(
            "event", "", "event status code request_id searched listed sought day part"
        ),
        "event.several": _code("event", "sought day searched part listed candidates fits"),
        "event.perhaps-others": _code("event", "part"),
        "event.published": _code("event", f"{_EVENT} field value"),
        "event.draft": _code("event", f"{_EVENT} field value"),
        "event.perhaps-draft": _code("event", f"{_EVENT} field value"),
        "event.not-published": _code("event", f"{_EVENT} field value"),
        "event.approved": _code("event", f"{_EVENT} field value known"),
        "event.moderation": _code("event", f"{_EVENT} field value known"),
        "event.review-unclear": _code("event", f"{_EVENT} field value known"),
        "event.may-hide": _code("event", f"{_EVENT} field value"),
        "event.channel": _code("event", _EVENT),
        "event.in-channel": _code("event", _EVENT),
        "event.other-channel": _code("event", f"{_EVENT} expected"),
        "event.channel-untold": _code("event", f"{_EVENT} expected"),
        "event.upcoming": _code("event", _EVENT),
        "event.past": _code("event", f"{_EVENT} ended ended_at"),
        "event.begun": _code("event", _EVENT),
        "event.end-unreadable": _code("event", f"{_EVENT} found"),
        "event.start-unreadable": _code("event", f"{_EVENT} found"),
        "event.as-expected": _code("event", f"{_EVENT} expected actual"),
        "event.shifted": _code("event", f"{_EVENT} expected actual minutes"),
        "event.start-not-compared": _code("event", f"{_EVENT} expected field"),
        "event.city": _code("event", f"{_EVENT} city"),
        "event.image": _code("event", _EVENT),
        "event.no-image": _code("event", _EVENT),
        "event.links": _code("event", f"{_EVENT} count"),
        "event.link-unusable": _code("event", f"{_EVENT} path found detail"),
        "event.links-work": _code("links", "count left answered"),
        "event.links-opened": _code(
            "links", "count left", "answered lead refused broken not-public unchecked"
        ),
        "event.link-broken": _code("links", "path found detail status"),
        "event.link-refused": _code("links", "path found detail status"),
        "event.image-broken": _code("links", "path found detail status"),
        "event.image-refused": _code("links", "path found detail status"),
        "payload.readable": _code("payload-form", "fields"),
        "payload.malformed": _code("payload-form payload-slugs", _FAULT),
        "payload.field-missing": _code("payload-form payload-slugs", _FAULT),
        "payload.classification-unknown": _code("payload-form payload-slugs", _FAULT),
        "payload.fits-lists": _code("payload-slugs"),
        "payload.not-sent": _code("payload"),
        "payload.accepted": _code("payload", _REFUSED),
        "payload.rejected": _code("payload", _REFUSED),
        "payload.undecided": _code("payload", _REFUSED),
        "classifications.listed": _code("classifications", "count complete"),
        "contract.read": _code("contract", "fields"),
        "contract.unread": _code("contract", "status"),
        "clock.skew": _code("clock", "seconds"),
        "list.limit-capped": _code("page-sizes", "route asked limit exchange"),
        "run.skipped": _code(" ".join(PROBE_IDS), "route", "probe reason"),
        "run.unconsented": _code(f"{_WRITING} links", "probe reason route"),
        "run.deadline": _code(" ".join(PROBE_IDS), "probe reason route"),
        "run.interrupted": _code(" ".join(PROBE_IDS), "probe reason route"),
        "run.crashed": _code(" ".join(PROBE_IDS), "probe type place"),
        "pasted.recognised": _code(INSPECT, "kind name judged count"),
        "pasted.unrecognised": _code(INSPECT, "kind name judged count"),
        "pasted.fault": _code(INSPECT, f"{_FAULT} alternatives", _PASTED_PLACE),
        "pasted.note": _code(INSPECT, "note", _PASTED_PLACE),
    }
)
"""The table, in the order in which a check meets them."""


def unknown_codes(codes: Iterable[str]) -> list[str]:
    """Return those of ``codes`` that no probe reports, sorted."""
    return sorted(set(codes) - CODES.keys())


def fault_of(code: str, probe: str, fields: Iterable[str]) -> str | None:
    """Return what is wrong with an observation by the table, or None.

    Args:
        code: Its code.
        probe: The probe that reports it.
        fields: The names of its particulars.
    """
    row = CODES.get(code)
    if row is None:
        return f"{code}: not in the table"
    given = frozenset(fields)
    if probe not in row.probes:
        return f"{code}: reported by {probe}"
    if missing := sorted(row.fields - given):
        return f"{code}: lacks {', '.join(missing)}"
    if unknown := sorted(given - row.fields - row.optional):
        return f"{code}: has {', '.join(unknown)}"
    return None
