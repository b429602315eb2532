"""Finds the headers that carry the key in any text, whatever quotes and layout they stand in. Pure.

Programs show the headers of a request as objects, maps, lists of pairs or lines, each language in
its own notation. The build of its value tells a header from a word in a sentence or in code.
"""

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pinned_tui.inspect.http_message import Header, HttpRequest
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.request.key_header import is_redacted
from pinned_tui.redaction.secret_strength import is_like_key, is_secret_worthy

_MOST = 500
_NEAR = 4000
_LONGEST = 4096
_LONGEST_LINE = 400

_ESCAPED = r"\\{0,8}"
_NAME = re.compile(
    rf"""(?:(?<![\w-])|(?<=\\[nrt]))(?P<open>{_ESCAPED}["'`]|&quot;|\[["']?|:)?
    (?:[\w.]{{0,40}}\.header[s]?\.|HTTP_)?(?P<name>authorization|x[-_]api[-_]key
      |x-(?:authorization|apikey|auth-token|api-token|access-token))
    (?P<close>{_ESCAPED}["'`]|&quot;|["']?\])?(?![\w-])
    (?:(?<=["'`]),\s{{0,20}}{_ESCAPED}["']?value{_ESCAPED}["']?[ \t]{{0,4}}[:=]
      |[ \t]{{0,4}}(?P<sign>=>|:(?!:)|=(?!=)|(?<=["'`])[ \t]*,|(?<=["'`])[ ](?=["']))
      |(?P<line>[ \t]*\r?\n(?=\S)))""",
    re.IGNORECASE | re.VERBOSE,
)
_WRAPPED = re.compile(
    rf"""(?:\s{{1,60}}|Object\b|array\(\d{{1,2}}\)[ ]\{{|Array\b|\((?!\s*string)|\[0\][ ]?=>
      |string\(\d{{1,5}}\)|\[\]string\{{|\[|b(?=["'])
      |{_ESCAPED}["'](?:Authorization|x-api-key){_ESCAPED}["'],){{0,12}}""",
    re.IGNORECASE | re.VERBOSE,
)
"""What notations have between the name of a header and its value."""

_QUOTED = re.compile(
    rf"(?P<quote>{_ESCAPED}[\"'`]|&quot;)(?P<value>[^\r\n]{{0,{_LONGEST}}}?)(?P=quote)"
)
_REPR = re.compile(r"'(?P<value>(?:Bearer|Token|Basic|ApiKey)\b[^']*)'", re.IGNORECASE)
"""A string of Python as an error tracker keeps it, with its quotes."""

_PLAIN = re.compile(
    r"(?P<value>.{0,4096}?)[ \t]*(?=\\{1,4}[rn]|\[\\r\]|\[\\n\]|[\r\n]|&lt;|<br|\Z)", re.DOTALL
)
_ENDS_IN_MAP = re.compile(r",[ ]?[\w-]{2,40}[=:]|[\])},;&]|[\"']|\Z|[ ][\w-]{2,40}:\[")
_SCHEME = re.compile(
    r"(?:bearer|token|basic|api-?key|apikey|key|digest|jwt|oauth|secret|bearertoken|access-token)\b"
    r"[ \t]*:?",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"undefined|null|none|nil|nan|false|\[object Object\]|<nil>|\(null\)|\{\{?[^{}]{1,60}\}\}?"
    r"|\$\{[^{}]{1,60}\}|<[^<>]{1,60}>|%[A-Z_]{3,60}%|\$[A-Z_]{3,60}|your[\w .-]{2,40}"
    r"|[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|SECRET)",
    re.IGNORECASE,
)
"""What stands in place of a key where nothing was filled in."""

_SPOKEN = re.compile(r"[<{$%]|your|_(?:KEY|TOKEN|SECRET)\b", re.IGNORECASE)
"""What people write in a sentence where the key belongs, instead of the key that they send."""

_GOES_ON = re.compile(r"[ \t]*(?:\+|%(?!\w)|\.\s?[$\w(]|\.\.|&[ ]|\|\||\?\?)")
_FILLED = re.compile(r"#\{|%s|%\(|\$\{|<%|\{[^{}]*\(|\{\d?\}")
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[nrt])")
_HEADER_LINE = re.compile(
    r"(?:^|[\s\"'>|])(?P<name>[A-Za-z][A-Za-z0-9-]{1,40}):(?=[ \t\r\n]|\[|\Z)"
)
_NEIGHBOURS = frozenset(
    {
        *("accept", "accept-encoding", "accept-language", "authorization", "cache-control"),
        *("connection", "content-length", "content-type", "cookie", "host", "idempotency-key"),
        *("origin", "referer", "transfer-encoding", "user-agent", "x-api-key"),
    }
)


@dataclass(frozen=True, slots=True)
class FoundHeader:
    """A header with where it stands.

    Attributes:
        span: From its name to the end of its value.
    """

    header: Header
    span: Span


@dataclass(frozen=True, slots=True)
class AddressPlace:
    """An address in a text, of the API or of any other host.

    Attributes:
        url: None where it is another host's.
    """

    place: int
    method: str | None = None
    url: str | None = None


def unescaped(value: str) -> str:
    """Return a value with the escapes resolved that a program prints it with."""
    if "\\" not in value:
        return value
    try:
        text = _ESCAPE.sub(lambda one: one[0].encode().decode("unicode_escape"), value)
    except UnicodeDecodeError:  # a number that no character has
        return value
    try:  # octets are printed one by one
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def headers_in(text: str, start: int = 0, end: int | None = None) -> Iterator[FoundHeader]:
    """Yield the headers that carry a key, or should, in their order."""
    stop = len(text) if end is None else end
    at = start
    for _ in range(_MOST):
        match = _NAME.search(text, at, stop)
        if match is None:
            return
        found = _read(text, match, stop)
        at = found.span.end if found is not None else match.end("name")
        if found is not None:
            yield found


def requests_with(found: list[FoundHeader], addresses: list[AddressPlace]) -> Iterator[HttpRequest]:
    """Yield the requests that headers belong to, as far as they went to the API.

    Headers close to each other are of one request; the dump of a client may show each twice. The
    request went to the nearest address, where one is named before rather than behind.
    """
    groups: list[list[FoundHeader]] = []
    for one in found:
        last = groups[-1] if groups else []
        if last and one.span.start - last[-1].span.end < _NEAR and _may_join(one, last):
            last.append(one)
        else:
            groups.append([one])
    places = sorted(addresses, key=lambda each: each.place)
    starts = [each.place for each in places]
    seen: set[object] = set()
    for group in groups:
        address = _nearest(group[0].span.start, places, starts)
        if places and (address is None or address.url is None):
            continue
        headers = {(one.header.name.lower(), one.header.value): one.header for one in group}
        method, url = (address.method, address.url) if address is not None else (None, None)
        if (key := frozenset(headers)) not in seen:
            seen.add(key)
            span = Span(group[0].span.start, group[-1].span.end)
            yield HttpRequest(
                method, url, tuple(headers.values()), origin="log", span=span, open_ended=True
            )


def _may_join(one: FoundHeader, group: list[FoundHeader]) -> bool:
    """Return whether a header may be of the same request: new to it, or shown a second time."""
    same = [
        each.header.value for each in group if each.header.name.lower() == one.header.name.lower()
    ]
    return not same or one.header.value in same


def _nearest(place: int, places: list[AddressPlace], starts: list[int]) -> AddressPlace | None:
    at = bisect.bisect_right(starts, place)
    around = places[max(at - 1, 0) : at + 1]
    if not around:
        return None
    return min(around, key=lambda each: abs(each.place - place) * (2 if each.place > place else 1))


def _read(text: str, match: re.Match[str], stop: int) -> FoundHeader | None:
    """Read the value behind a name; None where it is no header's."""
    name = match["name"].replace("_", "-")
    wrapped = _WRAPPED.match(text, match.end(), stop)
    at = wrapped.end() if wrapped is not None else match.end()
    quoted = _QUOTED.match(text, at, stop)
    if match["line"] is not None:
        return _below(text, match, name)
    if quoted is not None and not _is_outer(text, match, quoted):
        return _quoted(text, match, quoted, name)
    return _plain(text, match, name, at, stop)


def _is_outer(text: str, match: re.Match[str], quoted: re.Match[str]) -> bool:
    """Return whether quotes are part of a value: those of a header line that is sent so."""
    if match["close"] or match["sign"] != ":" or len(quoted["quote"]) > 1:
        return False
    line_end = text.find("\n", quoted.end())
    behind = text[quoted.end() : len(text) if line_end < 0 else line_end].strip()
    return not behind and _among_headers(text, match.start(), unquoted=True)


def _quoted(
    text: str, match: re.Match[str], quoted: re.Match[str], name: str
) -> FoundHeader | None:
    inner = _REPR.fullmatch(quoted["value"])
    value = inner["value"] if inner is not None else quoted["value"]
    before = text[quoted.start() - 1 : quoted.start()]
    code = quoted["quote"].endswith("`") or before in {"f", "$", "@"} or _FILLED.search(value)
    if code or _GOES_ON.match(text, quoted.end()):
        return None
    double = quoted["quote"].endswith('"')
    if double and re.search(r"\$\w", value) and match["sign"] in {"=>", None}:
        return None  # PHP fills it in
    if not _is_value(value) and value.strip():
        return None
    start = quoted.start("value") + (inner.start("value") if inner is not None else 0)
    return _found(match, name, value, Span(start, start + len(value)))


def _plain(text: str, match: re.Match[str], name: str, at: int, stop: int) -> FoundHeader | None:
    """Read a value without quotes: to the end of its line, or of the map that it stands in."""
    between = text[match.end() : at]
    bracket = between.strip().endswith("[")
    start = at if between.strip() or "\n" not in between else match.end()
    found = _PLAIN.match(text, start, min(stop, start + _LONGEST))
    value = found["value"] if found is not None else ""
    opened = (match["open"] or "")[-1:]
    if opened in {'"', "'"} and not match["close"]:
        value = re.split(rf"\\?{opened}(?!\w)", value, maxsplit=1)[0]
    elif bracket:
        value = value.partition("]")[0]
    elif match["sign"] == "=" or (match["sign"] == ":" and not text[match.end() : start]):
        value = _cut(value)
    elif _opened(text, match.start()):
        value = re.split(r"[\"']?(?:,\s|\s*[)\]}]|\Z)|[\"']\s*\Z", value, maxsplit=1)[0]
    value = value.strip(" \t")
    if len(value) > 2 and value[-1] in "\"'" and value.count(value[-1]) == 1:
        value = value[:-1].rstrip()
    empty = not value or _SCHEME.fullmatch(value)
    if empty and not (bracket or match["sign"] == "=>" or _among_headers(text, match.start())):
        return None
    if not empty and not _is_value(value):
        return None
    shown = bracket or match["sign"] in {"=>", "="}
    if _SPOKEN.search(value) and not (shown or _among_headers(text, match.start())):
        return None
    first = text.find(value, start)
    return _found(match, name, value, Span(first, first + len(value)))


def _cut(value: str) -> str:
    """Cut a value of a map that has no quotes: the next name or a bracket ends it."""
    scheme = _SCHEME.match(value)
    first = scheme.end() if scheme is not None else 0
    end = _ENDS_IN_MAP.search(value, first)
    return value[: end.start()] if end is not None else value


def _opened(text: str, place: int) -> bool:
    """Return whether a quote or a bracket was opened before a place in its line."""
    line = text[max(text.rfind("\n", 0, place) + 1, place - _LONGEST_LINE) : place]
    return (
        any(line.count(sign) % 2 for sign in "\"'")
        or line.count("{") > line.count("}")
        or (line.count("[") > line.count("]"))
    )


def _below(text: str, match: re.Match[str], name: str) -> FoundHeader | None:
    """Read a value that stands in the line below its name, as a browser's panel copies them."""
    before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    if before.strip() or match["open"]:
        return None
    end = text.find("\n", match.end())
    value = text[match.end() : len(text) if end < 0 else end].rstrip("\r")
    if not _is_value(value.strip()):
        return None
    return _found(match, name, value.strip(), Span(match.end(), match.end() + len(value)))


def _is_value(value: str) -> bool:
    """Return whether text may be the value of a header that carries a key, not words about one."""
    scheme = _SCHEME.match(value)
    rest = (value[scheme.end() :] if scheme is not None else value).strip(" \t\"'")
    words = rest.split()
    if scheme is not None:
        stands_in = _NOTHING.fullmatch(rest) is not None or is_redacted(rest)
        return (
            not words
            or stands_in
            or _is_key(rest)
            or (len(words) == 1 and rest[-1:] not in {".", ",", ":"} and not rest.isalpha())
        )
    return (
        _NOTHING.fullmatch(rest) is not None
        or is_redacted(rest)
        or (len(words) == 1 and _is_key(rest))
        or (len(words) == 2 and _is_key(words[1]))
    )


def _is_key(word: str) -> bool:
    return is_like_key(word.strip("\"'<>{}[]")) or (is_secret_worthy(word) and " " not in word)


def _among_headers(text: str, place: int, *, unquoted: bool = False) -> bool:
    """Return whether another header stands in the line before or behind.

    Args:
        text: The text.
        place: A place in the line.
        unquoted: Whether its value must have no quotes around it.
    """
    first = text.rfind("\n", 0, place) + 1
    last = text.find("\n", place)
    last = len(text) if last < 0 else last
    before = text[text.rfind("\n", 0, max(first - 1, 0)) + 1 : max(first - 1, 0)]
    behind = text[last + 1 : last + 1 + _LONGEST_LINE].partition("\n")[0]
    inline = re.search(r"\\r\\n|\[\\r\]", text[place : min(last, place + _LONGEST_LINE)])
    for line in (before[-_LONGEST_LINE:], behind):
        named = [m for m in _HEADER_LINE.finditer(line) if m["name"].lower() in _NEIGHBOURS]
        if named and not (unquoted and line[named[-1].end() :].lstrip()[:1] in {'"', "'"}):
            return True
    return inline is not None


def _found(match: re.Match[str], name: str, value: str, span: Span) -> FoundHeader:
    whole = Span(match.start("name"), max(span.end, match.end("name")))
    shown = unescaped(re.sub(r"\\{1,8}([\"'])", r"\1", value))
    return FoundHeader(Header(name, shown, whole, replace(span)), whole)
