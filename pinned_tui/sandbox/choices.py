"""Reads the choices of an API's behaviour as they are written on a command line."""

import dataclasses
import difflib
from collections.abc import Iterable
from typing import Any

import msgspec

from pinned_tui.privacy.quoting import quoted
from pinned_tui.sandbox.behaviour import Behaviour


class BehaviourError(ValueError):
    """There is no such choice; the message says which there are."""


def read_behaviour(choices: Iterable[str]) -> Behaviour:
    """Return the behaviour that ``choices`` such as ``order=body,scope,channel`` make.

    Raises:
        BehaviourError: a name or a value that there is not.
    """
    ordinary = Behaviour()
    names = [field.name for field in dataclasses.fields(Behaviour)]
    chosen: dict[str, Any] = {}
    for choice in choices:
        name, _, value = choice.partition("=")
        name = name.strip().replace("-", "_")
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(names)}."
            raise BehaviourError(f"The sandbox has no choice {quoted(name)}. {hint}")
        chosen[name] = _typed(value.strip(), getattr(ordinary, name))
        try:
            msgspec.convert({name: chosen[name]}, Behaviour)
        except msgspec.ValidationError as error:
            raise BehaviourError(f"{name} can't be {quoted(value)}: {error}.") from None
    return msgspec.convert(chosen, Behaviour)


def _typed(value: str, ordinary: object) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value in the type that the choice ordinarily has, where it can be read so."""
    if isinstance(ordinary, tuple | frozenset):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(ordinary, str):
        return value
    try:
        return msgspec.json.decode(value.encode())
    except msgspec.DecodeError:
        return value
