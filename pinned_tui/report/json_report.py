"""The report as JSON: the session itself, and reading one that somebody sent."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from pinned_tui import session as sessions
from pinned_tui.privacy.clean import clean_json
from pinned_tui.session import Session, SessionFileError

SCHEMA_FILE = "session.schema.json"

_MOST_FAULTS = 20


def render(session: Session) -> str:
    """Write ``session`` as the JSON document of the contract; its schema is :func:`schema`."""
    return sessions.encode(session).decode("utf-8")


def read(document: bytes) -> Session:
    """Read a session that came from somewhere else, its texts made safe to display.

    Raises:
        SessionFileError: the document is no session, or one of a newer schema.
    """
    session = sessions.decode(document)
    cleaned = clean_json(msgspec.json.decode(sessions.encode(session)))
    try:
        return msgspec.convert(cleaned, Session)
    except msgspec.ValidationError as error:
        raise SessionFileError(f"This is not a pinned-tui session: {error}") from None


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
