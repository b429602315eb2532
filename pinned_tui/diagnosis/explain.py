"""Explains a cause, an HTTP status, an error code or a section of the guide, offline. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from textwrap import wrap
from typing import Literal

from pinned_tui.diagnosis.backoff import Advice, advice_for, schedule
from pinned_tui.diagnosis.catalog import Catalog, Cause, docs_url, worded
from pinned_tui.diagnosis.explain_topics import CodeTopic, SectionTopic, StatusTopic, Topics
from pinned_tui.diagnosis.templates import fill

ExplanationKind = Literal["cause", "code", "section", "status"]

_STATUS = re.compile(
    r"(?:http(?:/[\d.]{1,4})?|status(?: code)?)?[ :]?([1-5]\d\d)(?: [a-z' -]{1,40})?", re.ASCII
)
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class NamedCause:
    """A cause by its id and its title."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means and what to do about it.

    Attributes:
        kind: What it is that was explained.
        code: Its canonical name: a cause's id, an error code, a section's id, a status.
        section: Title of the section of the guide that it belongs to, if there is one.
        paragraphs: What it means.
        alternatives: What can't be told apart from a cause.
        fix: What to do, in order.
        verify: How one sees that it worked, for a cause.
        causes: Causes behind a status, code or section; for a cause those worth a look.
        docs: Address of the vendor's page.
        advice: How to wait between tries, as words and as code, where that is what to do.
    """

    kind: ExplanationKind
    code: str
    title: str
    paragraphs: tuple[str, ...]
    fix: tuple[str, ...]
    docs: str
    causes: tuple[NamedCause, ...] = ()
    section: str | None = None
    alternatives: tuple[str, ...] = ()
    verify: str | None = None
    advice: Advice | None = None


def explain(code: str, catalogue: Catalog, topics: Topics) -> Explanation | None:
    """Explain ``code``, whatever kind of name it is; None when nothing goes by it.

    Upper and lower case are the same. A name is looked for as it is written first, then with
    spaces, hyphens and underscores taken for one another. The error code ``forbidden`` goes before
    the section of the same id, which the code ``2`` and its title lead to.
    """
    name = " ".join(code.split()).casefold()
    names = _names(catalogue, topics)
    found = next((entry for known, entry in names if known == name), None)
    status = _STATUS.fullmatch(name)
    if found is None and status is not None:
        return _explain_status(int(status[1]), catalogue, topics)
    if found is None:
        loose = _loose(name)
        found = next((entry for known, entry in names if _loose(known) == loose), None)
    match found:
        case Cause():
            return _explain_cause(found, catalogue, topics)
        case CodeTopic():
            return _explain_code(found, catalogue)
        case SectionTopic():
            return _explain_section(found, catalogue)
        case None:
            return None


def suggestions(code: str, catalogue: Catalog, topics: Topics) -> tuple[str, ...]:
    """Return up to three names that can be explained and come close to ``code``, best first."""
    names = {_loose(name): name for name, _ in reversed(_names(catalogue, topics))}
    close = get_close_matches(_loose(" ".join(code.split()).casefold()), names, n=_MOST_NAMES)
    return tuple(names[loose] for loose in close)


def _names(
    catalogue: Catalog, topics: Topics
) -> list[tuple[str, Cause | CodeTopic | SectionTopic]]:
    """List every name in lower case with what it stands for; of equal names the first counts."""
    names: list[tuple[str, Cause | CodeTopic | SectionTopic]] = []
    names += [(cause.id, cause) for cause in catalogue]
    names += [(topic.code, topic) for topic in topics.codes]
    for section in topics.sections:
        names += [(section.id, section), (section.title.casefold(), section)]
        if section.number is not None:
            names += [(str(section.number), section), (f"section {section.number}", section)]
    return names


def _loose(name: str) -> str:
    return re.sub(r"[\s_-]+", "-", name)


def _named(ids: Iterable[str], catalogue: Catalog) -> tuple[NamedCause, ...]:
    return tuple(
        NamedCause(cause_id, fill(catalogue[cause_id].title, {}) or cause_id)
        for cause_id in dict.fromkeys(ids)
    )


def _explain_cause(cause: Cause, catalogue: Catalog, topics: Topics) -> Explanation:
    words = worded(cause, {})
    ways = ", or ".join(topics.words.found_by[way] for way in cause.found_by)
    paragraphs = (
        words.summary,
        f"pinned-tui finds it {ways}. {topics.words.outcome[cause.outcome]}",
        words.unknowable,
    )
    return Explanation(
        kind="cause",
        code=cause.id,
        title=words.title,
        section=cause.section,
        paragraphs=tuple(paragraph for paragraph in paragraphs if paragraph),
        alternatives=words.alternatives,
        fix=words.fix,
        verify=words.verify,
        causes=_named(cause.related, catalogue),
        docs=cause.docs_url,
        advice=advice_for(cause.id),
    )


def _explain_code(topic: CodeTopic, catalogue: Catalog) -> Explanation:
    title = f"{topic.code}: the API's error code with HTTP {topic.status}"
    return _explain_topic("code", topic.code, title, topic, catalogue)


def _explain_section(topic: SectionTopic, catalogue: Catalog) -> Explanation:
    own = [cause.id for cause in catalogue if cause.section == topic.title]
    number = "" if topic.number is None else f"Section {topic.number}: "
    return _explain_topic(
        "section", topic.id, number + topic.title, topic, catalogue, (*topic.causes, *own)
    )


def _explain_status(status: int, catalogue: Catalog, topics: Topics) -> Explanation | None:
    topic = next((row for row in topics.statuses if row.covers(status)), None)
    if topic is None:
        return None
    title = fill(topic.title, {"status": status}) or str(status)
    return _explain_topic("status", str(status), title, topic, catalogue)


def _explain_topic(
    kind: ExplanationKind,
    code: str,
    title: str,
    topic: StatusTopic | CodeTopic | SectionTopic,
    catalogue: Catalog,
    causes: Iterable[str] | None = None,
) -> Explanation:
    return Explanation(
        kind=kind,
        code=code,
        title=title,
        paragraphs=topic.paragraphs,
        fix=topic.fix,
        causes=_named(topic.causes if causes is None else causes, catalogue),
        docs=docs_url(topic.docs),
    )


def render_text(explanation: Explanation, width: int = 80) -> str:
    """Lay ``explanation`` out as plain text, ``width`` columns wide and ending in a newline.

    Commands and addresses are not broken, so a line that holds a long one may be longer.
    """
    return "\n".join(_lines(explanation, max(width, 30))) + "\n"


def _lines(explanation: Explanation, width: int) -> Iterator[str]:
    yield from _wrapped(explanation.title, width)
    if explanation.kind == "cause":
        yield from _wrapped(f"{explanation.code} · {explanation.section}", width)
    for paragraph in explanation.paragraphs:
        yield ""
        yield from _wrapped(paragraph, width)
    if explanation.alternatives:
        yield from ("", "What can't be told apart")
        for alternative in explanation.alternatives:
            yield from _wrapped(alternative, width, "  - ")
    yield from ("", "What to do")
    for number, step in enumerate(explanation.fix, start=1):
        yield from _wrapped(step, width, f"{number:>3}. ")
    if explanation.verify:
        yield from ("", "How you see that it worked")
        yield from _wrapped(explanation.verify, width, "  ")
    if explanation.advice is not None:
        yield from _waits(explanation.advice, width)
    if explanation.causes:
        yield from ("", "See also" if explanation.kind == "cause" else "What may be behind it")
        yield from _table(explanation.causes, width)
    yield from ("", f"Documentation: {explanation.docs}")


def _waits(advice: Advice, width: int) -> Iterator[str]:
    """List the waits and the samples; code is not wrapped, so that it can be copied."""
    yield from ("", advice.title)
    yield from _wrapped(advice.lead, width, "  ")
    yield from _wrapped(", ".join(str(wait) for wait in schedule()), width, "  ")
    for sample in advice.samples:
        yield from ("", f"  {sample.title}")
        yield from (f"    {code}".rstrip() for code in sample.text.splitlines())


def _table(causes: tuple[NamedCause, ...], width: int) -> Iterator[str]:
    """List causes in two columns, or one below the other where the titles would get too narrow."""
    column = max(len(cause.id) for cause in causes) + 4
    for cause in causes:
        if width - column >= 36:
            yield from _wrapped(cause.title, width, f"  {cause.id}".ljust(column))
        else:
            yield f"  {cause.id}"
            yield from _wrapped(cause.title, width, "    ")


def _wrapped(text: str, width: int, lead: str = "") -> list[str]:
    return wrap(
        text,
        width,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
