"""Reads program code that calls the API, in whatever language: its calls of HTTP clients."""

import functools
import re

from pinned_tui.api_spec.routes import NAMESPACE
from pinned_tui.inspect.formats.code_parser import parse
from pinned_tui.inspect.formats.code_requests import Collector, client_code
from pinned_tui.inspect.formats.code_tokens import Language, Tokenizer
from pinned_tui.inspect.formats.code_writing import CodeWriter
from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.source import Source
from pinned_tui.inspect.request.target import HostKind, target_of

_LONGEST = 500_000
"""Characters of a text up to which it is read as one program; beyond it is a bundle or a log."""

_CODE = re.compile(
    r"[{}()\[\],;`]\s*\Z|\s=\s|=>"
    r"|\A\s*(?:#|//|import |from |const |let |var |>>>|\.|\$|['\"]|await )"
)
_OURS = frozenset({HostKind.API, HostKind.NEAR})


def claim(source: Source) -> float:
    """Claim a program that makes a request to the API, by its share of lines of code."""
    if not any(map(_is_ours, source.once(_read)[0])):
        return 0.0
    lines = [line for line in source.text.splitlines() if line.strip()]
    code = sum(_CODE.search(line) is not None for line in lines)
    return code / len(lines)


def read(source: Source) -> FileReading:
    """Return the requests of a program."""
    entries, language = source.once(_read)
    # Several requests may share a variable, and what is right for one is not for the other.
    alone = sum(entry.request is not None for entry in entries) == 1
    write = CodeWriter(source.text, _language(language)) if alone else None
    return FileReading(tuple(entries), language=language, write=write)


def _is_ours(entry: Entry) -> bool:
    request = entry.request
    target = target_of(request) if request is not None else None
    if request is None or target is None:
        return False
    return target.kind in _OURS or NAMESPACE in (request.url or "")


def _read(source: Source) -> tuple[list[Entry], str]:
    """Return the requests and the language."""
    if len(source.text) > _LONGEST:
        return [], ""
    for language, signs in _languages():
        if signs.search(source.text):
            program = parse(source.text, language, _tokenizer(language.id))
            return Collector(source.text, language, program).entries(), language.id
    return [], ""


@functools.cache
def _languages() -> tuple[tuple[Language, re.Pattern[str]], ...]:
    table = client_code().language
    return tuple((one, re.compile(one.signs, re.MULTILINE)) for one in table)


def _language(name: str) -> Language:
    return next(one for one, _ in _languages() if one.id == name)


@functools.cache
def _tokenizer(name: str) -> Tokenizer:
    return Tokenizer(_language(name))
