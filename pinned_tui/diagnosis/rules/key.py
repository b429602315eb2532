"""Causes in the key itself and in its authentication. Guide: 401 Unauthorized."""

from collections.abc import Iterator, Mapping
from typing import TypeGuard

from pinned_tui.api_spec.error_causes import CauseRow
from pinned_tui.api_spec.response_origin import cache_marks
from pinned_tui.api_spec.routes import is_foreign
from pinned_tui.diagnosis.facts import CauseRule, Facts, Finding, cause_row, response_values, text
from pinned_tui.diagnosis.key_controls import judge
from pinned_tui.session import NOT_SURE, Certainty, Observation


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
    guess = certainty is Certainty.POSSIBLE
    found = fault["found"]
    return Finding(fault["cause"], certainty, (seen,), found=found, values=values, guess=guess)


_FROM_A_CACHE = "The refusal comes from a cache and was given to another key (response-cached)."
_NEITHER = "x-api-key was tried too and is refused as well, so the other header doesn't help."
_AT_ANOTHER_HOST = "The host is not that of the API, and knows other keys (url-wrong-host)."


def rejected(facts: Facts) -> Iterator[Finding]:
    """The API itself refused the key. What it means, the responses to the controls show."""
    for seen in facts.all("authentication.rejected"):
        compared = facts.first("controls.compared")
        relations = compared.data if compared is not None else {}
        row = judge(*(str(relations.get(name, "untold")) for name in _CONTROLS))
        refusal = cause_row(facts, seen)
        if row.cause == "key-rejected" and _names_more(refusal):
            yield _named(facts, seen, compared, refusal)
            continue
        doubts = tuple(_doubts(facts, refusal))
        other = relations.get("other_header")
        values = response_values(seen) | {
            "base_url": facts.session.target.base_url,
            "detail": row.why if compared is not None else None,
            "expected": _NEITHER if other in {"same", "different"} else None,
        }
        of_the_key = row.cause == "key-rejected"
        yield Finding(
            row.cause,
            Certainty.LIKELY if doubts and of_the_key else row.certainty,
            tuple(o for o in (seen, compared, *facts.all("key.present", "key.unusual")) if o),
            found=text(seen.data, "message"),
            values=values,
            alternatives=doubts,
            excludes=("key-header-stripped",) if row.arrives else (),
        )


def _names_more(row: CauseRow | None) -> TypeGuard[CauseRow]:
    """Return whether the table of causes has more to say of a refusal than that the key is bad."""
    return row is not None and row.stage == "key" and row.cause != "key-rejected"


def _named(facts: Facts, seen: Observation, compared: Observation | None, row: CauseRow) -> Finding:
    """Return the finding of a refusal whose code says why, unless no key gets it too."""
    values = response_values(seen) | {"base_url": facts.session.target.base_url}
    evidence = tuple(one for one in (seen, compared) if one is not None)
    if compared is not None and compared.data.get("without") == "same":
        values["actual"] = "is the same without any key"
        return Finding("gateway-refused", Certainty.LIKELY, evidence, values=values)
    doubts = (_FROM_A_CACHE,) if facts.has("answer.cached") else ()
    found = text(seen.data, "message")
    return Finding(
        row.cause, row.certainty, evidence, found=found, values=values,
        alternatives=(*row.alternatives, *doubts),
    )  # fmt: skip


def _doubts(facts: Facts, row: CauseRow | None) -> Iterator[str]:
    """Yield what else may have refused the key than the API as it is now."""
    if facts.has("answer.cached"):
        yield _FROM_A_CACHE
    yield from row.alternatives if row is not None else ()
    if is_foreign(facts.session.target.base_url):
        yield _AT_ANOTHER_HOST


def not_looked_at(facts: Facts) -> Iterator[Finding]:
    """What looks like an acceptance, and no key gets it too."""
    for seen in facts.all("authentication.anyone"):
        values = response_values(seen) | {"detail": seen.summary}
        yield Finding("key-not-looked-at", Certainty.LIKELY, (seen,), values=values)


def cached_response(facts: Facts) -> Iterator[Finding]:
    """A list from a cache, where no other response shows that the key is accepted."""
    shown = [exchange for seen in facts.all(*_SHOWN_BY) if (exchange := facts.exchange_of(seen))]
    if any(x.response is not None and not cache_marks(x.response.headers) for x in shown):
        return
    for seen in facts.all("authentication.cached"):
        values = response_values(seen) | {"detail": seen.summary}
        yield Finding("key-answer-cached", Certainty.LIKELY, (seen,), values=values)


_SHOWN_BY = ("scope.present",)
"""What only a key that is accepted comes to see."""

_CONTROLS = ("without", "wrong", "other_header")


def one_header_only(facts: Facts) -> Iterator[Finding]:
    """The header that the person's code uses is refused, the recommended one is accepted."""
    for seen in facts.all("controls.bearer-only"):
        values = response_values(seen)
        yield Finding("key-works-with-bearer-only", Certainty.CONFIRMED, (seen,), values=values)


def refused_elsewhere(facts: Facts) -> Iterator[Finding]:
    """The person's deployment is refused with what should be the key that is accepted here.

    It stands beside whatever else is found, for the key that was checked is a good one.
    """
    if facts.has("controls.bearer-only"):
        return
    for seen in facts.all("authentication.refused-elsewhere"):
        yield Finding("key-old-copy-in-use", Certainty.LIKELY, (seen,), stands=True)


_LOOKS_FOR_401 = {"401", NOT_SURE}
"""Symptoms that a refused key explains, whoever asked for the request."""

_ACCEPTED_BEFORE = "Another request with the same key was accepted in this check."
_SINCE = "The key was revoked, or has expired, while the check ran."
_NOT_THERE = "The route does not take the key, while others do."


def refused_later(facts: Facts) -> Iterator[Finding]:
    """The key was accepted, and a later request with it refused; the rest holds all the same."""
    if not facts.has("authentication.accepted"):
        return
    refusals = facts.all("scope.unknown", "answer.unexpected")
    named = facts.session.target.symptom in _LOOKS_FOR_401
    for seen in refusals:
        row = cause_row(facts, seen)
        if (seen.asked or named) and row is not None and row.stage == "key":
            base_url = facts.session.target.base_url
            yield Finding(
                row.cause,
                Certainty.LIKELY,
                (seen,),
                found=text(seen.data, "message"),
                values=response_values(seen) | {"base_url": base_url, "detail": _ACCEPTED_BEFORE},
                alternatives=(_SINCE, _NOT_THERE),
                stands=True,
            )


RULES: tuple[CauseRule, ...] = (
    missing,
    malformed,
    unusual,
    rejected,
    not_looked_at,
    cached_response,
    one_header_only,
    refused_later,
    refused_elsewhere,
)
