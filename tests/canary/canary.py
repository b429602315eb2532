"""The data of the canary: where a key can stand, how it can be written, and what has to stay."""

import base64
import binascii
import codecs
import html
import json
import quopri
import textwrap
import tomllib
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
KEY = "pe_live_9fKq2LmX7vTz4RbW8cYd3HnS"
_MODULES = (base64, binascii, codecs, html, json, quopri, textwrap, urllib)
_NAMES = {module.__name__: module for module in _MODULES}


@dataclass(frozen=True)
class Place:
    """A text with a place for a key: ``{K}``, or ``{K1}`` and ``{K2}`` for its two halves."""

    id: str
    template: str

    def holding(self, key: str) -> str:
        half = len(key) // 2 + 3
        whole = self.template.replace("{K1}", key[:half]).replace("{K2}", key[half:])
        return whole.replace("{K}", key)


@dataclass(frozen=True)
class Encoding:
    """A way to write a key; ``alone`` tells that it is found though nobody knows the key."""

    id: str
    python: str
    alone: bool = False

    def of(self, key: str) -> str:
        return str(eval(self.python, dict(_NAMES), {"k": key}))  # the data is our own


@dataclass(frozen=True)
class Readable:
    """A text of which a part must be readable afterwards."""

    id: str
    text: str
    must_stay: str


def _rows(name: str) -> list[dict[str, Any]]:
    """Read the rows of every file whose name begins so, as TOML or JSON."""
    rows: list[dict[str, Any]] = []
    for path in sorted(FOLDER.glob(f"{name}*.toml")):
        for table in tomllib.loads(path.read_text(encoding="utf-8")).values():
            rows += table
    for path in sorted(FOLDER.glob(f"{name}*.json")):
        rows += json.loads(path.read_text(encoding="utf-8"))
    return rows


PLACES = tuple(Place(**row) for row in _rows("places"))
ENCODINGS = tuple(Encoding(**row) for row in _rows("encodings"))
READABLE = tuple(Readable(**row) for row in _rows("readable"))
