"""Finds the errors of the API in any text: prose, dumps of clients, logs, other JSON. Pure.

Looked for are the API's error object, whole, escaped, cut short or as a client prints it, and a
status beside an address of the API or beside the words of an HTTP client. What is found becomes a
response with the request that it answers, to be judged as a pasted one is.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pinned_tui.api_spec.error_causes import status_of_code
from pinned_tui.api_spec.rate_limit import WRITTEN_DATE
from pinned_tui.inspect.http_message import Header, HttpRequest, HttpResponse
from pinned_tui.inspect.log_record import line_at, record_at
from pinned_tui.inspect.model import Span

_STATUS_OF_CODE = status_of_code()
CUES = (*_STATUS_OF_CODE, "API key is invalid", "pinned.events", "/api/public/v1", "public\\/v1")
"""Without any of them in it, a line says nothing about the API."""

_WHOLE = 64 * 1024
_LINES_AROUND = 3
_LONGEST_WINDOW = 6000
_MOST_WINDOWS = 200
_MOST_ERRORS = 50
_LONGEST_OBJECT = 4000
_NEAR = 1500

_QUOTE = r"(?:\\{0,8}[\"']|&quot;|&#39;|`)"
_GAP = r"(?:\s|\\{1,8}[nrt]|&nbsp;){0,40}"
_OBJECT = re.compile(rf"\berror{_QUOTE}?{_GAP}(?::|=>?){_GAP}(?:Object{_GAP})?\{{", re.IGNORECASE)
_CODES = "|".join(_STATUS_OF_CODE)
_CODE = re.compile(
    rf"\b(?:code|error|errorCode){_QUOTE}?{_GAP}(?::|=>?|>){_GAP}{_QUOTE}?({_CODES})\b",
    re.IGNORECASE,
)
_WORDS_OF_OTHERS = {"invalid_request", "forbidden", "not_found", "conflict", "internal_error"}
_OWN_CODE = re.compile(rf"\b({'|'.join(sorted(_STATUS_OF_CODE.keys() - _WORDS_OF_OTHERS))})\b")
_MESSAGE = re.compile(r"API key is invalid, revoked, disabled, or expired")
"""The one message of an error that the vendor's pages show, that of ``invalid_api_key``."""

_NAMES = ("code", "message", "requestId", "field", "issue")
_FIELD = {
    name: re.compile(
        rf"\b{name}{_QUOTE}?{_GAP}(?::|=>?){_GAP}(?P<quote>{_QUOTE})(?P<value>.{{0,500}}?)"
        r"(?:(?P=quote)|\Z)",
        re.DOTALL,
    )
    for name in _NAMES
}
_METHODS = "GET|POST|PUT|PATCH|DELETE"
_ADDRESS = re.compile(
    r"(?P<url>https?:(?:\\{0,4}/){2}(?:www\.)?pinned\.events(?::\d{1,5})?[^\s\"'`<>\\),;|\]}]{0,500}"
    r"(?:\\{1,4}/[^\s\"'`<>\\),;|\]}]{1,200}){0,12}"
    r"|(?<![\w.-])(?:\\{0,4}/)api\\{0,4}/public\\{0,4}/v1[^\s\"'`<>),;|\]}]{0,500}"
    r"|(?<![\w.@/-])pinned\.events(?![\w-]|\.\w))"
)
_METHOD_BEFORE = re.compile(rf"\b({_METHODS})\b[\"'`]?[\s:=(,|]{{1,6}}[^\n]{{0,60}}\Z")
_METHOD_NAMED = re.compile(
    rf"(?:method{_QUOTE}?{_GAP}(?::|=>?){_GAP}{_QUOTE}?|-X{_GAP}|--request{_GAP}|\.|\b)({_METHODS})\b",
    re.IGNORECASE,
)
FOREIGN = re.compile(r"https?:(?:\\{0,4}/){2}([\w.-]{1,253})")
ANY_HOST = re.compile(
    r"pinned\.events|developer\.mozilla\.org|httpstatuses?\.(?:com|io)|docs?\.[\w.-]+|nodejs\.org"
    r"|(?:[\w-]+\.)?github\.com|(?:www\.)?w3\.org|stackoverflow\.com|localhost|127\.0\.0\.1"
    r"|(?:www\.)?cloudflare\.com"
)
_STATUSES = (
    *range(400, 419), *range(421, 427), 428, 429, 431, 451, *range(500, 509), 510, 511,
    *range(520, 528), 530,
)  # fmt: skip
_NUMBER = "|".join(map(str, _STATUSES))
_REASONS = "|".join(
    sorted(
        {status.phrase.replace(" ", r"[\s_-]?") for status in HTTPStatus if status >= 400}
        | {r"Gateway[ ]Time-out", r"Service[ ]Temporarily[ ]Unavailable"}
    )
)
_SIGNS = re.compile(r"[\s_-]")
_STATUS_OF_REASON = {
    _SIGNS.sub("", status.phrase).lower(): status.value for status in HTTPStatus if status >= 400
}
_UNIT = (
    r"(?![\w%:/-]|\.\d|[ ]?(?:ms|s|sec|rows?|events?|items?|bytes|[kKMG]i?B|B|records?|entries"
    r"|jobs?|users?|times|lines?|requests?|pages?)\b)"
)
_STATUS = re.compile(
    rf"""\b(?:http[\s_-]?)?(?:status|code|statuscode|httpcode|resultcode|responsecode|response
            |returne?[ds]|responde?[ds]|answere?[ds]|error|g[eo]t(?:s|ting)?|received|gives?|says?
            |resulted\sin\sa|HTTP/\d(?:\.\d)?|HTTP)
          (?:[\s_-]?(?:status|code|error|with|was|is|of|wert|:)){{0,3}}
          [\s\"'`\\\]]{{0,4}}(?:=>|[:=(\[<-])?[\s\"'`(\[<\\]{{0,4}}(?:(?:Int|Str)\()?(?P<named>{_NUMBER}){_UNIT}
      | (?<![\w.:/\#-])(?P<worded>{_NUMBER})[\"'`)\]]?\s?[:,(\u2013-]?\s?[\"'`(]?
          (?:message=)?[\"'`]?(?:{_REASONS})\b
      | (?<![\w.:/\#-])(?P<classed>{_NUMBER})\s(?:Client|Server)\sError
      | (?:\A|[\s(\[])(?P<before>{_NUMBER})\]?(?:\s?-)?\s?[\"']?(?=\\{{0,4}}\{{)
      | (?:->|=>|\u2192|<-)\s?(?P<arrow>{_NUMBER})(?=[\s,;.)]|\Z)
      | (?:pinned\.events|\\{{0,4}}/v1)[^\s\"'`<>]{{0,300}}[\"'`]?
          (?::?[ \t]{{1,2}}|[ \t]?(?:->|=>|\u2192)[ \t]?)
          (?P<behind>{_NUMBER}){_UNIT}
      | (?<![\w.:/\#-])(?P<ahead>{_NUMBER})\s(?=https?:|<html|<!doctype)
      | \d[ ]?ms[ ]-[ ](?P<after>{_NUMBER}){_UNIT}
      | \bstatus[ _-]?code[ :=]{{1,3}}(?P<said>{_REASONS})\b
      | (?<=\n)[ \t>]*(?P<line>{_NUMBER})[ \t]*(?=\r?\n|\Z)
    """,
    re.VERBOSE | re.IGNORECASE,
)  # fmt: skip
_ALONE = re.compile(
    rf"\W{{0,4}}(?:HTTP(?:/\d(?:\.\d)?)?[ ]|status:?[ ])?({_NUMBER})[ :-]{{0,3}}"
    rf"(?:{_REASONS})?\W{{0,4}}",
    re.IGNORECASE,
)
_CLIENT = re.compile(
    r"AxiosError|Request failed with status code|Client Error:|Server Error:|HTTPError"
    r"|HTTPStatusError|Http(?:Client|Server)ErrorException|HttpRequestException|HttpErrorResponse"
    r"|GuzzleHttp|(?:Client|Server) error:|Client error '|Server error '|ClientResponseError"
    r"|reqwest::Error|HTTP status (?:client|server) error|RestClient::|Faraday::|OpenURI::"
    r"|Response status code does not indicate success|remote server returned an error"
    r"|returned HTTP response code|requested URL returned error|FetchError|<Response \["
    r"|UrlFetchApp|returned code \d|Unexpected code Response|Response\{protocol=|WebException"
    r"|HTTP Error \d|Response code \d{3} \(|bad response: \d|unexpected status|ky\.HTTPError"
    r"|SuperAgent|okhttp|Unirest|HttpResponseException|WebClientResponseException|urllib"
)
_TUNNEL = re.compile(
    r"tunnel(?: connection)? failed|HTTP code \d{3} from proxy|through proxy", re.IGNORECASE
)
"""What a proxy answers when it is asked for a connection is no response of the API."""

_EDGE = re.compile(
    r"cloudflare|cf-ray|ray id|error code: 1\d{3}|captcha|attention required|access denied"
    r"|<html|<!doctype html",
    re.IGNORECASE,
)
_RETRY = re.compile(
    rf"\bretry[-_ ]?after{_QUOTE}?{_GAP}(?::|=>?)?{_GAP}\[?{_GAP}{_QUOTE}?"
    rf"({WRITTEN_DATE}|\d{{1,7}}\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ReportedError:
    """An error response that a text tells of.

    Attributes:
        whole: Whether the API's error object stands there to its end, so that nothing is guessed.
    """

    response: HttpResponse
    request: HttpRequest | None
    whole: bool

    @property
    def span(self) -> Span:
        """Where it stands in the text."""
        return self.response.span or Span(0, 0)


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the API in a text.

    Attributes:
        method: The method, where it stands beside the address or can only be one.
        url: The address; None where only the host is named.
    """

    start: int
    end: int
    method: str | None
    url: str | None


def has_error(text: str) -> bool:
    """Return whether ``text`` tells of an error response of the API."""
    return next(_errors(text), None) is not None


def parts_of(text: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text in which something about the API may stand."""
    return _windows(text) if len(text) > _WHOLE else iter([(0, len(text))])


def errors_in(text: str) -> tuple[ReportedError, ...]:
    """Return the error responses that ``text`` tells of, each kind once, in their order."""
    found: dict[object, ReportedError] = {}
    for number, error in enumerate(_errors(text)):
        response, request = error.response, error.request
        asked = (request.method, request.url) if request else None
        found.setdefault((response.status, response.text, asked), error)
        if number >= _MOST_ERRORS:
            break
    return tuple(found.values())


def errors_in_lines(
    text: str, lines: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, ReportedError]]:
    """Return the errors in some lines of a text, each with where its line begins.

    Each line is read for itself: what stands beside it is about something else.
    """
    for start, end in lines:
        for error in _in_window(text, start, min(end, start + _LONGEST_WINDOW)):
            yield start, error


def _errors(text: str) -> Iterator[ReportedError]:
    if len(text) <= _WHOLE:
        alone = _ALONE.fullmatch(text.strip()) if len(text) < 80 else None
        if alone is not None:
            span = Span(0, len(text))
            yield ReportedError(HttpResponse(int(alone[1]), span=span), None, whole=False)
            return
        yield from _in_window(text, 0, len(text))
        return
    for start, end in _windows(text):
        yield from _in_window(text, start, end)


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Return the parts of a long text in which an error of the API may stand."""
    places: list[int] = []
    for cue in CUES:
        at = text.find(cue)
        while at >= 0 and len(places) < _MOST_WINDOWS * len(CUES):
            places.append(at)
            at = text.find(cue, at + _LONGEST_WINDOW // 4)
    done = 0
    for at in sorted(places)[:_MOST_WINDOWS]:
        if at < done:
            continue
        start, end = at, at
        for _ in range(_LINES_AROUND):
            start = max(text.rfind("\n", max(at - _LONGEST_WINDOW // 2, 0), max(start - 1, 0)), 0)
            following = text.find("\n", end + 1, at + _LONGEST_WINDOW // 2)
            end = following if following >= 0 else min(len(text), at + _LONGEST_WINDOW // 2)
        done = end
        yield max(start, at - _LONGEST_WINDOW // 2), end


def _in_window(text: str, start: int, end: int) -> Iterator[ReportedError]:
    """Return the errors in a part of a text."""
    window = text[start:end]
    addresses = list(addresses_of(window))
    if not addresses and _is_about_others(window):
        return
    taken: list[Span] = []
    for error in _objects(window, addresses):
        taken.append(error.span)
        yield _moved(error, start)
    yield from (_moved(one, start) for one in _bare(window, addresses, taken))


def _is_about_others(window: str) -> bool:
    """Return whether the addresses in a text are all of other services."""
    return any(ANY_HOST.fullmatch(match[1].lower()) is None for match in FOREIGN.finditer(window))


def addresses_of(window: str) -> Iterator[Address]:
    """Yield the addresses of the API in a part of a text."""
    for match in _ADDRESS.finditer(window):
        url = re.sub(r"\\{1,4}/", "/", match["url"]).rstrip(".:")
        before = window[max(match.start() - 80, 0) : match.start()]
        method = _METHOD_BEFORE.search(before)
        path = url.partition("?")[0]
        known = "/" in url
        guessed = "GET" if path.endswith(("/channels", "/classifications")) else None
        asked = (method[1] if method else None) or _named_method(window, match) or guessed
        yield Address(*match.span(), asked, url if known else None)


def _named_method(window: str, match: re.Match[str]) -> str | None:
    """Find the method where a client names it apart from the address, shortly before or behind."""
    behind = _METHOD_NAMED.search(window, match.end(), match.end() + 200)
    before = list(_METHOD_NAMED.finditer(window, max(match.start() - 200, 0), match.start()))
    nearest = before[-1] if before else behind
    return nearest[1].upper() if nearest is not None else None


def _objects(window: str, addresses: Sequence[Address]) -> Iterator[ReportedError]:
    """Return the API's error objects, then its codes where no object is around them."""
    taken: list[tuple[int, int]] = []
    for match in _OBJECT.finditer(window):
        if taken and match.start() < taken[-1][1]:
            continue
        error = _object(window, match, addresses)
        if error is not None:
            taken.append((match.start(), error.span.end))
            yield error
    for match in _codes(window, addresses):
        if not any(first <= match.start() < last for first, last in taken):
            code = "invalid_api_key" if match.re is _MESSAGE else match[1].lower()
            status = _status_near(window, match.start())
            fits = status == _STATUS_OF_CODE[code]
            taken.append(match.span())
            yield _stated(
                window, Span(*match.span()), {"code": code}, status if fits else None, addresses
            )


def _codes(window: str, addresses: Sequence[Address]) -> Iterator[re.Match[str]]:
    """Return the API's codes, as far as something beside each says that it is one."""
    yield from (match for match in _CODE.finditer(window) if match[1].islower() or "_" in match[1])
    for match in _OWN_CODE.finditer(window):
        status = str(_STATUS_OF_CODE[match[1]])
        if addresses or status in _line_at(window, match.start()) or _STATUS.search(window):
            yield match
    yield from _MESSAGE.finditer(window)


def _line_at(window: str, at: int) -> str:
    end = window.find("\n", at)
    return window[window.rfind("\n", 0, at) + 1 : len(window) if end < 0 else end]


def _object(
    window: str, match: re.Match[str], addresses: Sequence[Address]
) -> ReportedError | None:
    """Read one error object, as far as it goes."""
    limit = min(match.end() + _LONGEST_OBJECT, len(window))
    end, whole = _closing(window, match.end(), limit)
    part = window[match.end() : end]
    found = {}
    for name, pattern in _FIELD.items():
        value = pattern.search(part)
        if value is not None:
            found[name] = re.sub(r"\\{1,8}([\"'/])", r"\1", value["value"])
    code = found.get("code")
    if code is None or (code not in _STATUS_OF_CODE and "message" not in found):
        return None
    span = Span(match.start(), end)
    whole = whole and code in _STATUS_OF_CODE
    return _stated(window, span, found, _status_near(window, match.start()), addresses, whole=whole)


def _closing(window: str, start: int, limit: int) -> tuple[int, bool]:
    """Return where an object ends that has been opened, and whether it is closed there."""
    depth = 1
    for match in re.compile(r"[{}]").finditer(window, start, limit):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.end(), True
    return limit, False


def _status_near(window: str, at: int) -> int | None:
    """Return the status that stands nearest before a place, within the last lines."""
    first = max(at - 300, 0)
    found = list(_STATUS.finditer(window, first, min(at + 2, len(window))))
    return _number(found[-1]) if found else None


def _number(match: re.Match[str]) -> int:
    found = next(value for value in match.groups() if value is not None)
    return int(found) if found.isdigit() else _STATUS_OF_REASON[_SIGNS.sub("", found).lower()]


def _stated(
    window: str,
    span: Span,
    found: dict[str, str],
    status: int | None,
    addresses: Sequence[Address],
    *,
    whole: bool = False,
) -> ReportedError:
    details: dict[str, Any] = {name: found[name] for name in ("field", "issue") if name in found}
    error: dict[str, Any] = {"code": found["code"], "message": found.get("message", "")}
    if "requestId" in found:
        error["requestId"] = found["requestId"]
    if details:
        error["details"] = details
    response = HttpResponse(
        status, headers=_headers(window, span), text=json.dumps({"error": error}), span=span
    )
    return ReportedError(response, _request(addresses, span), whole)


def _headers(window: str, span: Span) -> tuple[Header, ...]:
    match = _RETRY.search(window, max(span.start - _NEAR, 0), min(span.end + _NEAR, len(window)))
    return (Header("retry-after", match[1]),) if match is not None else ()


def _request(addresses: Sequence[Address], span: Span) -> HttpRequest | None:
    """Return the request that stands nearest: rather before an error than behind it."""
    named = [one for one in addresses if one.url is not None]
    if not named:
        return None
    before = [one for one in named if one.start <= span.start]
    nearest = before[-1] if before else named[0]
    return HttpRequest(nearest.method, nearest.url, origin="log", open_ended=True)


def _bare(
    window: str, addresses: Sequence[Address], taken: Sequence[Span]
) -> Iterator[ReportedError]:
    """Return the statuses for which no error object stands there."""
    if not addresses and not _CLIENT.search(window):
        return
    reported = {_status_near(window, span.start) for span in taken}
    for match in _STATUS.finditer(window):
        span, status = Span(*match.span()), _number(match)
        if status in reported or any(one.start <= span.start < one.end for one in taken):
            continue
        if _TUNNEL.search(window, max(span.start - 40, 0), span.end):
            continue
        if taken and not _beside(window, span, addresses):
            continue
        if _is_of_another(window, span, addresses):
            continue
        marked = _EDGE.search(window, max(span.start - _NEAR, 0), span.end + _NEAR)
        text = "<html>" + window[marked.start() : marked.end() + 200] if marked is not None else ""
        response = HttpResponse(status, headers=_headers(window, span), text=text, span=span)
        yield ReportedError(response, _request(addresses, span), whole=False)


def _is_of_another(window: str, span: Span, addresses: Sequence[Address]) -> bool:
    """Return whether the addresses beside a status, in its line or its record, are all foreign."""
    for part in (line_at(window, span.start), record_at(window, span.start)):
        if any(part.start <= one.start < part.end for one in addresses):
            return False
        if _is_about_others(window[part.start : part.end]):
            return True
    return False


def _beside(window: str, span: Span, addresses: Sequence[Address]) -> bool:
    """Return whether an address stands in the same line as a status."""
    line = line_at(window, span.start)
    return any(line.start <= one.start < line.end for one in addresses)


def _moved(error: ReportedError, by: int) -> ReportedError:
    response = error.response
    moved = HttpResponse(
        response.status, headers=response.headers, text=response.text, span=error.span.shifted(by)
    )
    return ReportedError(moved, error.request, error.whole)
