"""The sentences of observations: data (``data/observations.toml``), so that support can edit them.

A probe names the code of what it saw, which variant of it, and the values; the words are in the
file. What an inspection says of an input is in :mod:`pinned_tui.inspect`. Each entry is a sentence
or several: the first is always said, each further one only where all of its values are known. The
language is that of :mod:`pinned_tui.diagnosis.templates`.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any

import msgspec

from pinned_tui.checks.model import ProbeObservation
from pinned_tui.client.call import Reply
from pinned_tui.diagnosis.catalog import CatalogError, read_toml
from pinned_tui.diagnosis.templates import (
    SentenceError,
    check_sentence,
    fill,
    fill_all,
    placeholders,
)
from pinned_tui.session import Status
from pinned_tui.session.codes import CODES, INSPECT

NOT_KNOWN = "(none)"
"""Stands in the first sentence for a value that is blank: that sentence is always said."""

_Text = Annotated[str, msgspec.Meta(min_length=1)]
_Value = str | int | float | None


class Sentences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All words of observations.

    Attributes:
        sentences: By code, or by code and variant with a colon between them.
        phrases: Parts of sentences, by group and name.
    """

    sentences: dict[str, _Text | tuple[_Text, ...]]
    phrases: dict[str, dict[str, _Text]]

    def of(self, key: str) -> tuple[str, ...]:
        """Return the sentences of a code, or of a code and variant.

        Raises:
            KeyError: there are none.
        """
        found = self.sentences[key]
        return (found,) if isinstance(found, str) else found


@cache
def load_sentences() -> Sentences:
    """Read the sentences that come with the package, once, when the first check speaks.

    Raises:
        CatalogError: the file is wrong.
    """
    return read_sentences(files("pinned_tui.checks") / "data" / "observations.toml")


def read_sentences(file: Traversable) -> Sentences:
    """Read and check the sentences of observations.

    Raises:
        CatalogError: unreadable TOML, a sentence that breaks the rules of the language, a code
            that no probe reports, or a code without a sentence.
    """
    try:
        read = msgspec.convert(read_toml(file), Sentences)
        for key in read.sentences:
            for sentence in read.of(key):
                check_sentence(sentence, names=None)
        for phrases in read.phrases.values():
            for phrase_ in phrases.values():
                check_sentence(phrase_, names=None)
    except (msgspec.ValidationError, SentenceError) as error:
        raise CatalogError(f"{file.name}: {error}") from error
    worded = {key.partition(":")[0] for key in read.sentences}
    if unknown := sorted(worded - CODES.keys()):
        raise CatalogError(f"{file.name}: no probe reports {', '.join(unknown)}")
    spoken = {code for code, row in CODES.items() if row.probes != (INSPECT,)}
    if silent := sorted(spoken - worded):
        raise CatalogError(f"{file.name}: no sentence for {', '.join(silent)}")
    return read


def observe(
    code: str,
    status: Status,
    data: Mapping[str, Any] | None = None,
    asked: bool = True,
    replies: tuple[Reply, ...] = (),
    *,
    variant: str | None = None,
    **values: _Value,
) -> ProbeObservation:
    """Return an observation in the words of its code.

    Args:
        code: The code, one of :data:`pinned_tui.session.codes.CODES`.
        status: How it turned out.
        data: The particulars; their texts and numbers can be named in the sentences.
        asked: Whether the user asked for what it decides.
        replies: What it was read from.
        variant: Which of the code's sentences, where it has several.
        **values: What else the sentences can name.
    """
    data = {} if data is None else data
    summary = sentence(code if variant is None else f"{code}:{variant}", {**data, **values})
    return ProbeObservation(code, status, summary, data, asked, replies)


def sentence(key: str, values: Mapping[str, object]) -> str:
    """Return the sentences of ``key`` with ``values`` in them.

    Raises:
        KeyError: there are none of that key.
    """
    first, *rest = load_sentences().of(key)
    plain = {
        name: str(value)
        for name, value in values.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }
    return " ".join([_always(first, plain), *fill_all(rest, plain)])


def phrase(group: str, name: str, /, **values: _Value) -> str:
    """Return a part of a sentence.

    Raises:
        KeyError: there is none of that name.
    """
    plain = {key: str(value) for key, value in values.items() if value is not None}
    return _always(load_sentences().phrases[group][name], plain)


def has_phrase(group: str, name: str) -> bool:
    """Return whether there is a phrase for ``name``, which may be a foreign word."""
    return name in load_sentences().phrases[group]


def _always(text: str, values: Mapping[str, str]) -> str:
    """Fill a sentence that is said whatever is known."""
    blank = {name for name in placeholders(text) if not values.get(name, "").strip()}
    return fill(text, values) or fill(text, {**values, **dict.fromkeys(blank, NOT_KNOWN)}) or ""
