"""Finds errors in which no response came at all: names, connections, certificates, proxies. Pure.

Every runtime words these its own way, and each words them the same everywhere: an error code of
Node, the text of an exception in Python or Java, a line of curl. What is read here is which layer
failed; the live checks look at the same layers with sockets of their own.
"""

import functools
import re
from collections.abc import Iterator

from pinned_tui.inspect.literals import may_match
from pinned_tui.inspect.log_record import line_at, record_at
from pinned_tui.inspect.model import Fault, Span
from pinned_tui.inspect.request.target import API_HOST
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.tables import load_table
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

_LOOKED_AT = 256 * 1024


@functools.cache
def _forms() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what to look for, cause by cause, in the order in which one explains the next."""
    words = load_table("network_errors", dict[str, list[str]])
    return tuple((cause, tuple(forms)) for cause, forms in words.items())


@functools.lru_cache(maxsize=200)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(forms), re.IGNORECASE)


def _patterns(text: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield what may be in ``text``."""
    small = text.lower()
    for cause, forms in _forms():
        likely = tuple(form for form in forms if may_match(form, small))
        if likely:
            yield cause, _pattern(likely)


_NAMED = re.compile(
    r"(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|lookup|resolve host:?|resolve|"
    r"UnknownHostException:|host=|hostname:|No such host is known\.)[ \t]*[(\"']?"
    r"((?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z0-9]{1,63}|localhost)(?P<port>:\d{1,5})?",
)
_ABOUT_API = re.compile(r"pinned\.events|/api/public/v1|pinned[_-]?events", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://(?!127\.|localhost|\[::1\])[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_NOT_OTHER = re.compile(r"pin|localhost|proxy|\d\Z", re.IGNORECASE)
_ORIGIN = re.compile(r"\borigin[ \t]+[\"']?https?://\S+", re.IGNORECASE)
_CODE = re.compile(
    r"^[ \t]*(?:#|//|rem[ \t]|\*[ \t]*@)|\b(?:elif|echo|printf|grep|assert|expect"
    r"|catch|except|rescue|instanceof|includes|retryOn|retry_on)\b|\bif[ \t]*[\[(]|[=!]==?[ \t]*"
    r"[\"']|\|\|",
)


def is_about_api(text: str) -> bool:
    """Return whether ``text`` names the API, so that an error in it is about a request to it."""
    return _ABOUT_API.search(text[:_LOOKED_AT]) is not None


def network_fault(text: str, start: int = 0, end: int | None = None) -> Fault | None:
    """Return what kept a request from a response, as an error in ``text`` tells; None without one.

    Code and comments that only speak of such errors are passed over.

    Args:
        text: The input.
        start: Where the part begins that is looked at.
        end: Where it ends.
    """
    stop = min(len(text) if end is None else end, start + _LOOKED_AT)
    for cause, pattern in _patterns(text[start:stop]):
        for match in pattern.finditer(text, start, stop):
            line, at = _line(text, match.start())
            record = record_at(text, match.start())
            around = text[max(record.start, start) : min(record.end, stop)]
            others = _is_about_others(line) or _is_about_others(around)
            others = others or (not _is_proxy(cause) and _names_other(line))
            if _CODE.search(line) is None and not others:
                return _fault(cause, line, Span(at, at + max(len(line), 1)), text[start:stop])
    return None


def _is_about_others(line: str) -> bool:
    """Return whether the addresses in a line are all of other hosts than the API's."""
    called = _ORIGIN.sub("", line)
    return _ADDRESS.search(called) is not None and _ABOUT_API.search(called) is None


def _is_proxy(cause: str) -> bool:
    """Return whether a cause is about a proxy, whose host is none of the API's."""
    return cause.startswith("net-proxy-")


def _names_other(line: str) -> bool:
    """Return whether the host that could not be reached is surely none of the API's."""
    named = _NAMED.search(line)
    return named is not None and _NOT_OTHER.search(named[1]) is None


def browser_fault(text: str) -> Fault | None:
    """Return what a browser says that kept a page from calling the API; None without it."""
    found = network_fault(text) if is_about_api(text) else None
    return found if found is not None and found.cause == "client-in-browser" else None


def has_network_error(text: str) -> bool:
    """Return whether ``text`` tells of a request to the API that got no response."""
    return is_about_api(text) and network_fault(text) is not None


def _line(text: str, place: int) -> tuple[str, int]:
    """Return the line around a place, without the blanks at its ends, and where it begins."""
    line = line_at(text, place)
    whole = text[line.start : line.end]
    return whole.strip()[:4000], line.start + len(whole) - len(whole.lstrip())


def _fault(cause: str, line: str, span: Span, around: str) -> Fault:
    named = _NAMED.search(line) or _NAMED.search(around)
    host = clean_line(named[1] + (named["port"] or ""), 120) if named is not None else API_HOST
    return Fault(
        cause,
        Certainty.LIKELY,
        say(f"network.{cause}.seen", host=host),
        span=span,
        values={"host": host},
    )
