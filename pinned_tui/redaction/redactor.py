"""Takes secrets out of text and JSON before these are kept, shown or cut to length.

What is known to be secret becomes ``[key-1]``, in whichever form it is written; what stands where
credentials stand, or looks like one (:mod:`pinned_tui.redaction.scan`), becomes ``[redacted]``.
Equal secrets give equal stand-ins, so that a reader can tell that two requests used the same key. A
text must be redacted before it is cut: half a secret at the end of a cut text may be too short to
be recognised, and still too much.
"""

import json
import re
from collections.abc import Iterable, Iterator

from pinned_tui.redaction.credentials import (
    REDACTED,
    credential_spans,
    hide_credentials,
    hide_value,
    is_secret_field,
)
from pinned_tui.redaction.matcher import Matcher, by_name
from pinned_tui.redaction.sanitize import JsonValue
from pinned_tui.redaction.scan import hidden_spans, is_secret_value, says_secret
from pinned_tui.redaction.secret import Secret
from pinned_tui.redaction.secret_strength import is_secret_worthy

_ROUNDS = 8
_MOST_NAMES = 512
_LONGEST_NAME = 80
_DEEPEST = 200
_LONG_NUMBER = 10**7
_BITS_OF_A_READABLE_NUMBER = 10_000
_PAIR_NAMES = ("name", "key", "header", "field", "variable", "Name", "Key", "KEY", "NAME")
_PAIR_VALUES = frozenset({"value", "val", "values", "content", "data", "text"})
_SCHEME_AND_STAND_IN = re.compile(r"[A-Za-z-]+ \[[\w-]+\]")


class Redactor:
    """Redacts with a fixed set of secrets; making one costs some milliseconds, so keep it."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        """Prepare to look for ``secrets``; see :func:`pinned_tui.redaction.secret_strength.grade`.

        Secrets of the same value go by the first one's name. Of those with the same name and
        different values, the later ones get the next free number.
        """
        wanted = by_name(secrets)
        longest_first = sorted(wanted, key=lambda each: len(each.value), reverse=True)
        self._matcher = Matcher(wanted)
        self._names: dict[str, str] = {}
        self._verbatim = [each for each in longest_first if is_secret_worthy(each.value)]

    def text(self, text: str, *, name: str = "", by_look: bool = True) -> str:
        """Return ``text`` without secrets.

        Where a secret can't be taken out piece by piece, the whole text is withheld.

        Args:
            text: Any text.
            name: The name of the field whose value it is: an ID may look like a key.
            by_look: Whether what only looks like a key is taken out too.
        """
        known_hidden = self._without_known(text)
        # By look first: that sees the whole of what is written in pieces or with blanks in it.
        looked_at = _without_suspects(known_hidden, name) if by_look else known_hidden
        hidden = hide_credentials(looked_at)
        if by_look and hidden != looked_at:
            hidden = _without_suspects(hidden, name)
        return hidden if hidden == known_hidden else self._without_known(hidden)

    def knows(self, text: str) -> bool:
        """Return whether ``text`` holds a known secret, or enough of one."""
        return next(self._matcher.search(text), None) is not None

    def spans(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield what is secret in ``text``: start, end and stand-in, in no order.

        For whoever needs the rest of the text in its place. Spans may overlap.
        """
        for hit in self._matcher.search(text):
            yield (*hit.span(), hit.wanted.token)
        for start, end in (*credential_spans(text), *hidden_spans(text)):
            yield start, end, REDACTED

    def json(self, value: object, *, by_look: bool = True) -> JsonValue:
        """Return a parsed JSON value without secrets in its texts, numbers and keys.

        Fields whose name says that they hold a credential are hidden too, as are the values of
        name-and-value pairs (as HAR files have them). What is nested too deep, or holds a secret
        in scattered pieces, is withheld as a whole.

        Args:
            value: What a JSON parser returned.
            by_look: Whether what only looks like a key is taken out too. A document that is worked
                with needs its links whole; what is kept of it is redacted once more.

        Raises:
            TypeError: ``value`` holds something that JSON has no form for.
        """
        redacted = _Walk(self, by_look=by_look).value(value, _DEEPEST)
        if self.knows(json.dumps(redacted, ensure_ascii=False)):
            return REDACTED
        return redacted

    def _without_known(self, text: str) -> str:
        for wanted in self._verbatim:
            text = text.replace(wanted.value, wanted.token)
        for _ in range(_ROUNDS):
            hits = [(*hit.span(), hit.wanted.token) for hit in self._matcher.search(text)]
            if not hits:
                return text
            text = _replaced(text, hits)
        return REDACTED

    def field_name(self, name: str) -> str:
        """Redact the name of a field; a list has the same few in each of its documents."""
        known = self._names.get(name)
        if known is None:
            known = self.text(name)
            if len(self._names) < _MOST_NAMES and len(name) <= _LONGEST_NAME:
                self._names[name] = known
        return known


class _Walk:
    """Goes through a JSON value and redacts what it holds."""

    def __init__(self, redactor: Redactor, *, by_look: bool) -> None:
        self._redactor = redactor
        self._by_look = by_look

    def value(self, value: object, depth: int, name: str = "") -> JsonValue:
        """Return ``value``, which a field called ``name`` has, without secrets."""
        match value:
            case None | bool():
                return value
            case str():
                return self._text(value, name)
            case int() | float():
                return self._number(value)
            case list() | dict() if depth < 1:
                return REDACTED
            case list():
                return [self.value(item, depth - 1, name) for item in value]
            case dict():
                return self._object(value, depth - 1)
        raise TypeError(f"JSON has no form for {type(value).__name__}")

    def _text(self, value: str, name: str = "") -> str:
        return self._redactor.text(value, name=name, by_look=self._by_look)

    def _number(self, value: float) -> JsonValue:
        """Return a number, or text in its place if its digits are a secret."""
        if -_LONG_NUMBER < value < _LONG_NUMBER:
            return value
        if isinstance(value, int) and value.bit_length() > _BITS_OF_A_READABLE_NUMBER:
            return REDACTED
        shown = str(value)
        redacted = self._text(shown)
        return value if redacted == shown else redacted

    def _object(self, fields: dict[object, object], depth: int, above: str = "") -> JsonValue:
        """Return an object; fields whose names are alike once redacted become one.

        Args:
            fields: The object.
            depth: How many levels there may be below.
            above: The name of the credential that it is the value of, if it is one's.
        """
        redacted: dict[str, JsonValue] = {}
        paired = _pair_name(fields)
        said = above if above and not (paired and says_secret(paired)) else paired
        for name, value in fields.items():
            if not isinstance(name, str):
                raise TypeError(f"JSON has no form for a key that is {type(name).__name__}")
            meant = said if said and name.lower() in _PAIR_VALUES else name
            redacted[self._redactor.field_name(name)] = self._field(meant, value, depth)
        return redacted

    def _field(self, name: str, value: object, depth: int) -> JsonValue:
        """Return the value of the field ``name``; a list or object has the credential inside."""
        sure = is_secret_field(name)
        if not sure and not says_secret(name):
            return self.value(value, depth, name)
        match value:
            case list() if depth > 0:
                return [self._field(name, item, depth - 1) for item in value]
            case dict() if depth > 0:
                return self._object(value, depth - 1, name)
            case str() if sure:
                shown = self._text(value)
                return shown if _SCHEME_AND_STAND_IN.fullmatch(shown) else hide_value(shown)
            case str() if is_secret_value(name, value):
                return REDACTED
            case int() | float() if sure and not isinstance(value, bool):
                return REDACTED
        return self.value(value, depth, name)


def _pair_name(fields: dict[object, object]) -> str | None:
    """Return the name that an object gives in a field of its own, beside its value."""
    for field in _PAIR_NAMES:
        name = fields.get(field)
        if isinstance(name, str):
            return name
    return None


def _without_suspects(text: str, name: str) -> str:
    for _ in range(_ROUNDS):
        spans = [(start, end, REDACTED) for start, end in hidden_spans(text, name)]
        if not spans:
            break
        text = _replaced(text, spans)
    return text


def _replaced(text: str, hits: Iterable[tuple[int, int, str]]) -> str:
    """Replace each hit by its token; hits that overlap become the token of the first of them."""
    pieces: list[str] = []
    done = 0
    for start, end, token in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if start >= done:
            pieces += [text[done:start], token]
        done = max(done, end)
    return "".join([*pieces, text[done:]])
