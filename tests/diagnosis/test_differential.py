"""Why this verdict and not another: what fits, is open, is ruled out, and what comes first."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pinned_tui.checks.plan import MEANS, PROBES
from pinned_tui.checks.probes import passive
from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.diagnosis.differential import MOST, ProbeOption, consider
from pinned_tui.diagnosis.engine import ReportedCause, diagnose
from pinned_tui.session import (
    NAMES_NO_FAULT,
    SCOPES,
    Certainty,
    Considered,
    NextStep,
    Observation,
    Run,
    ScopeState,
    Session,
    Status,
    Target,
    Tool,
    decode,
    encode,
    replace,
)
from pinned_tui.session.codes import PROBE_IDS

CATALOGUE = load_catalogue()
AT = "2026-11-23T12:00:00.000Z"


def seen(
    fact: str, status: Status = Status.FAIL, by: str | None = None, /, **data: Any
) -> Callable[[int], Observation]:
    def at(number: int) -> Observation:
        return Observation(
            id=f"obs-{number}", run="run-1", probe=by or fact.partition(".")[0], code=fact,
            status=status, summary=f"Saw {fact} {data.get('scope', '')}".strip() + ".", data=data,
        )  # fmt: skip

    return at


def session(*facts: Any, probes: tuple[str, ...] = ()) -> Session:
    return Session(
        id="s", tool=Tool(version="0"), started_at=AT,
        target=Target(base_url="https://pinned.events"),
        observations=tuple(fact(number) for number, fact in enumerate(facts, start=1)),
        runs=(Run(id="run-1", purpose="check", started_at=AT, probes=probes),),
    )  # fmt: skip


def considered(
    of: Session, told: tuple[ReportedCause, ...] = (), means: tuple[ProbeOption, ...] = MEANS
) -> tuple[Considered, ...]:
    return consider(of, diagnose(of, CATALOGUE, told), CATALOGUE, means)


def row(rows: tuple[Considered, ...], cause: str | None, subject: str | None = None) -> Considered:
    return next(r for r in rows if r.cause == cause and subject in {None, r.subject})


ACCEPTED = seen("authentication.accepted", Status.PASS)
PRESENT = seen("key.present", Status.PASS)
REFUSED = seen("authentication.rejected", message="m", status=401, code="invalid_api_key")
ALIKE = seen("controls.compared", Status.PASS, without="same", wrong="same", other_header="same")
ARRIVES = seen(
    "controls.compared", Status.WARN, without="different", wrong="same", other_header="same"
)


def unconsented(probe: str) -> Any:
    return seen("run.unconsented", Status.SKIP, probe, probe=probe, route=None)


def skipped(probe: str) -> Any:
    return seen("run.skipped", Status.SKIP, probe, probe=probe, route=None)


def test_what_can_t_be_told_apart_is_named_and_what_passed_rules_out() -> None:
    rows = considered(session(PRESENT, REFUSED, ALIKE, skipped("channels")))
    assert (rows[0].cause, rows[0].standing) == ("key-rejected", "fits")
    assert rows[0].why == "Saw authentication.rejected. Saw controls.compared."
    lost = row(rows, "key-header-stripped")
    assert lost.standing == "open"
    assert lost.next is not None
    assert (lost.next.probe, lost.next.cost) == (None, "asks"), "the controls could not tell"
    missing = row(rows, "key-missing")
    assert (missing.standing, missing.against) == ("ruled out", ("obs-1",))
    behind = [r.title for r in rows if r.standing == "not judged"]
    assert behind == [next(p.title for p in PROBES if p.id == "channels")]


def test_an_alternative_that_the_evidence_excludes_is_ruled_out_by_it() -> None:
    rows = considered(session(REFUSED, ARRIVES))
    lost = row(rows, "key-header-stripped")
    assert lost.standing == "ruled out"
    assert lost.against == rows[0].speaks_for


def test_controls_that_were_not_run_are_the_next_to_try() -> None:
    rows = considered(session(REFUSED, skipped("channels")))
    step = row(rows, "key-header-stripped").next
    assert step is not None
    assert (step.probe, step.cost) == ("controls", "reads")


def test_a_check_that_needs_consent_is_offered_with_its_own_scope() -> None:
    rows = considered(session(ACCEPTED, unconsented("create-scope"), unconsented("media-scope")))
    for probe, scope in (("create-scope", "events:create"), ("media-scope", "media:create")):
        one = row(rows, "scope-missing", scope)
        assert one.standing == "open"
        assert one.next is not None
        assert (one.next.probe, one.next.cost) == (probe, "consent")
        assert scope in one.title


@pytest.mark.parametrize("state", [ScopeState.PRESENT, ScopeState.MISSING])
def test_a_scope_that_is_known_is_not_asked_for_again(state: ScopeState) -> None:
    of = session(ACCEPTED, unconsented("create-scope"), unconsented("media-scope"))
    rows = considered(replace(of, scopes={"events:create": state}))
    assert [one.subject for one in rows if one.standing == "open"] == ["media:create"]


def test_the_cheapest_of_several_means_is_next() -> None:
    means = (
        ProbeOption("payload", "dear", "consent"),
        ProbeOption("payload-slugs", "free", "free"),
    )
    told = (ReportedCause("classification-unknown", Certainty.LIKELY),)
    rows = considered(session(ACCEPTED), told, means)
    step = row(rows, "classification-unknown").next
    assert step is not None
    assert step.probe == "payload-slugs"
    assert row(rows, "classification-unknown").why.startswith("Your answers")


def test_what_the_person_could_not_tell_is_open_and_may_still_be_asked() -> None:
    told = (ReportedCause("idempotency-key-missing", Certainty.POSSIBLE, unsure=True),)
    of = session(ACCEPTED)
    question = NextStep(title="Is it sent?", cost="asks", question="copies-header")
    rows = consider(of, diagnose(of, CATALOGUE, told), CATALOGUE, MEANS, lambda _: question)
    one = row(rows, "idempotency-key-missing")
    assert (one.standing, one.next) == ("open", question)
    assert one.why.startswith("You couldn't tell")


def test_what_a_check_shows_needs_nobody_to_tell() -> None:
    told = (ReportedCause("scope-missing", Certainty.POSSIBLE, "events:create", unsure=True),)
    missing = seen("scope.missing", scope="events:create", code="insufficient_scope")
    assert row(considered(session(missing), told), "scope-missing").standing == "fits"


def test_a_found_fault_behind_a_failed_layer_is_not_judged() -> None:
    rows = considered(session(seen("event.draft", event="5", title="T"), REFUSED))
    draft = row(rows, "event-draft")
    assert draft.standing == "not judged"
    assert rows[0].title in draft.why


def test_nothing_is_to_be_tried_while_the_api_asks_to_wait() -> None:
    limited = seen("rate.limited", status=429, by_api=True, retry_at=None, wait_s=None)
    rows = considered(session(limited, unconsented("create-scope")))
    assert rows[0].cause == "rate-limited"
    assert all(one.next is None for one in rows)


def test_one_scope_that_is_there_rules_out_only_its_own() -> None:
    missing = seen("scope.missing", scope="events:create", code="insufficient_scope")
    present = seen("scope.present", Status.PASS, scope="channels:read")
    rows = considered(session(missing, present))
    assert row(rows, "scope-missing", "events:create").standing == "fits"
    assert row(rows, "scope-missing", "channels:read").standing == "ruled out"


def test_a_healthy_session_has_nothing_open() -> None:
    rows = considered(session(ACCEPTED, seen("channels.target-listed", Status.PASS)))
    assert {one.standing for one in rows} == {"ruled out"}


def test_before_the_first_check_nothing_was_considered() -> None:
    assert considered(replace(session(), runs=())) == ()


def test_the_probes_that_the_catalogue_may_name_are_those_there_are() -> None:
    read_off = [passive.LIMITS_ID, passive.CACHING_ID, passive.CLOCK_ID, passive.PAGE_SIZE_ID]
    assert [*PROBE_IDS] == [*(probe.id for probe in PROBES), *read_off]


def test_every_cause_that_a_check_excludes_says_which_check_tells() -> None:
    without = [
        c.id for c in CATALOGUE if "live" in c.found_by and c.excluded_by and not c.tested_by
    ]
    assert without == []


CODES = sorted({code for cause in CATALOGUE for code in cause.excluded_by})
FACTS = st.one_of(
    st.builds(
        lambda code, status, scope: seen(code, status, scope=scope),
        st.sampled_from(CODES), st.sampled_from(Status), st.sampled_from(SCOPES),
    ),
    st.sampled_from([
        REFUSED, ALIKE, ARRIVES, ACCEPTED,
        seen("event.draft", event="5", title="T"),
        seen("channels.target-absent", channel=7, channels=[]),
        seen("scope.missing", scope="events:read", code="insufficient_scope"),
        seen("network.connect", kind="refused", host="h", port=1, proxy=None),
        seen("rate.limited", status=429, by_api=True, retry_at=None, wait_s=None),
    ]),
    st.builds(unconsented, st.sampled_from([p.id for p in PROBES if p.needs_consent])),
    st.builds(skipped, st.sampled_from([p.id for p in PROBES])),
)  # fmt: skip


REPORTED = [cause.id for cause in CATALOGUE if cause.id not in NAMES_NO_FAULT]
"""What an answer in the guide may come to: a fault."""


@example([seen("payload.accepted", Status.PASS), unconsented("payload")], [])
@given(st.lists(FACTS, max_size=12), st.lists(st.sampled_from(REPORTED)))
def test_the_rows_are_few_and_hold_together(facts: list[Any], answers: list[str]) -> None:
    of = session(*facts)
    told = tuple(ReportedCause(cause, Certainty.POSSIBLE) for cause in answers)
    diagnosis = diagnose(of, CATALOGUE, told)
    rows = consider(of, diagnosis, CATALOGUE, MEANS)
    assert rows == consider(of, diagnosis, CATALOGUE, MEANS)
    assert len(rows) <= MOST
    assert len({(r.cause or r.title, r.subject) for r in rows}) == len(rows)
    if diagnosis.verdicts:
        assert (rows[0].cause, rows[0].standing) == (diagnosis.verdicts[0].cause, "fits")
    by_id = {one.id: one for one in of.observations}
    ran = {one.probe for one in of.observations if one.code != "run.unconsented"}
    for one in rows:
        assert one.cause is None or one.cause in CATALOGUE
        assert one.title
        assert one.why
        assert (one.standing == "ruled out") == bool(one.against)
        assert {*one.speaks_for, *one.against} <= by_id.keys()
        if one.next is not None:
            assert one.standing in {"fits", "open"}
            assert one.next.probe not in ran
    assert decode(encode(replace(of, considered=rows))).considered == rows


@pytest.mark.parametrize("cause", [c for c in CATALOGUE if c.tested_by], ids=lambda c: c.id)
def test_what_tells_a_cause_is_found_live(cause: Any) -> None:
    asked_first = {"key-missing"}
    assert "live" in cause.found_by or cause.id in asked_first
