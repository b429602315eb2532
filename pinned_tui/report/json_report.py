"""The report as JSON: the session itself, and reading one that somebody sent."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from pinned_tui import session as sessions
from pinned_tui.privacy.clean import CUT, clean_json
from pinned_tui.session import Session, SessionFileError

SCHEMA_FILE = "session.schema.json"

LONGEST_TEXT = 20_000
"""Characters of a text that are shown of somebody else's session; our own texts are far shorter."""

MOST_VALUES = 2_000_000

_MOST_FAULTS = 20


def render(session: Session) -> str:
    """Write ``session`` as the JSON document of the contract; its schema is :func:`schema`."""
    return sessions.encode(session).decode("utf-8")


def read(document: bytes) -> Session:
    """Read a session that came from somewhere else, its texts made safe to display.

    Texts beyond :data:`LONGEST_TEXT` are cut and tell how long they were.

    Raises:
        SessionFileError: the document is no session, or one of a newer schema, or larger than any.
    """
    session = sessions.decode(document)
    values = msgspec.json.decode(sessions.encode(session))
    if _count(values) > MOST_VALUES:
        raise SessionFileError(
            f"This holds more than {MOST_VALUES:,} values, which no report of pinned-tui does."
        )
    cleaned = clean_json(_shortened(values), items=MOST_VALUES)
    try:
        return msgspec.convert(cleaned, Session)
    except msgspec.ValidationError as error:
        raise SessionFileError(f"This is not a pinned-tui session: {error}") from None


def _count(value: object) -> int:
    """Count the values in a document, as far as is needed to tell that there are too many."""
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


def _shortened(value: object) -> object:
    match value:
        case str() if len(value) > LONGEST_TEXT:
            return f"{value[:LONGEST_TEXT]}{CUT} ({len(value):,} characters in all)"
        case list():
            return [_shortened(one) for one in value]
        case dict():
            return {_shortened(name): _shortened(one) for name, one in value.items()}
    return value


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
