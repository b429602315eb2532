"""What was seen, and what follows from it."""

from typing import Any, Final, Literal

import msgspec

from pinned_tui.session.states import Certainty, Status


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that a probe or an inspection saw.

    Attributes:
        code: The fact's name, ``<probe>.<fact>``, listed in :mod:`pinned_tui.session.codes`.
        asked: Whether the user asked for what this decides; what nobody asked for informs but
            does not alarm.
        data: The particulars, plain JSON.
        exchanges: Ids of the exchanges that it was read from.
    """

    id: str
    run: str
    probe: str
    code: str
    status: Status
    summary: str
    asked: bool = True
    data: dict[str, Any] = {}
    exchanges: tuple[str, ...] = ()


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A cause with its certainty and evidence, in words ready to be read.

    Attributes:
        cause: An id of the catalogue (``diagnosis/data``); the ids are a contract.
        subject: Which scope, channel, event or field; the retry moment for a rate limit.
        found: The offending value, cleaned and redacted.
        suggestion: The value proposed instead.
        alternatives: What the evidence can't tell apart from this.
        unknowable: What can't be known from outside, and who can look.
        evidence: Ids of observations.
    """

    cause: str
    certainty: Certainty
    title: str
    section: str
    summary: str
    fix: tuple[str, ...]
    verify: str
    docs: str
    evidence: tuple[str, ...]
    subject: str | None = None
    found: str | None = None
    suggestion: str | int | None = None
    alternatives: tuple[str, ...] = ()
    unknowable: str | None = None


LEFT_OPEN: Final = "check-incomplete"
"""The cause that finds nothing, and only says what a check did not get to."""

NOT_REPRODUCED: Final = "symptom-not-reproduced"
"""The cause that says that what the user named was not met, and what to rule out next."""

NAMES_NO_FAULT: Final = frozenset({LEFT_OPEN, NOT_REPRODUCED})
"""The causes that find nothing: there is nothing in them to fix, or to prove fixed."""

Standing = Literal["fits", "open", "ruled out", "not judged"]
"""Where a cause stands: what was seen fits it; it can't be told apart from the first verdict or
was not looked at; what was seen excludes it; something else comes first."""

Cost = Literal["free", "reads", "asks", "consent"]
"""What it costs to tell: nothing is sent; requests that only read; the user is asked something;
a probe that the user has to agree to first."""


class NextStep(msgspec.Struct, frozen=True, kw_only=True):
    """The cheapest way to narrow it down: a probe that was not run, or what the user can say.

    Attributes:
        title: What the probe finds out, the question, or what to look at; in words.
        probe: Id of the probe, where it is one.
        question: Id of the guide's step that asks, where there is one.
    """

    title: str
    cost: Cost
    probe: str | None = None
    question: str | None = None


class Considered(msgspec.Struct, frozen=True, kw_only=True):
    """A cause that was considered for the leading question, and where it stands.

    Attributes:
        cause: An id of the catalogue; None for a possibility that has no row of its own, and for
            a check that was not done.
        subject: Which scope, channel, event or field, where the cause is about one.
        why: Why it stands there, in words.
        speaks_for: Ids of the observations that speak for it.
        against: Ids of the observations that speak against it.
        next: What would narrow it down, where something is left to try.
    """

    cause: str | None
    title: str
    standing: Standing
    why: str
    subject: str | None = None
    speaks_for: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    next: NextStep | None = None


Fate = Literal["gone", "staying", "asked differently", "not proven", "only told"]
"""What became of a verdict of the first run: the latest run looked again and it is not so any
more; it is still so; another question was asked, to which it is no answer; the latest run does not
tell; it rests on the user's answers alone, which no check can test."""


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict of the first run, and what the latest run proves of it.

    Attributes:
        certainty: How certain it was.
        why: What shows it, or why nothing does, in words.
        evidence: Ids of observations of the latest run that show it.
    """

    cause: str
    title: str
    certainty: Certainty
    fate: Fate
    why: str
    subject: str | None = None
    evidence: tuple[str, ...] = ()
