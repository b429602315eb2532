"""The words in which a session says how things stand."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, Literal, get_args

Scope = Literal["channels:read", "events:create", "events:read", "events:update", "media:create"]
"""A scope of an API key, as the vendor's page *API keys and scopes* names it."""

SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)


NamedSymptom = Literal[
    "401", "403", "scope", "channel", "validation", "duplicates", "429", "not-visible"
]
"""What a user can name that they see, in the order of the guide's sections."""

Symptom = NamedSymptom | Literal["not-sure"]
"""What a user came with; *not-sure* is a failure that they can't name."""

SYMPTOMS: Final[tuple[NamedSymptom, ...]] = get_args(NamedSymptom)

NOT_SURE: Final = "not-sure"
"""The user came with a failure and did not name it: check everything."""


class Outcome(StrEnum):
    """What a session came to; the exit codes of ``check`` follow from it."""

    HEALTHY = "healthy"
    PROBLEM = "problem"
    INCONCLUSIVE = "inconclusive"


class Status(StrEnum):
    """How an observation turned out."""

    PASS = "pass"  # noqa: S105 - a status, not a password
    FAIL = "fail"
    WARN = "warn"
    SKIP = "skip"
    UNKNOWN = "unknown"

    @property
    def weight(self) -> int:
        """How much it weighs among several: a failure most, a pass least."""
        return _LIGHTEST_FIRST.index(self)


_LIGHTEST_FIRST = (Status.PASS, Status.SKIP, Status.WARN, Status.UNKNOWN, Status.FAIL)


def weightiest(statuses: Iterable[Status]) -> Status | None:
    """Return the status that stands for all of ``statuses``, or None where there are none."""
    return max(statuses, key=lambda status: status.weight, default=None)


class Certainty(StrEnum):
    """How far the evidence carries a verdict, strongest first."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @property
    def rank(self) -> int:
        """Its place among the certainties, the strongest first."""
        return tuple(Certainty).index(self)


class ScopeState(StrEnum):
    """What is known of one scope of the key."""

    PRESENT = "present"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_PROBED = "not probed"
