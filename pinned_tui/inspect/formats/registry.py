"""The formats that can be read, as the table ``data/formats.toml`` names them."""

import functools
import importlib
import re
from dataclasses import dataclass
from typing import cast

import msgspec

from pinned_tui.inspect.formats.model import FormatReader
from pinned_tui.inspect.formats.source import Source
from pinned_tui.inspect.known_formats import is_api_description
from pinned_tui.inspect.model import InputKind
from pinned_tui.inspect.tables import load_table

_LEAST = 0.1
"""Less than this share of a text is no claim to it."""

_TIE = 0.05
"""Claims that differ by less are as good as each other."""


class FileFormat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A format of some tool.

    Attributes:
        id: Its name in code and in tests.
        kind: What it counts as, of the words of ``--kind``.
        title: What it is called, with its article: *a Postman collection*.
        reader: The module below :mod:`pinned_tui.inspect.formats` that reads it.
        signs: Regular expressions; without one of them in the text it is something else. They only
            spare the reader the work, which decides by itself.
    """

    id: str
    kind: InputKind
    title: str
    reader: str
    signs: tuple[str, ...]


_LOOKED_AT = 256 * 1024
"""Characters in which a sign is looked for: each format has some in its first requests."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A reader's claim to a text.

    Attributes:
        share: How much of the text it explains, from 0 to 1.
        tied: Titles of other formats that explain as much.
    """

    format: FileFormat
    share: float
    tied: tuple[str, ...] = ()


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: tuple[FileFormat, ...]


@functools.cache
def formats() -> tuple[FileFormat, ...]:
    """Return all formats, those that are told apart by most first."""
    return load_table("formats", _Table).format


def reader_of(one: FileFormat) -> FormatReader:
    """Return the reader of a format, which is imported when it is first needed."""
    return cast("FormatReader", importlib.import_module(f"pinned_tui.inspect.formats.{one.reader}"))


def best_claim(source: Source, kind: InputKind | None = None) -> Claim | None:
    """Let the readers compete for a text, and return the claim of the best.

    Args:
        source: The text.
        kind: What the user says that it is; other formats do not compete then.
    """
    if kind is None and is_api_description(source.text):
        return None
    begins = source.text[:_LOOKED_AT]
    claims = [
        Claim(one, share)
        for one in formats()
        if kind in {None, one.kind}
        and any(sign.search(begins) for sign in _signs(one))
        and (share := reader_of(one).claim(source)) >= _LEAST
    ]
    if not claims:
        return None
    best = max(claims, key=lambda claim: claim.share)
    tied = tuple(
        claim.format.title
        for claim in claims
        if claim.format.id != best.format.id and best.share - claim.share < _TIE
    )
    return Claim(best.format, best.share, tied)


@functools.cache
def _signs(one: FileFormat) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(sign, re.MULTILINE) for sign in one.signs)
