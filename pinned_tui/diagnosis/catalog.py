"""The catalogue of causes: every cause that pinned-tui can name, in words kept as data.

The rows are TOML files in ``data``, one for each group of causes, written to be edited by someone
who does not read Python. The id of a cause is a contract: it appears in JSON output, reports and
the history and never changes its meaning. The sentences follow the rules of
:mod:`pinned_tui.diagnosis.templates`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal, get_args

import msgspec

from pinned_tui.diagnosis.run_diff import QuestionPart
from pinned_tui.diagnosis.templates import (
    PLACEHOLDERS,
    Values,
    check_sentence,
    fill,
    fill_all,
)
from pinned_tui.session.codes import ProbeId, unknown_codes

FILES = (
    "key.toml",
    "authentication.toml",
    "access.toml",
    "address.toml",
    "network.toml",
    "body.toml",
    "idempotency.toml",
    "rate.toml",
    "visibility.toml",
    "answers.toml",
)
"""The files of the catalogue; their order is the order of the causes."""

CauseLayer = Literal[
    "key",
    "address",
    "network",
    "responder",
    "authentication",
    "rate",
    "scope",
    "channel",
    "body",
    "event",
    "idempotency",
]
LAYERS: tuple[CauseLayer, ...] = get_args(CauseLayer)
"""What a request passes through, in order; behind a failed layer nothing can be judged."""

SectionId = Literal[
    "401 Unauthorized",
    "403 Forbidden",
    "Missing scope",
    "Wrong channelId",
    "Validation errors",
    "Duplicate events",
    "Rate limits",
    "Lost API key secret",
    "Event not visible",
    "Network",
    "Address",
    "Answers",
]
SECTIONS: tuple[SectionId, ...] = get_args(SectionId)
"""The nine sections of the vendor's troubleshooting guide by title, then three of our own."""

CauseOutcome = Literal["problem", "inconclusive", "explanation", "note"]
"""What a cause makes of a check: something to fix, a check that could not be finished, an answer
with nothing to fix, or a remark beside the verdicts."""

FoundBy = Literal["live", "offline", "asked"]
"""How a cause is found: by a probe with the user's key, in what they pasted, or by asking."""

DocsPage = Literal[
    "getting-started",
    "authentication",
    "api-keys-and-scopes",
    "channels",
    "create-events",
    "idempotency",
    "errors",
    "rate-limits",
    "pagination",
    "security-best-practices",
    "troubleshooting",
    "examples",
    "faq",
]
DOCS_PAGES: tuple[DocsPage, ...] = get_args(DocsPage)
"""The vendor's documentation pages."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_NAMES_WHAT_WAS_SEEN = re.compile(r"\{(?:detail\b|[a-z_]+\})")
_MAY = re.compile(r"\bmay\b")
_DOCS = "https://pinned.events/developers/docs/"


class CatalogError(ValueError):
    """A data file of the catalogue is wrong; the message names the file and the row."""


def docs_url(page: str) -> str:
    """Return the address of one of the vendor's :data:`DOCS_PAGES`."""
    return _DOCS + page


class Cause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One cause that a user can act on, as it is written in the data.

    Attributes:
        id: The contract; lower-case words joined by hyphens.
        section: Title of the section of the guide that it belongs to.
        layer: What a request passes when it meets this cause.
        outcome: What it makes of a check.
        title: One line without a full stop; stands without any value.
        summary: What was seen and what it means, in sentences; for evidence that exists.
        possible_title: The title where it may be so and may not.
        possible: The summary where nothing was seen of it; in the conditional.
        fix: What to do, in order; the first is the most likely to help.
        verify: How the user sees that it worked; stands without any value.
        docs: The vendor's page that says most about it.
        found_by: How it can be found.
        alternatives: What the evidence can't tell apart from it: sentences, or ids of causes.
        unknowable: What can't be known from outside, who can look, and where.
        related: Ids of further causes worth a look.
        excluded_by: Codes of observations that rule it out where they pass.
        hinted_by: Codes of observations that speak for it, and decide nothing.
        explains: Ids of causes that are only signs of this one.
        tested_by: Ids of the probes that find out whether it is this.
        hangs_on: Parts of the question that it hangs on beside its own scope, channel or event:
            where they change, its absence proves nothing.
        passing_subject: Whether its subject names one answer, such as its request ID, and not
            what was asked about.
        look: Where a user can see whether it is this, for what no probe can tell; a sentence.
    """

    id: str
    section: SectionId
    layer: CauseLayer
    outcome: CauseOutcome
    title: str
    summary: tuple[str, ...]
    possible_title: str
    possible: tuple[str, ...]
    fix: tuple[str, ...]
    verify: str
    docs: DocsPage
    found_by: tuple[FoundBy, ...]
    alternatives: tuple[str, ...] = ()
    unknowable: str | None = None
    related: tuple[str, ...] = ()
    excluded_by: tuple[str, ...] = ()
    hinted_by: tuple[str, ...] = ()
    explains: tuple[str, ...] = ()
    tested_by: tuple[ProbeId, ...] = ()
    hangs_on: tuple[QuestionPart, ...] = ()
    passing_subject: bool = False
    look: str | None = None

    @property
    def docs_url(self) -> str:
        """Address of the vendor's page that says most about it."""
        return docs_url(self.docs)


@dataclass(frozen=True, slots=True)
class RenderedCause:
    """A cause in words that are ready to be read, made of what was seen."""

    title: str
    summary: str
    fix: tuple[str, ...]
    verify: str
    alternatives: tuple[str, ...]
    unknowable: str | None


class Catalog:
    """All causes, in the order of the files."""

    def __init__(self, causes: tuple[Cause, ...]) -> None:
        self._causes = causes
        self._by_id = {cause.id: cause for cause in causes}

    @property
    def causes(self) -> tuple[Cause, ...]:
        """All causes in file order."""
        return self._causes

    def get(self, cause_id: str) -> Cause | None:
        """Return the cause, or None: an old session may name one that this version lacks."""
        return self._by_id.get(cause_id)

    def __getitem__(self, cause_id: str) -> Cause:
        return self._by_id[cause_id]

    def __contains__(self, cause_id: object) -> bool:
        return cause_id in self._by_id

    def __iter__(self) -> Iterator[Cause]:
        return iter(self._causes)

    def __len__(self) -> int:
        return len(self._causes)


@cache
def load_catalogue() -> Catalog:
    """Read the catalogue that comes with the package, once.

    Raises:
        CatalogError: a data file is wrong.
    """
    return read_catalogue(files("pinned_tui.diagnosis") / "data")


def read_catalogue(folder: Traversable, names: tuple[str, ...] = FILES) -> Catalog:
    """Read the files ``names`` in ``folder``; strict, since a slip in a sentence is a wrong answer.

    Raises:
        CatalogError: unreadable TOML, an unknown key, section, layer, outcome, page, probe,
            observation or placeholder, an id that appears twice or is not known, an incomplete row.
    """
    causes: dict[str, Cause] = {}
    origin: dict[str, str] = {}
    for name in names:
        for cause in _read_file(folder / name):
            if cause.id in origin:
                other = origin[cause.id]
                raise CatalogError(f"{name}: cause {cause.id}: the id is taken in {other}")
            causes[cause.id] = cause
            origin[cause.id] = name
    return Catalog(tuple(_resolve(cause, causes, origin[cause.id]) for cause in causes.values()))


def worded(
    cause: Cause, values: Values, *, seen: bool = True, guess: bool = False
) -> RenderedCause:
    """Put what was seen into the words of ``cause``.

    Sentences whose values are not known are left out; title, verify, at least one sentence of the
    summary and one step of the fix always remain.

    Args:
        cause: A cause of the catalogue.
        values: What was seen, by placeholder: foreign text, already cleaned and redacted.
        seen: Whether there is evidence; without it the summary claims nothing.
        guess: Whether it may not be so, which title and summary then say.

    Raises:
        ValueError: ``values`` names something that is no placeholder, a mistake of the caller.
    """
    unknown = sorted(values.keys() - PLACEHOLDERS.keys())
    if unknown:
        raise ValueError(f"not a placeholder of the catalogue: {', '.join(unknown)}")
    return RenderedCause(
        title=fill(cause.possible_title if guess else cause.title, values) or cause.id,
        summary=" ".join(fill_all(_summary(cause, seen=seen, guess=guess), values)),
        fix=fill_all(cause.fix, values),
        verify=fill(cause.verify, values) or "",
        alternatives=fill_all(cause.alternatives, values),
        unknowable=fill(cause.unknowable, values) if cause.unknowable else None,
    )


def _summary(cause: Cause, *, seen: bool, guess: bool) -> Iterator[str]:
    """Yield what may be said: of a guess what may be so, and then only what was seen itself."""
    if seen and not guess:
        yield from cause.summary
        return
    yield from cause.possible
    if seen:
        yield from filter(_NAMES_WHAT_WAS_SEEN.search, cause.summary)


def read_toml(file: Traversable) -> dict[str, Any]:
    """Read a data file.

    Raises:
        CatalogError: it is not there, or no TOML in UTF-8.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(f"{file.name}: can't be read: {error}") from error


def _read_file(file: Traversable) -> Iterator[Cause]:
    document = read_toml(file)
    rows = document.get("cause")
    tables = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    if set(document) != {"cause"} or not tables:
        raise CatalogError(f"{file.name}: a file holds [[cause]] rows and nothing else")
    for position, row in enumerate(document["cause"], start=1):
        yield _read_row(row, file.name, position)


def _read_row(row: Mapping[str, Any], name: str, position: int) -> Cause:
    where = f"{name}: cause {row.get('id', f'number {position}')}"
    try:
        cause = msgspec.convert(row, Cause)
        _check_words(cause)
    except (msgspec.ValidationError, ValueError) as error:
        raise CatalogError(f"{where}: {error}") from error
    return cause


def _check_words(cause: Cause) -> None:
    if not _ID.fullmatch(cause.id):
        raise ValueError("an id is lower-case words joined by hyphens")
    if not cause.found_by:
        raise ValueError("found_by is empty")
    if unknown := unknown_codes((*cause.excluded_by, *cause.hinted_by)):
        raise ValueError(f"no probe reports {', '.join(unknown)}")
    if not _MAY.search(cause.possible_title):
        raise ValueError("possible_title must say that it may be so")
    for line in (cause.title, cause.possible_title, cause.verify):
        check_sentence(line, always=True)
    others = (*cause.possible, *cause.fix, *cause.alternatives, cause.unknowable or "-")
    for sentence in (*cause.summary, *others):
        check_sentence(sentence)
    parts = {"summary": cause.summary, "possible": cause.possible, "fix": cause.fix}
    for part, sentences in parts.items():
        if not fill_all(sentences, {}):
            raise ValueError(f"{part} needs a sentence that stands without any value")


def _resolve(cause: Cause, causes: Mapping[str, Cause], name: str) -> Cause:
    """Check the ids of other causes, and turn those among the alternatives into words."""
    ids = {text for text in cause.alternatives if _ID.fullmatch(text)}
    named = (*ids, *cause.related)
    unknown = sorted(text for text in named if text not in causes or text == cause.id)
    if unknown:
        raise CatalogError(f"{name}: cause {cause.id}: no other cause {', '.join(unknown)}")
    alternatives = tuple(
        _named(causes[text]) if text in ids else text for text in cause.alternatives
    )
    return msgspec.structs.replace(cause, alternatives=alternatives)


def _named(cause: Cause) -> str:
    """Name another cause in a sentence; the values of a verdict are not about it."""
    title = fill(cause.title, {}) or cause.id
    return f"{title} ({cause.id})".replace("{", "{{").replace("}", "}}")
