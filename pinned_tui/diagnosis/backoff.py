"""How the user's own code should wait after a 429, as numbers, as words and as code. Pure.

Exponential backoff with full jitter: each wait is random between nothing and a bound that doubles
up to a cap, so that many workers don't come back in step (Brooker, *Exponential Backoff And
Jitter*, AWS Architecture Blog, 2015). ``Retry-After`` is the earliest moment (RFC 9110, 10.2.3);
the vendor's page *Rate limits* asks for both.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

import msgspec

from pinned_tui.core import labels
from pinned_tui.diagnosis.catalog import CatalogError, load_catalogue, read_toml
from pinned_tui.session import Session

BASE_S = 1.0
CAP_S = 60.0
_LONG_S = 60.0
"""Above this, a wait is given in minutes, hours and days."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait: a random moment between the two, in seconds after the answer."""

    earliest_s: float
    latest_s: float

    def __str__(self) -> str:
        if self.earliest_s > _LONG_S:
            more = self.latest_s - self.earliest_s
            return f"{labels.wait(self.earliest_s)} and up to {more:g} s more"
        return f"{self.earliest_s:g} to {self.latest_s:g} s"


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Code that waits so, ready to be copied."""

    language: str
    title: str
    text: str


class Advice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words and the samples, numbers and all.

    Attributes:
        causes: The causes that it helps against.
        lead: How to wait, in sentences.
        code: Where the samples are, for where there is no room for them.
    """

    causes: tuple[str, ...]
    title: str
    lead: str
    code: str
    samples: tuple[Sample, ...] = msgspec.field(name="sample")


def schedule(
    retry_after_s: float | None = None, *, base_s: float = BASE_S, cap_s: float = CAP_S
) -> tuple[Wait, ...]:
    """Return the waits between the tries, up to the first one that is bounded by the cap.

    Args:
        retry_after_s: How long the response says to wait; it is known for the first wait only.
        base_s: The bound of the first wait.
        cap_s: The bound that no later wait goes beyond.

    Raises:
        ValueError: no base above nothing, or a cap below it.
    """
    if not 0 < base_s <= cap_s:
        raise ValueError("the base is above nothing and not above the cap")
    bounds = [base_s]
    while bounds[-1] < cap_s:
        bounds.append(min(cap_s, bounds[-1] * 2))
    earliest = max(0.0, retry_after_s or 0.0)
    first = Wait(earliest, earliest + bounds[0])
    return (first, *(Wait(0.0, bound) for bound in bounds[1:]))


def requested_wait(session: Session) -> float | None:
    """Return how long the latest response with a ``Retry-After`` says to wait, if one did."""
    limits = (x.response.rate_limit for x in session.exchanges if x.response is not None)
    waits = [one.retry_after_s for one in limits if one is not None]
    return next((wait for wait in reversed(waits) if wait is not None), None)


def advice_for(cause: str | None) -> Advice | None:
    """Return the advice, if ``cause`` is one that it helps against."""
    advice = load_advice()
    return advice if cause in advice.causes else None


@cache
def load_advice() -> Advice:
    """Read the words that come with the package, once, and put the numbers into them.

    Raises:
        CatalogError: the file can't be read, or it names a cause that there is not.
    """
    file = files("pinned_tui.diagnosis") / "data" / "backoff" / "advice.toml"
    numbers = {"base": f"{BASE_S:g}", "cap": f"{CAP_S:g}", "tries": len(schedule()) + 1}
    try:
        raw = msgspec.convert(read_toml(file), Advice)
        filled = [Template(text).substitute(numbers) for text in (raw.lead, raw.code)]
        samples = tuple(
            Sample(one.language, one.title, Template(one.text.strip("\n")).substitute(numbers))
            for one in raw.samples
        )
    except (msgspec.ValidationError, ValueError, KeyError) as error:
        raise CatalogError(f"{file.name}: {error}") from error
    unknown = sorted(set(raw.causes) - {cause.id for cause in load_catalogue()})
    if unknown:
        raise CatalogError(f"{file.name}: no cause {', '.join(unknown)}")
    return Advice(raw.causes, raw.title, filled[0], filled[1], samples)
