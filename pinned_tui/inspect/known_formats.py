"""Says what an input is that nothing here can judge, and how to get something that can be. Pure."""

import functools
import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.tables import load_table
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.redaction.secret import may_be_key


class _Format(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of file that people paste.

    Attributes:
        fields: The fields that it has, all of them.
        name: What it is called.
        instead: What to paste instead, by its name in ``input.toml``.
    """

    fields: frozenset[str]
    name: str
    instead: str


class _Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of text that people paste.

    Attributes:
        sign: A regular expression that finds it.
        name: What it is called.
        instead: What to paste instead, by its name in ``input.toml``.
    """

    sign: str
    name: str
    instead: str


class _Formats(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: tuple[_Format, ...]
    text: tuple[_Text, ...]


@functools.cache
def _formats() -> _Formats:
    return load_table("known_formats", _Formats)


@functools.cache
def _texts() -> tuple[tuple[re.Pattern[str], _Text], ...]:
    return tuple((re.compile(one.sign), one) for one in _formats().text)


_NAMED = 3
_PLAIN = re.compile(r"[A-Za-z_$@][\w$.@-]{0,30}")
_LONGEST = 4_000_000
_LOOKED_AT = 20_000


_API_DESCRIPTION = re.compile(
    r"\A\ufeff?(?:[ \t]*(?:\#[^\n]*|---[^\n]*)?\r?\n)*+"
    r"(?:(?:openapi|swagger)[ \t]*:[ \t]*[\"']?\d|paths[ \t]*:[ \t]*\r?\n[ \t]+[\"']?/)"
)
"""The beginning of an OpenAPI document in YAML, or of its part about the routes."""


def is_api_description(text: str) -> bool:
    """Return whether ``text`` describes an API in YAML: it looks like settings, and has none."""
    return _API_DESCRIPTION.match(text) is not None


def described(text: str) -> str | None:
    """Say what ``text`` is, in one sentence or two; None where nothing can be told."""
    if is_api_description(text):
        instead = say("input.instead.request")
        return say("input.unrecognised.format", format="an OpenAPI document", instead=instead)
    body = text.lstrip("\ufeff").strip()
    if not body or len(body) > _LONGEST:
        return None
    try:
        value = json.loads(body) if body[0] in "{[" else None
    except (ValueError, RecursionError):
        value = None
    if value is None:
        return _as_text(text[:_LOOKED_AT])
    known = _known(value)
    if known is not None:
        instead = say(f"input.instead.{known.instead}")
        return say("input.unrecognised.format", format=known.name, instead=instead)
    return say("input.unrecognised.json", value=_in_words(value))


def _as_text(text: str) -> str | None:
    known = next((one for sign, one in _texts() if sign.search(text)), None)
    if known is None:
        return None
    instead = say(f"input.instead.{known.instead}")
    return say("input.unrecognised.format", format=known.name, instead=instead)


def _known(value: Any) -> _Format | None:  # noqa: ANN401 - any JSON value
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, Mapping):
        return None
    return next((one for one in _formats().format if one.fields <= first.keys()), None)


def _in_words(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return say("input.json.list" if value else "input.json.empty-list")
    if not value:
        return say("input.json.empty-object")
    plain = [name for name in list(value)[:20] if _PLAIN.fullmatch(name) and not may_be_key(name)]
    named = ", ".join(clean_line(name, 30) for name in plain[:_NAMED])
    return say("input.json.fields", fields=named) if named else say("input.json.object")
