"""Causes in the key itself and in its authentication. Guide: 401 Unauthorized."""

from collections.abc import Iterator, Mapping

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


def rejected(facts: Facts) -> Iterator[Finding]:
    """The API itself answered 401. Which of the reasons it was, the answer does not tell."""
    for seen in facts.all("authentication.rejected"):
        values = answer_values(seen) | {"base_url": facts.session.target.base_url}
        yield Finding(
            "key-rejected",
            Certainty.LIKELY,
            (seen, *facts.all("key.present", "key.unusual")),
            found=text(seen.data, "message"),
            values=values,
        )


RULES: tuple[Rule, ...] = (missing, malformed, unusual, rejected)
