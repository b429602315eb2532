"""What can be explained besides causes: HTTP statuses, error codes, sections of the guide.

The words are TOML files in ``data/explain``. They hold without any finding, so they have no
placeholders but ``{status}`` in the rows that stand for many statuses.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, get_args

import msgspec

from pinned_tui.diagnosis.catalog import (
    SECTIONS,
    Catalog,
    CatalogError,
    CauseOutcome,
    DocsPage,
    FoundBy,
    load_catalogue,
    read_toml,
)


class Topic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every explanation consists of.

    Attributes:
        paragraphs: What it means.
        fix: What to do, in order.
        docs: The vendor's page that says most about it.
        causes: Ids of the causes that may be behind it, the likeliest first.
    """

    paragraphs: tuple[str, ...]
    fix: tuple[str, ...]
    docs: DocsPage
    causes: tuple[str, ...] = ()


class StatusTopic(Topic, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The HTTP statuses from ``first`` to ``last``, or ``first`` alone."""

    first: int
    title: str
    last: int | None = None

    def covers(self, status: int) -> bool:
        """Tell whether ``status`` is one of them."""
        return self.first <= status <= (self.last or self.first)


class CodeTopic(Topic, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code of the API's error envelope, with the HTTP status that it comes with."""

    code: str
    status: int


class SectionTopic(Topic, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A section of the guide, or one of ours, which have no number.

    Its causes are ``causes``, then the rest of those that name it in the catalogue.
    """

    id: str
    title: str
    number: int | None = None


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sentences that the explanations of causes share."""

    outcome: dict[CauseOutcome, str]
    found_by: dict[FoundBy, str]


class Topics(msgspec.Struct, frozen=True, kw_only=True):
    """All topics, in the order of their files."""

    statuses: tuple[StatusTopic, ...]
    codes: tuple[CodeTopic, ...]
    sections: tuple[SectionTopic, ...]
    words: Words


_T = TypeVar("_T")


@cache
def load_topics() -> Topics:
    """Read the topics that come with the package, once.

    Raises:
        CatalogueError: a data file is wrong.
    """
    return read_topics(files("pinned_tui.diagnosis") / "data" / "explain", load_catalogue())


def read_topics(folder: Traversable, catalogue: Catalog) -> Topics:
    """Read the topics in ``folder`` and hold them against ``catalogue``.

    Raises:
        CatalogueError: unreadable TOML, an unknown key, page or cause, a name that appears twice,
            a section that the catalogue does not have or that is missing.
    """
    topics = Topics(
        statuses=_rows(folder, "status", "statuses.toml", StatusTopic),
        codes=_rows(folder, "code", "codes.toml", CodeTopic),
        sections=_rows(folder, "section", "sections.toml", SectionTopic),
        words=_converted(read_toml(folder / "words.toml"), Words, "words.toml"),
    )
    for fault in _faults(topics, catalogue):
        raise CatalogError(fault)
    return topics


def _rows(folder: Traversable, kind: str, name: str, row: type[_T]) -> tuple[_T, ...]:
    document = read_toml(folder / name)
    if set(document) != {kind}:
        raise CatalogError(f"{name}: a file holds [[{kind}]] rows and nothing else")
    return _converted(document[kind], tuple[row, ...], name)  # type: ignore[valid-type]


def _converted(value: Any, kind: type[_T], name: str) -> _T:  # noqa: ANN401 - any TOML value
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise CatalogError(f"{name}: {error}") from error


def _faults(topics: Topics, catalogue: Catalog) -> Iterator[str]:
    named: Mapping[str, tuple[tuple[str, Topic], ...]] = {
        "statuses.toml": tuple((f"{t.first}-{t.last or ''}", t) for t in topics.statuses),
        "codes.toml": tuple((t.code, t) for t in topics.codes),
        "sections.toml": tuple((t.id, t) for t in topics.sections),
    }
    for file, rows in named.items():
        names = [name for name, _ in rows]
        for name, topic in rows:
            if names.count(name) > 1:
                yield f"{file}: {name} appears twice"
            unknown = [cause for cause in topic.causes if cause not in catalogue]
            if unknown:
                yield f"{file}: {name}: no such cause: {', '.join(unknown)}"
            if not topic.paragraphs or not topic.fix:
                yield f"{file}: {name}: paragraphs and fix must not be empty"
    if tuple(topic.title for topic in topics.sections) != SECTIONS:
        yield "sections.toml: the titles are not the sections of the catalogue, in their order"
    if set(topics.words.outcome) != set(get_args(CauseOutcome)):
        yield "words.toml: outcome does not have a sentence for each outcome"
    if set(topics.words.found_by) != set(get_args(FoundBy)):
        yield "words.toml: found_by does not have words for each way"
