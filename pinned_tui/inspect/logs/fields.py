"""Reads a record whose fields have names of their own: by what their values look like. Pure.

Every edge, load balancer and house names things its own way. What no list of names knows is told by
its value: an address of the API, a method, a status. Names count only to choose between several.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any

import msgspec

from pinned_tui.api_spec.routes import NAMESPACE
from pinned_tui.inspect.tables import load_table

Role = str
"""What a field holds, one of the names in ``data/log_fields.toml``."""

_RESPONSE_ROLES: dict[Role, Role] = {"headers": "response_headers", "body": "response"}
_AROUND = re.compile(
    r"(httprequest|httpresponse|http|request|response|req|resp|res|attributes)(?=.)"
)
_SIGNS = re.compile(r"[^a-z0-9]")
_MEASURED = frozenset({"bytes", "content", "size"})
"""What the Elastic Common Schema says of a body: ``content`` is the body itself."""

_MOST_FIELDS = 200
_MOST_NAMES = 5000
_MOST_TELLING = 40
_DEEPEST = 4

FieldRoles = dict[Role, Any]
"""What a record says, by role; the first one found holds."""


class _Roles(dict[str, "Role | None"]):
    """What each name of a field means; every name is looked at once."""

    def __init__(self, *, of_response: bool) -> None:
        super().__init__()
        self._of_response = of_response

    def __missing__(self, name: str) -> "Role | None":
        if len(self) > _MOST_NAMES:
            self.clear()
        role = self[name] = _role(name, of_response=self._of_response)
        return role


class Names:
    """What the names of the fields of a log mean."""

    def __init__(self) -> None:
        self._known = _Roles(of_response=False), _Roles(of_response=True)
        self._exchanges: dict[tuple[str, ...], bool] = {}

    def role(self, name: str, *, of_response: bool = False) -> "Role | None":
        """Return what a field of this name holds, or None."""
        return self._known[of_response][name]

    def roles(self, *, of_response: bool) -> Mapping[str, "Role | None"]:
        """Return what fields hold, by any name."""
        return self._known[of_response]

    def is_exchange(self, value: Mapping[str, Any]) -> bool:
        """Return whether an object describes a request or a response instead of being its body."""
        names = tuple(value)[:_MOST_TELLING]
        known = self._exchanges.get(names)
        if known is None:
            if len(self._exchanges) > _MOST_NAMES:
                self._exchanges.clear()
            roles = set(map(self._known[False].__getitem__, names))
            known = self._exchanges[names] = bool(roles & {"headers", "url"}) or (
                "status" in roles and bool(roles & {"body", "response"})
            )
        return known


@functools.cache
def _roles_by_name() -> Mapping[str, Role]:
    names_by_role = load_table("log_fields", dict[str, list[str]])
    return {name: role for role, names in names_by_role.items() for name in names}


def _role(name: str, *, of_response: bool) -> Role | None:
    roles = _roles_by_name()
    plain = _SIGNS.sub("", name.lower().replace("@", "at"))
    while plain:
        role = roles.get(plain)
        if role is not None:
            return _RESPONSE_ROLES.get(role, role) if of_response else role
        around = _AROUND.match(plain)
        if around is None:
            return None
        of_response = of_response or around[1].startswith(("res", "httpres"))
        plain = plain[around.end() :]
    return None


def fields_of(record: Mapping[str, Any], names: Names) -> FieldRoles:
    """Return what ``record`` says, with what its inner objects say.

    A field that is there without a value is kept as None: it tells that the logger looked.
    """
    found: FieldRoles = {}
    _collect(found, record, names, _DEEPEST, of_response=False)
    if found.get("headers") is not None and found.get("response_headers") is None:
        _sort_headers(found)
    return found


_OF_RESPONSES = frozenset(
    {"retry-after", "www-authenticate", "location", "allow", "server", "cf-ray", "x-request-id"}
)
_OF_REQUESTS = frozenset({"authorization", "x-api-key", "user-agent", "host", "accept"})


def _sort_headers(found: FieldRoles) -> None:
    """Sort headers that only a response has to the response, where a logger has one name for all.

    A record with one field ``headers`` may have written down those of the response.
    """
    names = {name.lower() for name, _ in header_pairs(found["headers"])}
    if not names & _OF_RESPONSES:
        return
    found["response_headers"] = found["headers"]
    if not names & _OF_REQUESTS:
        del found["headers"]


def _collect(
    found: FieldRoles, record: Mapping[str, Any], names: Names, depth: int, *, of_response: bool
) -> None:
    """Add what ``record`` says to ``found``, then what its inner objects say."""
    inner: list[tuple[dict[str, Any], bool]] = []
    known = names.roles(of_response=of_response)
    items = record.items()
    for name, value in items if len(record) <= _MOST_FIELDS else islice(items, _MOST_FIELDS):
        role = known[name]
        if isinstance(value, dict) and role is not None:
            role, value, opens = _of_object(role, value, names)
            if opens is not None:
                inner.append((opens, of_response or known[name] == "response_inside"))
        elif role == "status" and isinstance(value, str) and not value[:3].strip().isdigit():
            role = "code"
        if role is not None and found.get(role) is None:
            found[role] = value
    if depth > 0:
        for value, in_response in inner:
            _collect(found, value, names, depth - 1, of_response=in_response)


def _of_object(
    role: Role, value: dict[str, Any], names: Names
) -> tuple[Role | None, Any, dict[str, Any] | None]:
    """Return the role of a field that holds an object, its value, and the object to look into."""
    if role == "body" and _is_response(value):
        role = "response"
    if role in {"body", "response"} and value.keys() <= _MEASURED:
        content = value.get("content")
        if not isinstance(content, dict):
            return role, content, None
        value = content
    exchange = names.is_exchange(value)
    inside = role in {"inside", "response_inside", "error", "message", "status"}
    opens = value if inside or (role in {"body", "response"} and exchange) else None
    if role == "response_inside" and not exchange:
        if {names.role(one) for one in value} <= {"status", "took", "took_ms"}:
            return None, value, opens  # there is nothing of a body in it
        role = "response"
    return role, value, opens


def _is_response(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Return whether a body is a response, logged under a name such as ``data``, not a payload."""
    return isinstance(value, dict) and (
        isinstance(value.get("error"), dict)
        or isinstance(value.get("doc"), dict)
        or isinstance(value.get("docs"), list)
    )


def decoded(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a body as a JSON value: bodies are logged as objects, or as text that holds one."""
    if isinstance(value, bytes | str):
        text = value.strip()
        if not text or text[:1] not in {"{", "["}:
            return None
        try:
            return msgspec.json.decode(text)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict | list) else None


def header_pairs(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON value
    """Return the headers in any of the forms in which they are logged.

    These are an object, a list of pairs, a list of objects with name and value, or the flat list
    that Node.js calls raw headers.
    """
    if isinstance(value, dict):
        for name, one in list(value.items())[:_MOST_FIELDS]:
            yield str(name), _header_text(one)
    elif isinstance(value, list):
        entries = value[:_MOST_FIELDS]
        if entries and all(isinstance(one, str) for one in entries):
            yield from _flat(entries)
            return
        for one in entries:
            if isinstance(one, dict) and isinstance(one.get("name"), str):
                yield one["name"], _header_text(one.get("value"))
            elif isinstance(one, list) and len(one) == 2 and isinstance(one[0], str):
                yield one[0], _header_text(one[1])


def _flat(entries: list[str]) -> Iterator[tuple[str, str]]:
    if all(": " in one for one in entries):
        for one in entries:
            name, _, value = one.partition(": ")
            yield name, value
    elif len(entries) % 2 == 0:
        yield from zip(entries[::2], entries[1::2], strict=True)


def _header_text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return ", ".join(str(one)[:4096] for one in value[:8] if isinstance(one, str | int | float))
    return value if isinstance(value, str) else str(value)[:400] if value is not None else ""


_EXACT = "idempotency-key"
_NEAR = re.compile(
    r"(?:http[_-])?(?:x[-_])?(?:pinned[-_])?idem(?:po(?:tent?|tency|tancy|tence)?)?"
    r"[-_]?(?:key|token|id)?",
    re.IGNORECASE,
)


def is_key_header(name: str) -> bool:
    """Return whether this is the header that the API documents; case does not count (RFC 9110)."""
    return name.lower() == _EXACT


def is_misspelled_key_header(name: str) -> bool:
    """Return whether a header was probably meant to be ``Idempotency-Key``.

    With underscores counts too: servers commonly drop such names (nginx: underscores_in_headers).
    """
    return (
        not is_key_header(name)
        and "idem" in name[:24].lower()
        and _NEAR.fullmatch(name) is not None
    )


_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_STATUS = re.compile(r"\s*([1-5]\d\d)(?:\.0)?(?:\s+[A-Z][A-Za-z -]{1,40})?\s*")
_WORD = re.compile(r"status|code|result|outcome|http|response|answer", re.IGNORECASE)
_SURE = re.compile(r"status", re.IGNORECASE)
_NO_STATUS = re.compile(
    r"size|bytes|length|port|time|stamp|duration|elapsed|took|latency|count|total|page|limit|number"
    r"|\bms\b|(?:Ms|Id|ID|_id|_ms)\Z|zip|channel|retry|wait|body|payload",
)
_BEHIND = re.compile(r"origin|upstream|target|backend", re.IGNORECASE)
_PHRASES = {status.phrase.lower().replace("-", " "): status.value for status in HTTPStatus}
_DEEPEST_WEIGHED = 3
_MOST = 200


def weigh(record: Mapping[str, Any], fields: FieldRoles) -> None:
    """Add address, method and status to ``fields`` where no name in ``record`` tells them."""
    named = list(_named(record, _DEEPEST_WEIGHED))[:_MOST]
    if not isinstance(fields.get("url"), str | dict):
        address = next((value for _, value in named if _is_address(value)), None)
        if address is not None:
            fields["url"] = address
    if fields.get("method") is None:
        fields["method"] = next(
            (value for _, value in named if isinstance(value, str) and value in _METHODS), None
        )
    if fields.get("status") in (None, 0, "") and fields.get("url") is not None:
        statuses = [(_weight(name), status) for name, value in named
                    if (status := _status(name, value)) is not None]  # fmt: skip
        if statuses:
            fields["status"] = max(statuses, key=lambda one: one[0])[1]


def _named(record: Mapping[str, Any], depth: int) -> Iterator[tuple[str, Any]]:
    for name, value in list(record.items())[:_MOST]:
        if isinstance(value, Mapping) and depth > 0:
            yield from _named(value, depth - 1)
        else:
            yield str(name), value


def _is_address(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    if not isinstance(value, str) or len(value) > 4000 or " " in value.strip():
        return False
    return NAMESPACE in value or "//pinned.events" in value


def _status(name: str, value: Any) -> int | None:  # noqa: ANN401 - any JSON value
    """Return a value that is a status by its looks and not something else by its name."""
    if isinstance(value, bool) or _NO_STATUS.search(name):
        return None
    if isinstance(value, str) and _WORD.search(name) and (spoken := status_in_words(value)):
        return spoken
    match = _STATUS.fullmatch(str(value)) if isinstance(value, int | float | str) else None
    worded = isinstance(value, str) and len(value.split()) > 1
    if match is None or not (worded or _WORD.search(name) or len(name) <= 2):
        return None
    return int(match[1])


def status_in_words(text: str) -> int | None:
    """Return the status that a reason phrase stands for, such as ``Too Many Requests``."""
    return _PHRASES.get(re.sub(r"[\s_-]+", " ", text.strip().lower()))


def _weight(name: str) -> tuple[bool, bool, bool]:
    """Return how well a name fits a status that the client got: what an edge answered counts."""
    return _SURE.search(name) is not None, _BEHIND.search(name) is None, "code" in name.lower()
