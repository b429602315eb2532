"""Reads program code that calls the API, in whatever language: its calls of HTTP clients."""

import functools
import re
from weakref import WeakKeyDictionary

from pinned_tui.inspect.formats.code_parser import parse
from pinned_tui.inspect.formats.code_requests import Collector, client_code
from pinned_tui.inspect.formats.code_tokens import Language, Tokenizer
from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.source import Source
from pinned_tui.inspect.http_message import HttpRequest
from pinned_tui.inspect.request.target import HostKind, target_of

_LONGEST = 500_000
"""Characters of a text up to which it is read as one program; beyond it is a bundle or a log."""

_CODE = re.compile(
    r"[{}()\[\],;`]\s*\Z|\s=\s|=>"
    r"|\A\s*(?:#|//|import |from |const |let |var |>>>|\.|\$|['\"]|await )"
)
_READ: WeakKeyDictionary[Source, tuple[list[HttpRequest], str]] = WeakKeyDictionary()
_OURS = frozenset({HostKind.API, HostKind.NEAR})


def claim(source: Source) -> float:
    """Claim a program that makes a request to the API, by its share of lines of code."""
    if not any(map(_is_ours, _requests(source)[0])):
        return 0.0
    lines = [line for line in source.text.splitlines() if line.strip()]
    code = sum(_CODE.search(line) is not None for line in lines)
    return code / len(lines)


def read(source: Source) -> FileReading:
    """Return the requests of a program."""
    requests, language = _requests(source)
    return FileReading(tuple(map(Entry, requests)), language=language)


def _is_ours(request: HttpRequest) -> bool:
    target = target_of(request)
    return target is not None and (target.kind in _OURS or "/api/public/v1" in (request.url or ""))


def _requests(source: Source) -> tuple[list[HttpRequest], str]:
    """Return the requests and the language; read once for the claim and for the reading."""
    if source not in _READ:
        _READ[source] = _read(source)
    return _READ[source]


def _read(source: Source) -> tuple[list[HttpRequest], str]:
    if len(source.text) > _LONGEST:
        return [], ""
    for language, signs in _languages():
        if signs.search(source.text):
            program = parse(source.text, language, _tokenizer(language.id))
            return Collector(source.text, language, program).requests(), language.id
    return [], ""


@functools.cache
def _languages() -> tuple[tuple[Language, re.Pattern[str]], ...]:
    table = client_code().language
    return tuple((one, re.compile(one.signs, re.MULTILINE)) for one in table)


@functools.cache
def _tokenizer(name: str) -> Tokenizer:
    return Tokenizer(next(one for one, _ in _languages() if one.id == name))
