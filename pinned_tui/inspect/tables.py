"""Reads the tables of this package: data that says what the code only looks up."""

import tomllib
from importlib import resources
from typing import TypeVar

import msgspec

_Table = TypeVar("_Table")


def load_table(name: str, kind: type[_Table]) -> _Table:
    """Read ``inspect/data/<name>.toml``; whoever needs it keeps it, so that it is read once.

    Args:
        name: The file, without its ending; folders are separated by ``/``.
        kind: What the table is; what does not fit it is refused.

    Raises:
        ValueError: the file is not TOML, or not what it should be.
    """
    file = resources.files("pinned_tui.inspect").joinpath("data", *f"{name}.toml".split("/"))
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8")), kind)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"inspect/data/{name}.toml: {error}") from error
