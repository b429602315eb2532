"""The small language in which the catalogue's sentences name what was seen.

``{host}`` stands for a value. A sentence whose value is unknown is left out, so that nothing is
claimed that nobody saw. ``{host|the host}`` brings its own words for that case and always stays.
``{{`` and ``}}`` are braces. There is nothing else: no formats, no attributes, no nesting. Values
are foreign text and are put in as they are; braces inside them mean nothing, and a value that ends
its sentence by itself gets no second full stop.
"""

import re
from collections.abc import Container, Iterable, Mapping
from types import MappingProxyType

Values = Mapping[str, str | int | None]
"""What was seen, by placeholder; None and blank text are the same as not seen."""

PLACEHOLDERS: Mapping[str, str] = MappingProxyType(
    {
        "subject": "what the verdict is about: a scope, a channel or event ID, a field's path",
        "found": "the offending value, cleaned and redacted; never a key",
        "suggestion": "the value proposed instead",
        "base_url": "scheme and host that the requests go to",
        "host": "a host name, of the API, a proxy or whoever answered",
        "request_id": "the requestId of the response in question, or the edge's own ID",
        "status": "the HTTP status, a number",
        "code": "the API's error code",
        "message": "the API's error message",
        "field": "details.field of the API's error",
        "issue": "details.issue of the API's error",
        "retry_at": "the moment from which a retry is allowed",
        "wait": "a span in words, for example 20 seconds",
        "channel": "one channel: its ID, with its name where known",
        "channels": "the channels that the key can use, as a list in words",
        "event": "an event's ID",
        "event_title": "an event's title",
        "starts": "when an event begins, on the clock of the place; ends likewise",
        "ends": "when an event ends",
        "timezone": "an event's own zone, as an IANA identifier",
        "city": "the city that an event is listed in",
        "classifications": "the slugs of an event, as a list",
        "expected": "what should have been there",
        "actual": "what is there instead",
        "scope": "the scope of the route in question",
        "route": "method and path, for example GET /channels",
        "method": "an HTTP method",
        "count": "how many there are of what the sentence is about",
        "detail": "what exactly was seen, as a sentence of its own",
        "signs": "what shows who answered instead of the API, as a sentence of its own",
        "when": "a moment or date",
        "sought": "what an event's title should contain, where it was searched for by it",
        "candidates": "the events that fit, each with its ID",
        "reason": "why a check did not come to its end",
        "untold": "that the API does not say something that was asked",
        "short": "what left something open, in a few words",
        "unproven": "the faults that were found before and are not verified as fixed, by title",
        "stopped": "that the check was stopped, as a sentence of its own",
        "open": "what the checks did not get to, as a sentence of its own",
        "unclear": "that a response of the API does not show what it should",
        "symptom": "what the checks did not meet, as the end of a title",
        "part": "how much of a list was looked at, where it was not all of it",
    }
)
"""Every placeholder that a sentence may use, with its meaning."""

_TOKEN = re.compile(r"\{\{|\}\}|\{(?P<name>[a-z_]+)(?:\|(?P<instead>[^{}]+))?\}(?P<stop>\.?)|[{}]")

_STOPS = (".", "!", "?", "…")
"""Ends of a value after which a sentence needs no full stop of its own."""


class SentenceError(ValueError):
    """A sentence breaks the rules of the language; the message quotes the place."""


def check_sentence(
    sentence: str, *, always: bool = False, names: Container[str] | None = PLACEHOLDERS
) -> None:
    """Check ``sentence`` against the rules.

    Args:
        sentence: A sentence of the catalogue, or of observations.
        always: Whether it must stay even when no value is known.
        names: The placeholders there are; None where any may be.

    Raises:
        SentenceError: an unknown placeholder, a stray brace, blank text, or (with ``always``) a
            placeholder without words of its own.
    """
    if not sentence.strip() or sentence != sentence.strip():
        raise SentenceError(f"blank, or space at an end: {sentence!r}")
    for match in _TOKEN.finditer(sentence):
        name = match["name"]
        if name is None and match[0] in "{}":
            raise SentenceError(f"a stray brace (write {{{{ or }}}} for a brace): {sentence!r}")
        if name is not None and names is not None and name not in names:
            raise SentenceError(f"unknown placeholder {{{name}}}: {sentence!r}")
        if name is not None and always and match["instead"] is None:
            raise SentenceError(f"{{{name}}} needs words of its own, {{{name}|…}}: {sentence!r}")


def placeholders(sentence: str) -> frozenset[str]:
    """Return the placeholders without which ``sentence`` can't be said."""
    found = _TOKEN.finditer(sentence)
    return frozenset(m["name"] for m in found if m["name"] is not None and m["instead"] is None)


def fill(sentence: str, values: Values) -> str | None:
    """Put ``values`` into ``sentence``; None when it needs one that is not known."""
    known = {name: str(value) for name, value in values.items() if value is not None}
    incomplete = False

    def put(match: re.Match[str]) -> str:
        nonlocal incomplete
        name = match["name"]
        if name is None:
            return match[0][0]
        value = known.get(name, "")
        if value.strip():
            return value if value.endswith(_STOPS) else value + match["stop"]
        incomplete = incomplete or match["instead"] is None
        return (match["instead"] or "") + match["stop"]

    text = _TOKEN.sub(put, sentence)
    return None if incomplete else text


def fill_all(sentences: Iterable[str], values: Values) -> tuple[str, ...]:
    """Fill each sentence and leave out those that need a value that is not known."""
    filled = (fill(sentence, values) for sentence in sentences)
    return tuple(sentence for sentence in filled if sentence is not None)
