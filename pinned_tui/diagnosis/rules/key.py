"""Causes in the key itself and in its authentication. Guide: 401 Unauthorized."""

from collections.abc import Iterator, Mapping

from pinned_tui.diagnosis.controls import judge
from pinned_tui.diagnosis.facts import Facts, Finding, Rule, answer_values, text
from pinned_tui.session import Certainty, Observation


def missing(facts: Facts) -> Iterator[Finding]:
    """There is no key: nothing set, or only white space."""
    for seen in facts.all("key.missing"):
        yield Finding("key-missing", Certainty.CONFIRMED, (seen,))


def malformed(facts: Facts) -> Iterator[Finding]:
    """The key's form alone shows what is wrong with it."""
    for seen in facts.all("key.malformed"):
        for fault in seen.data["faults"]:
            yield _fault(seen, fault, Certainty(fault["certainty"]))


def unusual(facts: Facts) -> Iterator[Finding]:
    """The key's form is odd, which counts only once the API has refused it."""
    if facts.has("authentication.accepted"):
        return
    refused = facts.has("authentication.rejected")
    for seen in facts.all("key.unusual"):
        for fault in seen.data["faults"]:
            certainty = Certainty(fault["certainty"]) if refused else Certainty.POSSIBLE
            yield _fault(seen, fault, certainty)


def _fault(seen: Observation, fault: Mapping[str, str], certainty: Certainty) -> Finding:
    values = {"found": fault["found"], "detail": fault["detail"]}
    return Finding(fault["cause"], certainty, (seen,), found=fault["found"], values=values)


_FROM_A_CACHE = "The refusal comes from a cache and was given to another key (response-cached)."


def rejected(facts: Facts) -> Iterator[Finding]:
    """The API itself answered 401. What it means, the answers to the controls tell."""
    for seen in facts.all("authentication.rejected"):
        compared = facts.first("controls.compared")
        told = compared.data if compared is not None else {}
        row = judge(*(str(told.get(name, "untold")) for name in _CONTROLS))
        values = answer_values(seen) | {
            "base_url": facts.session.target.base_url,
            "detail": row.why if compared is not None else None,
        }
        yield Finding(
            row.cause,
            row.certainty,
            tuple(o for o in (seen, compared, *facts.all("key.present", "key.unusual")) if o),
            found=text(seen.data, "message"),
            values=values,
            alternatives=(_FROM_A_CACHE,) if facts.has("answer.cached") else (),
            excludes=("key-header-stripped",) if row.arrives else (),
        )


_CONTROLS = ("without", "wrong", "other_header")


def one_header_only(facts: Facts) -> Iterator[Finding]:
    """The header that the person's code uses is refused, the recommended one is accepted."""
    for seen in facts.all("controls.bearer-only"):
        values = answer_values(seen)
        yield Finding("key-works-with-bearer-only", Certainty.CONFIRMED, (seen,), values=values)


def refused_elsewhere(facts: Facts) -> Iterator[Finding]:
    """The person's deployment is refused with what should be the key that is accepted here.

    It stands beside whatever else is found, for the key that was checked is a good one.
    """
    if facts.has("controls.bearer-only"):
        return
    for seen in facts.all("authentication.refused-elsewhere"):
        yield Finding("key-old-copy-in-use", Certainty.LIKELY, (seen,), stands=True)


RULES: tuple[Rule, ...] = (
    missing,
    malformed,
    unusual,
    rejected,
    one_header_only,
    refused_elsewhere,
)
