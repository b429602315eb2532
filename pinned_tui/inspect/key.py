"""Finds what is wrong with a key before it is sent: what can be seen from the value alone.

The format of a key is not documented, so nothing is judged by a prefix, a length or an alphabet.
Only what can't be part of a key in an HTTP header, or is plainly something else, counts.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.unwrap import Unwrapped, is_invisible, named, outline, unwrap
from pinned_tui.redaction.public_values import is_public
from pinned_tui.redaction.secret_strength import is_placeholder, is_wordy, weigh
from pinned_tui.session import Certainty


@dataclass(frozen=True, slots=True)
class KeyFault:
    """Something that is wrong with a key.

    Attributes:
        cause: An id of the catalogue.
        detail: What was seen, in one sentence.
        found: The build of the value; nothing of the key can be told from it.
    """

    cause: str
    certainty: Certainty
    detail: str
    found: str


_Fault = tuple[str, Certainty, str]
"""Cause, certainty and detail."""

_ORDER = (
    "key-missing",
    "key-placeholder",
    "key-masked",
    "key-includes-name",
    "key-includes-scheme",
    "key-quoted",
    "key-whitespace",
    "key-invisible-characters",
    "key-non-ascii",
    "key-wrong-kind",
    "key-encoded",
)
"""The causes, the most fundamental first: what one of them explains, a later one need not."""

_TEXTS = ("key-placeholder", "key-wrong-kind")
"""What may have white space inside without having been broken."""

_HEADER_VALUE = re.compile("[!-~]+")
_MASK = re.compile(r"[•●∙▪■█\uff0a…]|\*{3,}|\.{3,}")
_TEMPLATE = re.compile(r"[<>{}\[\]$%]|__")
_SURE_TEMPLATE = re.compile(
    r"[$#]\{[^{}]*\}|\{\{[^{}]*\}\}|\$\([^()]*\)|<[^<>]* [^<>]*>|\[key-[0-9]+\]"
    r"|[$%<{][A-Z][A-Z0-9_]*[%>}]?"
)
_STAND_IN_WORD = re.compile(
    r"your|change|replace|insert|enter|paste|example|placeholder|dummy|sample|fake|todo|here"
    r"|undefined|unset|null|none|nil|x{3}|\A(?:process|import\.meta|os)\.|\A(?:(?:pinned[-_]?events[-_]?)?api[-_]?)?key\Z",
    re.IGNORECASE,
)
_LINE_BREAK = re.compile("[\n\r\v\f\x85\u2028\u2029]")
_MISREAD_BYTE_ORDER_MARKS = ("ï»¿", "þÿ", "ÿþ")

_KINDS = {
    "jwt": r"eyJ[\w-]+\.[\w-]+\.[\w-]*",
    "uuid": r"(?:urn:uuid:|\{)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?",
    "address": r"[a-z][a-z0-9+.-]*://\S+",
    "e-mail": r"[^@\s/]+@[^@\s/]+\.[a-z]{2,}",
    "pem": r"-----BEGIN .*",
    "json": r"[{\[].*[}\]]",
    "path": r"(?:/(?:etc|home|mnt|opt|root|run|secrets|srv|tmp|usr|var|users)/|\.{1,2}/|~/"
    r"|[a-z]:\\)\S+",
}
"""What is plainly something else than a key, by the variant of the sentence about it."""

_KIND_PATTERNS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for kind, pattern in _KINDS.items()
)

_URL_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_ENTITY = re.compile("&(?:amp|lt|gt|quot|#[0-9]+|#x[0-9a-f]+);", re.IGNORECASE)
_WRITTEN_ESCAPE = re.compile(r"\\(?:[nrt]\Z|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})")
_BASE64 = re.compile("[A-Za-z0-9+/_-]{10,}={0,2}")
_ASSIGNMENT = re.compile(r"[A-Za-z_][\w .-]*[:=]\s*\S{3,}")
_PHRASE = re.compile("[A-Za-z]{2,} [A-Za-z]{2,}")
_SHORTEST_DECODED = 8


def header_safe(value: str) -> bool:
    """Return whether ``value`` can be sent as one word in a header: visible ASCII (RFC 9110)."""
    return _HEADER_VALUE.fullmatch(value) is not None


def inspect_key(value: str | None) -> tuple[KeyFault, ...]:
    """Return what is wrong with ``value``, the most fundamental first; nothing if it may be a key.

    Args:
        value: The key as it was read, nothing trimmed; None if there is no value at all.
    """
    if not value:
        detail = say("key.key-missing.no-value" if value is None else "key.key-missing.empty")
        return (KeyFault("key-missing", Certainty.CONFIRMED, detail, "nothing"),)
    found = outline(value)
    faults = sorted(_faults(value), key=lambda fault: _ORDER.index(fault[0]))
    return tuple(KeyFault(*fault, found) for fault in faults)


def _faults(value: str) -> Iterator[_Fault]:
    unwrapped = unwrap(value)
    core = unwrapped.core
    if not core and not unwrapped.layers:
        detail = say("key.key-missing.blank", characters=named(value))
        yield "key-missing", Certainty.CONFIRMED, detail
        return
    outermost = {layer.cause: layer for layer in reversed(unwrapped.layers)}
    for layer in outermost.values():
        yield layer.cause, layer.certainty, layer.detail
    if core:
        judged = list(_judged(core))
        yield from judged
        yield from _blanks(unwrapped, at_home=any(cause in _TEXTS for cause, _, _ in judged))
    else:
        yield "key-missing", Certainty.CONFIRMED, say("key.key-missing.wrapping-only")
    yield from _invisible(value)
    yield from _beyond_ascii(value)


def _judged(core: str) -> Iterator[_Fault]:
    """Find what the value is instead of a key; what is found first explains the rest."""
    placeholder = is_placeholder(core)
    if placeholder and _TEMPLATE.search(core):
        detail = say("key.key-placeholder.template")
        sure = is_wordy(core) or _SURE_TEMPLATE.search(core) is not None
        yield "key-placeholder", Certainty.CONFIRMED if sure else Certainty.LIKELY, detail
    elif _MASK.search(core):
        yield "key-masked", Certainty.CONFIRMED, say("key.key-masked.seen")
    elif kind := _kind(core):
        yield "key-wrong-kind", Certainty.LIKELY, say(f"key.key-wrong-kind.{kind}")
    elif placeholder:
        sure = _STAND_IN_WORD.search(core) is not None
        detail = say("key.key-placeholder.words")
        yield "key-placeholder", Certainty.CONFIRMED if sure else Certainty.LIKELY, detail
    elif is_public(core):
        yield "key-wrong-kind", Certainty.LIKELY, say("key.key-wrong-kind.public")
    elif encoding := _encoding(core):
        yield "key-encoded", Certainty.POSSIBLE, say(f"key.key-encoded.{encoding}")


def _kind(core: str) -> str | None:
    return next((kind for kind, pattern in _KIND_PATTERNS if pattern.fullmatch(core)), None)


def _encoding(core: str) -> str | None:
    """Return how ``core`` is encoded, if it decodes to something that was written to be read.

    Random keys look like base64 and are not: they decode to octets that no text has.
    """
    if _URL_ESCAPE.search(core) and unquote(core).isprintable():
        return "url"
    if _ENTITY.search(core):
        return "html"
    if _WRITTEN_ESCAPE.search(core):
        return "code"
    return "base64" if _is_base64_of_text(core) else None


def _is_base64_of_text(core: str) -> bool:
    if not _BASE64.fullmatch(core):
        return False
    digits = core.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        text = base64.b64decode(digits + "=" * (-len(digits) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return False
    body = text.strip()
    if len(body) < _SHORTEST_DECODED or not body.isprintable():
        return False
    has_words = len(weigh(body).told) < sum(map(str.isalnum, body))
    structured = _ASSIGNMENT.fullmatch(body) or _PHRASE.search(body) or body[0] in "{["
    return bool(has_words or structured or text.endswith("\n"))


def _blanks(unwrapped: Unwrapped, *, at_home: bool) -> Iterator[_Fault]:
    """Find white space; that inside is passed over where it is ``at_home``."""
    seen: list[str] = []
    certainty = Certainty.CONFIRMED
    if unwrapped.leading:
        seen.append(say("key.key-whitespace.begins", characters=named(unwrapped.leading)))
    if unwrapped.trailing:
        seen.append(say("key.key-whitespace.ends", characters=named(unwrapped.trailing)))
    inner = "".join(filter(str.isspace, unwrapped.core))
    if inner and not at_home:
        if not seen and not _LINE_BREAK.search(inner):
            certainty = Certainty.LIKELY
        places = [i for i, character in enumerate(unwrapped.core) if character.isspace()]
        placed = _placed(unwrapped.core, places)
        seen.append(say("key.key-whitespace.inside", characters=placed))
    if seen:
        yield "key-whitespace", certainty, say("key.key-whitespace.seen", places=" and ".join(seen))


def _placed(text: str, places: list[int]) -> str:
    """Name the characters at ``places`` and say where the first of them is."""
    return say(
        "key.place.several" if len(places) > 1 else "key.place.one",
        characters=named("".join(text[place] for place in places)),
        place=places[0] + 1,
        length=len(text),
    )


def _invisible(value: str) -> Iterator[_Fault]:
    hidden = [index for index, character in enumerate(value) if is_invisible(character)]
    if hidden:
        detail = say("key.key-invisible-characters.seen", characters=_placed(value, hidden))
        yield "key-invisible-characters", Certainty.CONFIRMED, detail
    elif value.startswith(_MISREAD_BYTE_ORDER_MARKS):
        detail = say("key.key-invisible-characters.byte-order-mark")
        yield "key-invisible-characters", Certainty.CONFIRMED, detail


def _beyond_ascii(value: str) -> Iterator[_Fault]:
    for mark in _MISREAD_BYTE_ORDER_MARKS:
        value = value.removeprefix(mark)
    foreign = [index for index, character in enumerate(value) if _is_foreign(character)]
    if foreign:
        detail = say("key.key-non-ascii.seen", characters=_placed(value, foreign))
        yield "key-non-ascii", Certainty.CONFIRMED, detail


def _is_foreign(character: str) -> bool:
    reported_elsewhere = character.isspace() or is_invisible(character) or _MASK.match(character)
    return not (character.isascii() or reported_elsewhere)
