"""Says what an input is that nothing here can judge, and how to get something that can be. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.redaction.secret import may_be_key


@dataclass(frozen=True, slots=True)
class _Familiar:
    """A kind of file that people paste.

    Attributes:
        names: The fields that it has, all of them.
        called: What it is, to be read behind *This looks like*.
        instead: What to paste instead, as a sentence.
    """

    names: frozenset[str]
    called: str
    instead: str


def _familiar(names: str, called: str, instead: str) -> _Familiar:
    return _Familiar(frozenset(names.split()), called, instead)


_REQUEST = "Copy the one request as a curl command and paste that."
_LOG = "Paste the lines of the log that name the request and its status."
_STEP = "Open the step that failed, and paste its error or its request."
_FAMILIAR = (
    _familiar("openapi paths", "an OpenAPI document", _REQUEST),
    _familiar("swagger paths", "an OpenAPI document", _REQUEST),
    _familiar("info item", "a Postman collection", _REQUEST),
    _familiar("_type resources", "an Insomnia export", _REQUEST),
    _familiar("nodes connections", "an exported workflow", _STEP),
    _familiar("flow metadata", "an exported workflow", _STEP),
    _familiar("dependencies name", "a package.json file", _REQUEST),
    _familiar("scripts name", "a package.json file", _REQUEST),
    _familiar("compilerOptions", "the settings of a compiler", _REQUEST),
    _familiar("resourceSpans", "an exported trace", _LOG),
    _familiar("resourceLogs", "exported logs of OpenTelemetry", _LOG),
    _familiar("resourceMetrics", "exported metrics", _LOG),
    _familiar(
        "Config State", "the description of a container", "Paste the value of the variable that"
        " holds the key, and say that it is one with --kind key.",
    ),
    _familiar("apiVersion kind", "a manifest of Kubernetes", _LOG),
    _familiar("type features", "a map in GeoJSON", _REQUEST),
    _familiar("$schema properties", "a JSON Schema", _REQUEST),
)  # fmt: skip
_NAMED = 3
_PLAIN = re.compile(r"[A-Za-z_$@][\w$.@-]{0,30}")
_LONGEST = 4_000_000


def described(text: str) -> str | None:
    """Say what ``text`` is, in one sentence or two; None where nothing can be told."""
    body = text.lstrip("\ufeff").strip()
    if not body or body[0] not in "{[" or len(body) > _LONGEST:
        return None
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    known = _known(value)
    if known is not None:
        return f"This looks like {known.called}. {known.instead}"
    return f"This is {_in_words(value)}, with nothing in it that an event or a response has."


def _known(value: Any) -> _Familiar | None:  # noqa: ANN401 - any JSON value
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, Mapping):
        return None
    return next((one for one in _FAMILIAR if one.names <= first.keys()), None)


def _in_words(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return "a JSON list" if value else "an empty JSON list"
    if not value:
        return "an empty JSON object"
    plain = [name for name in list(value)[:20] if _PLAIN.fullmatch(name) and not may_be_key(name)]
    named = ", ".join(clean_line(name, 30) for name in plain[:_NAMED])
    return f"a JSON object with the fields {named}" if named else "a JSON object"
