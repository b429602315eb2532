"""What an inspection says: sentences that are data, with what was seen put into them. Pure.

The sentences are in ``data/sentences``, one file for each part of the input that is inspected, in
the language of :mod:`pinned_tui.diagnosis.templates`. A rule chooses one and gives the values;
foreign text among them is cleaned and redacted by whoever gives it.
"""

import functools
from collections.abc import Mapping

from pinned_tui.diagnosis.templates import SentenceError, check_sentence, fill
from pinned_tui.inspect.tables import load_table

_EMPTY = "(empty)"
"""Stands for a value without anything visible: the sentence around it still holds."""


def say(key: str, /, **values: str | int) -> str:
    """Return a sentence.

    Args:
        key: File, cause or note, and variant, as in ``request.url-wrong-host.other``.
        values: What stands for its placeholders, all of them.

    Raises:
        SentenceError: there is no such sentence, or a placeholder was not given.
    """
    file, _, name = key.partition(".")
    sentence = load_sentences(file).get(name)
    if sentence is None:
        raise SentenceError(f"unknown sentence: {key}")
    visible = {
        name: _EMPTY if isinstance(value, str) and not value.strip() else value
        for name, value in values.items()
    }
    text = fill(sentence, visible)
    if text is None:
        raise SentenceError(f"a placeholder of {key} was not given: {sentence!r}")
    return text


@functools.cache
def load_sentences(file: str) -> Mapping[str, str]:
    """Return the sentences of a file by cause and variant, read when one is first needed.

    Raises:
        ValueError: the file is not what it should be, or a sentence breaks the rules.
    """
    groups = load_table(f"sentences/{file}", dict[str, dict[str, str]])
    for sentences in groups.values():
        for sentence in sentences.values():
            check_sentence(sentence, names=None)
    return {
        f"{group}.{variant}": sentence
        for group, sentences in groups.items()
        for variant, sentence in sentences.items()
    }
