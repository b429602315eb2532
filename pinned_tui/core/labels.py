"""Words and signs that every face shows alike: the command line, the reports and the TUI.

A sign is a glyph together with a word, because colour alone, or a glyph alone, tells some people
nothing. Pure: no I/O, no clock, no colour.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal

from pinned_tui.core.clock import parse_timestamp
from pinned_tui.session import (
    LEFT_OPEN,
    NAMES_NO_FAULT,
    NOT_REPRODUCED,
    NOT_SURE,
    Certainty,
    Cost,
    Fate,
    Observation,
    Outcome,
    ScopeState,
    Session,
    Standing,
    Status,
    Target,
    Verdict,
)

Role = Literal["plain", "strong", "ok", "problem", "warn", "unsure", "muted"]
"""What a text stands for where it is drawn; each face has a style of its own for it."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph and the word that goes with it; ``str()`` gives both.

    Attributes:
        glyph: One character, one cell wide.
        word: The same in one or two words, lower case.
        role: What it stands for.
    """

    glyph: str
    word: str
    role: Role = "plain"

    def __str__(self) -> str:
        return f"{self.glyph} {self.word}"


STATUS: Final[Mapping[Status, Glyph]] = MappingProxyType(
    {
        Status.PASS: Glyph("✓", "pass", "ok"),
        Status.FAIL: Glyph("✗", "fail", "problem"),
        Status.WARN: Glyph("!", "warn", "warn"),
        Status.SKIP: Glyph("–", "skip", "muted"),  # noqa: RUF001 - a dash as wide as the other glyphs
        Status.UNKNOWN: Glyph("?", "unknown", "unsure"),
    }
)

OUTCOME: Final[Mapping[Outcome | None, Glyph]] = MappingProxyType(
    {
        Outcome.HEALTHY: Glyph("✓", "healthy", "ok"),
        Outcome.PROBLEM: Glyph("✗", "problem", "problem"),
        Outcome.INCONCLUSIVE: Glyph("?", "inconclusive", "unsure"),
        None: Glyph("…", "not finished", "muted"),
    }
)
"""The key None is a session, or a run, that has not come to its end."""

CERTAINTY: Final[Mapping[Certainty, Glyph]] = MappingProxyType(
    {
        Certainty.CONFIRMED: Glyph("●", "confirmed", "strong"),
        Certainty.LIKELY: Glyph("◐", "likely", "strong"),
        Certainty.POSSIBLE: Glyph("○", "possible", "strong"),
    }
)

_CERTAINTY_MEANING: Final[Mapping[Certainty, str]] = MappingProxyType(
    {
        Certainty.CONFIRMED: "Nothing else explains what we saw.",
        Certainty.LIKELY: "The best explanation; others are not ruled out.",
        Certainty.POSSIBLE: "Possible, but nothing points to it in particular.",
    }
)

STANDING: Final[Mapping[Standing, Glyph]] = MappingProxyType(
    {
        "fits": Glyph("●", "fits", "problem"),
        "open": Glyph("○", "still open", "warn"),
        "ruled out": Glyph("✗", "ruled out", "ok"),
        "not judged": Glyph("–", "not judged", "muted"),  # noqa: RUF001 - as above
    }
)

FATE: Final[Mapping[Fate, Glyph]] = MappingProxyType(
    {
        "gone": Glyph("✓", "fixed", "ok"),
        "staying": Glyph("✗", "not fixed", "problem"),
        "not proven": Glyph("?", "not verified", "unsure"),
        "asked differently": Glyph("–", "different question", "muted"),  # noqa: RUF001 - as above
        "only told": Glyph("–", "not re-tested", "muted"),  # noqa: RUF001 - as above
    }
)
"""What became of a fault that was found before."""

COST: Final[Mapping[Cost, str]] = MappingProxyType(
    {
        "free": "nothing is sent",
        "reads": "only reads",
        "asks": "only you can tell",
        "consent": "asks you first",
    }
)

ANSWERED_BY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "api": "the API",
        "edge": "a protection layer before the API",
        "gateway": "a gateway before the API",
        "proxy": "a proxy of your network",
        "site": "another website",
        "portal": "a login page",
        "redirect": "a redirect",
        "broken": "something whose response can't be read",
        "other": "something that is not the API",
    }
)
"""Who answered, in words, by the names of :mod:`pinned_tui.api_spec.response_origin`."""

FOUND_TOO: Final = "Also found"
"""The heading over the verdicts behind the leading one."""

UNTOLD: Final = "Undecided (you answered “I can't tell”)"
"""The heading over causes that stand only because the user could not answer."""

CHECK_THE_FIX: Final = "How to check the fix"
"""What introduces how a user sees that a fix works."""

WHY: Final = "Why this cause"
"""The heading over the causes that were considered."""

SCOPE: Final[Mapping[ScopeState, Glyph]] = MappingProxyType(
    {
        ScopeState.PRESENT: Glyph("✓", "present", "ok"),
        ScopeState.MISSING: Glyph("✗", "missing", "problem"),
        ScopeState.UNKNOWN: Glyph("?", "unknown", "unsure"),
        ScopeState.NOT_PROBED: Glyph("–", "not probed", "muted"),  # noqa: RUF001 - as above
    }
)

MARK: Final[Mapping[str, Glyph]] = MappingProxyType(
    {
        "created": Glyph("✓", "created", "ok"),
        "replayed": Glyph("↺", "replayed", "ok"),
        "duplicate": Glyph("✗", "duplicate", "problem"),
        "conflict": Glyph("✗", "conflict", "problem"),
        "in progress": Glyph("…", "in progress", "warn"),
        "updated": Glyph("✓", "updated", "ok"),
        "read": Glyph("✓", "read", "ok"),
        "refused": Glyph("✗", "refused", "problem"),
        "limited": Glyph("!", "limited", "warn"),
        "failed": Glyph("✗", "failed", "problem"),
        "unknown": Glyph("?", "unknown", "muted"),
    }
)
"""What a request of a log came to."""

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR

_NO_VERDICT: Final[Mapping[Outcome | None, str]] = MappingProxyType(
    {
        Outcome.HEALTHY: "All checks passed",
        Outcome.PROBLEM: "Something needs fixing",
        Outcome.INCONCLUSIVE: "The checks could not be finished",
        None: "Not finished",
    }
)


UNTESTED: Final = "Only your answers named this: no check can tell whether it is fixed."
"""Said of causes that a verified fix proves nothing about."""


def names_no_fault(verdict: Verdict) -> bool:
    """Return whether ``verdict`` only says what a check did not get to, or did not meet."""
    return verdict.cause in NAMES_NO_FAULT


def remedy_title(verdict: Verdict) -> str:
    """Return the heading over what to do about ``verdict``."""
    return "What to rule out next" if verdict.cause == NOT_REPRODUCED else "What to do"


def certainty_meaning(verdict: Verdict) -> str:
    """Return what the certainty of ``verdict`` means, in a sentence."""
    if verdict.cause == NOT_REPRODUCED:
        return "We can't say yet what causes it."
    if verdict.cause == LEFT_OPEN:
        return "We can't say yet."
    return _CERTAINTY_MEANING[verdict.certainty]


def concerns(verdict: Verdict) -> str | None:
    """Return what ``verdict`` is about, for a line of its own; None where the summary names it."""
    groups = _GROUP.findall(verdict.subject or "")
    if verdict.subject is None or (groups and all(one in verdict.summary for one in groups)):
        return None
    return moment(verdict.subject)  # for a wait


def found_value(verdict: Verdict) -> str | None:
    """Return the offending value, for a line of its own; None for a sentence already said."""
    found = verdict.found
    return None if found is not None and " " in found and found in verdict.summary else found


_GROUP: Final = re.compile(r"“[^”]*” \([^)]*\)")
"""A group of events that are alike: their title and their IDs."""


def headline(session: Session) -> str:
    """Return what the session came to, in one line: the title of its leading verdict.

    A session without a verdict is described by its outcome.
    """
    if session.verdicts:
        return session.verdicts[0].title
    looked_at = session.run is not None and session.run.purpose == "inspect"
    if looked_at and session.outcome is Outcome.HEALTHY:
        return "No problems found in this input"
    if session.outcome is Outcome.HEALTHY and any(_is_doubtful(one) for one in session.latest()):
        return "No problems found, but see the warnings"
    return _NO_VERDICT[session.outcome]


def _is_doubtful(seen: Observation) -> bool:
    """Return whether what was seen keeps a check from having passed, asked for or not."""
    return seen.status in {Status.WARN, Status.FAIL, Status.UNKNOWN}


def gist(session: Session) -> str:
    """Return what the session was about, in one line, to tell it from others in a list.

    It is the headline, but for a problem that checks found and that was fixed: there the headline
    says only that all is well.
    """
    first = session.before
    if first is not None and session.outcome is Outcome.HEALTHY:
        found = (
            first.verdicts[0] if first.outcome is not Outcome.HEALTHY and first.verdicts else None
        )
        if found is not None and found.cause not in NAMES_NO_FAULT and _is_gone(session, found):
            return f"Fixed: {found.title}"
    return headline(session)


def _is_gone(session: Session, found: Verdict) -> bool:
    """Return whether a verdict is proved to be fixed; sessions of old say it by being healthy."""
    if not session.proof:
        return bool(found.evidence)
    return any(
        (one.cause, one.subject, one.fate) == (found.cause, found.subject, "gone")
        for one in session.proof
    )


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return ``count`` with its noun: ``1 request``, ``5 requests``, ``1,200 requests``.

    Args:
        count: How many.
        one: The noun for exactly one.
        many: The noun for any other count; ``one`` with an *s* unless given.
    """
    noun = one if count == 1 else many or f"{one}s"
    return f"{count:,} {noun}"


def describe_target(target: Target) -> str:
    """Return what was asked about in one line, such as ``pinned.events · channel 42``.

    ``https`` goes without saying and is left out; any other scheme is shown.
    """
    parts = [target.base_url.removeprefix("https://")]
    if target.channel_id is not None:
        parts.append(f"channel {target.channel_id}")
    elif target.channel_given is not None:
        parts.append(f"channel {target.channel_given}")
    if target.event_id is not None:
        parts.append(f"event {target.event_id}")
    elif target.event_title is not None:
        parts.append(f"event “{target.event_title}”")
    if target.symptom not in {None, NOT_SURE}:
        parts.insert(1, f"symptom {target.symptom}")
    parts.extend(f"needs {scope}" for scope in target.needs)
    if target.payload is not None:
        parts.append(f"payload {target.payload}")
    return " · ".join(parts)


def duration(span: timedelta | float) -> str:
    """Return a span of time in words: ``340 ms``, ``2.3 s``, ``1 min 20 s``, ``2 h 5 min``.

    Args:
        span: The span, as a timedelta or in seconds. Less than nothing counts as nothing.
    """
    seconds = max(0.0, span.total_seconds() if isinstance(span, timedelta) else float(span))
    if seconds < 0.9995:  # what would read "1000 ms" is a second
        return f"{round(seconds * 1000)} ms"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    return _in_units(round(seconds))


def wait(span: timedelta | float) -> str:
    """Return how long to wait yet, in words: ``20 s``, ``1 min 20 s``, ``2 h 5 min``.

    Rounded up to the smaller unit shown, so that whoever waits as told is never early.
    """
    seconds = span.total_seconds() if isinstance(span, timedelta) else float(span)
    whole = max(0, math.ceil(seconds))
    for unit, shown_from in ((_HOUR, _DAY), (_MINUTE, _HOUR)):
        if whole > shown_from:
            whole = math.ceil(whole / unit) * unit
            break
    return _in_units(whole)


def moment(timestamp: str) -> str:
    """Return an RFC 3339 timestamp for people, always in UTC: ``2026-11-23 22:04:05 UTC``.

    Text that is no such timestamp comes back as it is.
    """
    try:
        return f"{parse_timestamp(timestamp):%Y-%m-%d %H:%M:%S} UTC"
    except ValueError:
        return timestamp


def elapsed(started_at: str, finished_at: str | None) -> str | None:
    """Return the span between two timestamps in words, or None where one is not to be had."""
    if finished_at is None:
        return None
    try:
        return duration(parse_timestamp(finished_at) - parse_timestamp(started_at))
    except ValueError:
        return None


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago ``then`` was: ``just now``, ``5 min ago``, ``yesterday``, a date.

    Args:
        then: The moment in question, aware.
        now: The present moment, aware; its zone decides what counts as yesterday.
    """
    seconds = (now - then).total_seconds()
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min ago"
    days = (now.date() - then.astimezone(now.tzinfo).date()).days
    if days == 0:
        return f"{int(seconds // _HOUR)} h ago"
    if days == 1:
        return "yesterday"
    if days < 7:
        return f"{days} days ago"
    return f"{then.astimezone(now.tzinfo):%Y-%m-%d}"


def _in_units(seconds: int) -> str:
    """Return whole seconds in the two largest units that say something."""
    minutes, second = divmod(seconds, _MINUTE)
    hours, minute = divmod(minutes, _HOUR // _MINUTE)
    days, hour = divmod(hours, 24)
    if days:
        return _pair(plural(days, "day"), hour, "h")
    if hours:
        return _pair(f"{hours} h", minute, "min")
    if minutes:
        return _pair(f"{minutes} min", second, "s")
    return f"{second} s"


def _pair(first: str, rest: int, unit: str) -> str:
    """Join the larger unit with the smaller one, which is left out when there is none of it."""
    return f"{first} {rest} {unit}" if rest else first
