"""The report as JSON: the session itself, and reading one that came from elsewhere."""

import json
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from pinned_tui import session as sessions
from pinned_tui.redaction.sanitize import CUT, clean_json
from pinned_tui.session import Session, SessionFileError

SCHEMA_FILE = "session.schema.json"

LONGEST_TEXT = 4_000
"""Characters of a text that are shown of a session from elsewhere; ours are far shorter."""

LONGEST_CORRECTED = 200_000
"""The same for a corrected version, which is as long as what was pasted."""

MOST_OBSERVATIONS = 300
"""Observations that are shown of one run; our own runs make a few dozen."""

MOST_LISTED = 1_000
"""What is shown of any other list."""

MOST_VALUES = 2_000_000

_MOST_FAULTS = 20


def render(session: Session) -> str:
    """Write ``session`` as the JSON document of the contract; its schema is :func:`schema`."""
    return sessions.encode(session).decode("utf-8")


def read(document: bytes) -> Session:
    """Read a session that came from somewhere else, its texts made safe to display.

    It is bounded, so that a screen can draw it: texts beyond :data:`LONGEST_TEXT` are cut and say
    how long they were, and lists are cut as well.

    Raises:
        SessionFileError: The document is not a session, is one of a newer schema, or is too large.
    """
    session = sessions.decode(document)
    values = msgspec.json.decode(sessions.encode(session))
    if _count(values) > MOST_VALUES:
        raise SessionFileError(
            f"This holds more than {MOST_VALUES:,} values, which no report of pinned-tui does."
        )
    cleaned = clean_json(_bounded(values), items=MOST_VALUES)
    try:
        return _fewer(msgspec.convert(cleaned, Session))
    except msgspec.ValidationError as error:
        raise SessionFileError(f"This is not a pinned-tui session: {error}") from None


def _count(value: object) -> int:
    """Count the values in a document, as far as is needed to know that there are too many."""
    count, waiting = 0, [value]
    while waiting and count <= MOST_VALUES:
        count += 1
        match waiting.pop():
            case list() as items:
                waiting += items
            case dict() as fields:
                count += len(fields)
                waiting += fields.values()
    return count


def _bounded(value: object) -> object:
    """Cut the texts of a document and its lists; what a probe has as data is never drawn whole."""
    match value:
        case str():
            return _short(value)
        case list():
            return [_bounded(one) for one in value[:MOST_LISTED]]
        case dict():
            return {_short(str(name)): _bounded_field(name, one) for name, one in value.items()}
    return value


def _bounded_field(name: object, value: object) -> object:
    match name, value:
        case "corrected", str():
            return _short(value, LONGEST_CORRECTED)
        case "data", dict():
            return _with_short_texts(value)
        case (("observations" | "runs"), list()):
            return [_bounded(one) for one in value]
    return _bounded(value)


def _with_short_texts(value: object) -> object:
    match value:
        case str():
            return _short(value)
        case list():
            return [_with_short_texts(one) for one in value]
        case dict():
            return {_short(str(name)): _with_short_texts(one) for name, one in value.items()}
    return value


def _short(text: str, longest: int = LONGEST_TEXT) -> str:
    if len(text) <= longest:
        return text
    return f"{text[:longest]}{CUT} ({len(text):,} characters in all)"


def _fewer(session: Session) -> Session:
    """Cut the observations of each run to what a screen can draw."""
    in_run: Counter[str] = Counter()
    kept = []
    for seen in session.observations:
        in_run[seen.run] += 1
        if in_run[seen.run] <= MOST_OBSERVATIONS:
            kept.append(seen)
    return sessions.replace(session, observations=tuple(kept))


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of the session document, as it ships with the package."""
    text = files("pinned_tui.report").joinpath("schema", SCHEMA_FILE).read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def validate(document: object) -> list[str]:
    """Hold a parsed JSON document against the schema.

    Returns:
        What is wrong with it, one line each, the path first; empty when nothing is.
    """
    from jsonschema import Draft202012Validator  # costs start-up, and only a check needs it

    faults = Draft202012Validator(schema()).iter_errors(document)
    listed = [f"{fault.json_path}: {fault.message}" for fault in faults]
    return sorted(listed)[:_MOST_FAULTS]
