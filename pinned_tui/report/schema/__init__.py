"""The JSON Schema of the session document, shipped with the package for others to use.

It is a public contract, so it may not change with the library that derives it from the types:
prose in it is this project's own, and alternatives stand in one order.
"""

import inspect
import json
import re
from typing import Any

import msgspec

from pinned_tui import session as sessions
from pinned_tui.session import exchange, inspection, states, target, verdict

_MODULES = (sessions, target, verdict, exchange, inspection, states)
_ATTRIBUTES = "Attributes:\n"
_ATTRIBUTE = re.compile(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", re.MULTILINE)
_ROLE = re.compile(r":[a-z]+:(?=`)")


def generated() -> str:
    """Return the schema as its file should read, made from the types of the session."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the session document, made from its types."""
    schema: dict[str, Any] = _settled(msgspec.json.schema(sessions.Session))
    schema["$defs"] = {
        name: _described(definition, _own_prose(name))
        for name, definition in schema["$defs"].items()
    }
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "pinned-tui session"
    return schema


def _settled(part: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Return a part of a schema without the library's prose, and with "or null" at the end.

    What a type without a docstring is described as, how a docstring is indented and which of
    several alternatives comes first differ from version to version.
    """
    if isinstance(part, list):
        return [_settled(one) for one in part]
    if not isinstance(part, dict):
        return part
    settled = {
        name: _settled(value)
        for name, value in part.items()
        if not (name == "description" and isinstance(value, str))
    }
    if isinstance(settled.get("anyOf"), list):
        settled["anyOf"].sort(key=lambda one: one == {"type": "null"})
    return settled


def _own_prose(name: str) -> str:
    """Return the docstring of the session's type of this name, as it was written here."""
    kind = next(vars(module)[name] for module in _MODULES if name in vars(module))
    return inspect.cleandoc(vars(kind).get("__doc__") or "")


def _described(definition: dict[str, Any], prose: str) -> dict[str, Any]:
    """Return a definition with the prose about it, and that about each of its fields."""
    about, _, attributes = prose.partition(_ATTRIBUTES)
    for name, text in _ATTRIBUTE.findall(attributes):
        definition["properties"][name]["description"] = _plain(text)
    return {"title": definition["title"], "description": _plain(about), **definition}


def _plain(prose: str) -> str:
    """Return prose without the marks of a docstring, on one line a paragraph."""
    text = _ROLE.sub("", prose).replace("``", "`")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
