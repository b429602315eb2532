"""Whether a run examined anything that was asked for: without that, nothing is healthy. Pure."""

from pinned_tui.diagnosis.facts import Facts, Finding
from pinned_tui.session import LEFT_OPEN, Certainty, Observation, Session, Status

UNRECOGNISED = "input-unrecognised"
"""The cause of an input that is nothing known; it is no fault of the input."""


def looked_at(session: Session) -> tuple[Observation, ...]:
    """Return the observations that examined something that was asked for.

    Without one, nothing is healthy. That a key is there and its host is reached is no answer
    where the API was to be asked. What an input is, is none where nothing of it was judged.
    """
    run = session.run
    if run is None:
        return ()
    if run.purpose == "inspect":
        return tuple(
            one
            for one in session.latest()
            if (one.run, one.code) == (run.id, _RECOGNISED) and one.data.get("judged", True)
        )
    aside = _BEFORE_THE_API if "authentication" in run.probes else _INPUT
    return tuple(
        one
        for one in session.latest()
        if one.asked and one.probe not in aside and one.status in _TOLD and not _is_skipped(one)
    )


_RECOGNISED = "pasted.recognised"
_INPUT = frozenset({"inspect"})
_BEFORE_THE_API = frozenset({"inspect", "key", "network"})
_TOLD = frozenset({Status.PASS, Status.FAIL, Status.WARN})


def _is_skipped(seen: Observation) -> bool:
    return seen.code.startswith("run.")


def nothing_examined(facts: Facts) -> list[Finding]:
    """Say so where a run, once it is over, has judged nothing at all."""
    run = facts.session.run
    if run is None or run.finished_at is None:
        return []
    seen = facts.latest()
    if run.purpose == "inspect":
        known = tuple(one for one in seen if (one.run, one.code) == (run.id, _RECOGNISED))
        values = {
            "short": "Nothing in it could be judged",
            "detail": known[0].summary if known else None,
        }
        return [Finding(UNRECOGNISED, Certainty.CONFIRMED, known, values=values)]
    values = {"short": _NOTHING, "open": f"{_NOTHING}, so nothing is concluded."}
    return [Finding(LEFT_OPEN, Certainty.CONFIRMED, seen, values=values)]


_NOTHING = "Nothing that was asked was examined"
