"""Finds errors of HTTP clients about a header's value, before anything was sent. Pure.

Such an error tells that the key in the header has a character that no header may have (RFC 9110,
section 5.5). Where it prints the value, that is looked at; else it says only what it may be.
"""

import functools
import re
from collections.abc import Iterator

import msgspec

from pinned_tui.inspect.headers_in_text import unescaped
from pinned_tui.inspect.key import inspect_key
from pinned_tui.inspect.literals import may_match
from pinned_tui.inspect.model import Fault, Span
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.tables import load_table
from pinned_tui.inspect.unwrap import is_invisible, named
from pinned_tui.session import Certainty

_LOOKED_AT = 256 * 1024
_MOST = 50
_AROUND = 1500
_OF_KEY = frozenset({"authorization", "x-api-key"})
_CAUSES = ("key-whitespace", "key-invisible-characters", "key-non-ascii")
_SCHEME = re.compile(r"\s*(?:bearer|token|apikey)[ \t]+", re.IGNORECASE)
_HEADERS = re.compile(r"header|authorization|bearer|PINNED\w*(?:KEY|TOKEN)", re.IGNORECASE)
_CODE = re.compile(
    r"^[ \t]*(?:#|//|\*)|\b(?:raise|throw|expect|assert)\b|\bnew \w+(?:Error|Exception)\("
)


class _Error(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cause: str
    forms: tuple[str, ...]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    error: tuple[_Error, ...]


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (error.cause, re.compile(form, re.IGNORECASE | re.MULTILINE))
        for error in load_table("header_errors", _Table).error
        for form in error.forms
    )


def header_fault(text: str) -> Fault | None:
    """Return what an error about a header says of the key in it; None without one."""
    return next(_faults(text), None)


def _faults(text: str) -> Iterator[Fault]:
    small = text[:_LOOKED_AT].lower()
    for cause, pattern in _patterns():
        if not may_match(pattern.pattern, small):
            continue
        for match, _ in zip(pattern.finditer(text, 0, _LOOKED_AT), range(_MOST), strict=False):
            first = text.rfind("\n", 0, match.start()) + 1
            if _CODE.search(text[first : match.start()]) is None:
                fault = _judged(text, match, cause)
                if fault is not None:
                    yield fault


def _judged(text: str, match: re.Match[str], cause: str) -> Fault | None:
    """Judge one error by the value in it, else by the character that it names."""
    groups = match.groupdict()
    name = (groups.get("name") or "").lower()
    value = next((groups[g] for g in ("value", "plain", "text") if groups.get(g)), None)
    span = Span(match.start(), match.end())
    if name and name not in _OF_KEY:
        return None
    if value is not None and (name or _SCHEME.match(value)):
        return _of_value(unescaped(value), span) or _unseen(cause, span)
    if value is not None or not (name or _is_about_key(text, match)):
        return None
    sign = _sign(groups.get("sign"))
    return _of_sign(sign, span) if sign is not None else _unseen(cause, span)


def _is_about_key(text: str, match: re.Match[str]) -> bool:
    """Return whether the lines around an error that names no header speak of headers."""
    around = text[max(match.start() - _AROUND, 0) : match.end() + _AROUND]
    return _HEADERS.search(around) is not None


def _of_value(value: str, span: Span) -> Fault | None:
    scheme = _SCHEME.match(value)
    faults = inspect_key(value[scheme.end() :] if scheme is not None else value)
    found = {fault.cause: fault for fault in reversed(faults)}
    for cause in _CAUSES:
        if cause in found:
            fault = found[cause]
            return Fault(cause, Certainty.CONFIRMED, fault.detail, found=fault.found, span=span)
    foreign = next((sign for sign in value if not sign.isascii()), None)
    return _of_sign(foreign, span) if foreign is not None else None


def _of_sign(sign: str, span: Span) -> Fault:
    kind = "key-non-ascii"
    if sign.isspace() or sign < " ":
        kind = "key-whitespace"
    elif is_invisible(sign):
        kind = "key-invisible-characters"
    detail = say("prose.header-refused.character", characters=named(sign))
    return Fault(kind, Certainty.LIKELY, detail, span=span)


def _unseen(cause: str, span: Span) -> Fault:
    if cause == "key-missing":
        return Fault(cause, Certainty.LIKELY, say("prose.header-refused.missing"), span=span)
    others = tuple(say(f"prose.or.{one}") for one in _CAUSES if one != cause)
    non_ascii = cause == "key-non-ascii"
    detail = say("prose.header-refused.non-ascii" if non_ascii else "prose.header-refused.unseen")
    return Fault(cause, Certainty.LIKELY, detail, span=span, alternatives=others)


def _sign(written: str | None) -> str | None:
    if written is None:
        return None
    number = (
        int(written) if written.isdigit() else int(re.sub(r"\A(?:0x|\\[xuU])", "", written), 16)
    )
    return chr(number) if number < 0xD800 or 0xE000 <= number <= 0x10FFFF else None
