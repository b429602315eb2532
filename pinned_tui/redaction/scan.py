"""The one place that decides what is secret in a text that no one has told us the secrets of.

It looks by spelling (schemes and names of fields, :mod:`pinned_tui.redaction.credentials`), by
place (:mod:`pinned_tui.redaction.named_values`) and by what a text looks like
(:mod:`pinned_tui.redaction.tokens`), in the text as it is and behind escapes, and puts together
what a mail program has broken over two lines. What is found once is handed on as a secret, so that
it is found by its value wherever else it stands, in whatever encoding.
"""

import base64
import re
from collections.abc import Iterator
from functools import lru_cache

from pinned_tui.redaction.credentials import bot_spans, credential_spans
from pinned_tui.redaction.decoded_views import views
from pinned_tui.redaction.named_values import may_be_value, place_spans, says_secret
from pinned_tui.redaction.passwords import password_spans
from pinned_tui.redaction.secret_strength import has_key_prefix, is_like_key, is_placeholder
from pinned_tui.redaction.settings import settled_spans
from pinned_tui.redaction.split_keys import in_pieces
from pinned_tui.redaction.tokens import is_key_token, is_named_id, is_odd, token_spans

__all__ = ["hidden_spans", "is_secret_value", "says_secret", "secret_values"]

_READ = 256 * 1024
"""Characters of an input in which secrets are looked for; what is shown of more is redacted."""

_SHORTEST = 8
_SHORTEST_TEXT = 6
_SHORT_TEXT = 120
_ESCAPES, _QUOTED_PRINTABLE = "behind escapes", "in quoted-printable"
"""Readings in which the neighbours of a text are the same as before."""

_IS_QUOTED_PRINTABLE = re.compile(
    r"=\r?\n(?![A-Za-z_][\w.]{0,80}=(?!3D|\r?\n|\Z))|(?:=[0-9A-F]{2}){3}"
)
"""What a mail has and a query (``hash=9b…``) or base64 in front of a further setting hasn't."""

_BROKEN = re.compile(
    r"(?<![A-Za-z0-9_~+/-])(?P<first>[A-Za-z0-9_~+/-]{6,})(?P<soft>=?)[ \t]*\r?\n"
    r"(?:[ \t]*[>|])*[ \t]*(?P<second>[A-Za-z0-9_~+/-]{4,}=*)"
)
_ASSIGNED = re.compile(r"(?<==)(?!3D)[^\s\"'=]")
"""What follows the sign of a pair, and never the padding of base64."""

_WRAPPED = range(50, 100)
"""Lengths of a line that a mail program has broken."""


def hidden_spans(text: str, name: str = "") -> tuple[tuple[int, int], ...]:
    """Return what must not be shown of ``text`` beside what is known, in no order.

    Args:
        text: Any text.
        name: The name of the field whose value it is, if it is one.
    """
    if len(text) < _SHORTEST_TEXT:
        return ()
    if len(text) <= _SHORT_TEXT:
        return _spans_of_short(text, name)
    return tuple((start, end) for start, end, _ in _found(text, name))


@lru_cache(maxsize=8192)
def _spans_of_short(text: str, name: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of a short text; codes, names and words come again and again."""
    return tuple((start, end) for start, end, _ in _found(text, name))


def is_secret_value(name: str, value: str) -> bool:
    """Return whether ``value`` is a secret because it is the value of ``name``."""
    return says_secret(name) and may_be_value(value)


def secret_values(text: str) -> tuple[str, ...]:
    """Return the secrets in a text, each once, in the order in which they stand there.

    IDs that a name says to be IDs somewhere in the text are none elsewhere in it.
    """
    text = text[:_READ]
    spelled = [(start, end, text[start:end]) for start, end in credential_spans(text)]
    found = sorted([*spelled, *_found(text, "")])
    values: dict[str, None] = {}
    for _, _, value in found:
        values[value] = None
        decoded = _decoded(value)
        if decoded:
            values[decoded] = None
    return tuple(value for value in values if len(value) >= _SHORTEST and not is_placeholder(value))


def _decoded(value: str) -> str | None:
    """Return the key that ``value`` is the base64 of, as Secrets of Kubernetes hold it."""
    digits = value.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        text = base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True).decode("ascii")
    except ValueError:
        return None
    text = text.strip()
    return text if text.isprintable() and is_like_key(text) else None


def _found(text: str, name: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and the secret itself, which may be written in escapes there."""
    for start, end in _spans_in(text, name):
        yield start, end, text[start:end]
    yield from _broken(text)
    yield from in_pieces(text)
    quoted = _QUOTED_PRINTABLE if _IS_QUOTED_PRINTABLE.search(text) else _ESCAPES
    for view in views(text):
        if view.how not in {_ESCAPES, quoted}:
            continue
        for start, end in _spans_in(view.text, name):
            first, last = view.span(start, end)
            if not _is_padded_hash(text, first, last):
                yield first, last, view.text[start:end]


def _is_padded_hash(text: str, start: int, end: int) -> bool:
    """Return whether a hash in base64 ends a line, so that its padding looks like a soft break."""
    line_end = text.find("=\n", start, end)
    return line_end >= 0 and is_named_id(text, start, line_end + 1)


def _spans_in(text: str, name: str) -> tuple[tuple[int, int], ...]:
    """Return where one reading has secrets, by their looks and by their places."""
    return (
        *token_spans(text, name),
        *place_spans(text),
        *password_spans(text),
        *settled_spans(text),
        *bot_spans(text),
    )


def _broken(text: str) -> Iterator[tuple[int, int, str]]:
    """Find a key that the end of a line has cut in two."""
    for match in _BROKEN.finditer(text):
        first, second = match["first"], match["second"]
        if _ASSIGNED.match(text, match.end()):
            continue
        line = match.end("first") - (text.rfind("\n", 0, match.start()) + 1)
        # Of a key that is cut soon after its prefix, the first part alone is too short to tell.
        begins_a_key = has_key_prefix(first + second)
        if not (match["soft"] or begins_a_key or line in _WRAPPED):
            continue
        if not ((begins_a_key or is_odd(first)) and is_odd(second)):
            continue
        if is_named_id(text, *match.span("first")):
            continue
        whole = first + second
        if is_key_token(whole):
            yield match.start("first"), match.end("second"), whole
