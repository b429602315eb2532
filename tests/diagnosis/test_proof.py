"""What differs between two questions, and what a second run may not claim of the first."""

from typing import Any

import msgspec
import pytest

from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.diagnosis.fix_verification import identity, prove
from pinned_tui.diagnosis.run_diff import differences
from pinned_tui.report.comparison import compare
from pinned_tui.session import Run, Session, Target, Verdict, replace
from tests import samples

CATALOGUE = load_catalogue()


def asked(**parts: Any) -> Run:
    target = Target(base_url="https://pinned.events", **parts)
    return Run(id="run-1", purpose="check", started_at="2026-11-01T08:00:00Z", target=target)


def differ(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [str(one) for _, one in differences(asked(**before), asked(**after))]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({}, {}, []),
        ({"channel_id": 999}, {"channel_id": 101}, ["channel 999 before, 101 now"]),
        ({}, {"channel_id": 101}, ["no channel before, 101 now"]),
        ({"channel_given": "a", "channel_id": 7}, {"channel_id": 7}, ["channel a before, 7 now"]),
        ({"event_title": "Jazz"}, {"event_id": 5}, ["event Jazz before, 5 now"]),
        ({"event_title": "J", "event_day": "2099-01-01"}, {"event_title": "J"},
         ["day 2099-01-01 before, none now"]),
        ({"event_id": 5, "event_day": "2099-01-01"}, {"event_id": 5}, []),
        ({"payload": "a.json"}, {"payload": "b.json"}, ["payload a.json before, b.json now"]),
        ({"sends": "x-api-key"}, {}, ["header x-api-key before, bearer now"]),
        ({"needs": ("media:create",)}, {}, ["scope asked for media:create before, none now"]),
        ({"event_id": 5, "needs": ("events:read",)}, {"event_id": 5}, []),
        ({"channel_id": 7, "needs": ("channels:read",)}, {}, ["channel 7 before, none now"]),
    ],
)  # fmt: skip
def test_a_difference_is_said_in_a_few_words(
    before: dict[str, Any], after: dict[str, Any], said: list[str]
) -> None:
    assert differ(before, after) == said


def test_of_runs_that_do_not_tell_their_question_no_difference_is_known() -> None:
    old = msgspec.structs.replace(asked(channel_id=9), target=None)
    assert list(differences(old, asked(channel_id=7))) == []
    assert list(differences(asked(channel_id=7), old)) == []


def named(cause: str, subject: str | None) -> Verdict:
    return msgspec.structs.replace(samples.SCOPE_MISSING, cause=cause, subject=subject)


@pytest.mark.parametrize(
    "cause", ["rate-limited", "server-error", "edge-blocked", "forbidden-unexplained",
              "duplicates-present", "probe-was-accepted"],
)  # fmt: skip
def test_a_subject_that_passes_makes_no_other_fault(cause: str) -> None:
    assert identity(named(cause, "a"), CATALOGUE) == identity(named(cause, "b"), CATALOGUE)


@pytest.mark.parametrize("cause", ["scope-missing", "channel-not-accessible", "event-draft"])
def test_a_subject_that_is_asked_about_makes_another_fault(cause: str) -> None:
    assert identity(named(cause, "a"), CATALOGUE) != identity(named(cause, "b"), CATALOGUE)


def verified(verdict: Verdict) -> Session:
    """The told session, with another verdict before the fix."""
    session = samples.told()
    first, latest = session.runs
    return replace(session, runs=(msgspec.structs.replace(first, verdicts=(verdict,)), latest))


def test_a_cause_of_a_newer_version_is_not_called_mended() -> None:
    (proof,) = prove(verified(named("from-the-future", None)), CATALOGUE)
    assert proof.fate == "not proven"


def test_evidence_that_is_lost_proves_nothing() -> None:
    lost = msgspec.structs.replace(samples.SCOPE_MISSING, evidence=("obs-99",))
    (proof,) = prove(verified(lost), CATALOGUE)
    assert proof.fate == "not proven"


def test_what_is_proved_names_the_observation_that_shows_it() -> None:
    (proof,) = prove(samples.told(), CATALOGUE)
    assert (proof.fate, proof.why, proof.evidence) == ("gone", "12 events were read.", ("obs-5",))


def test_a_further_look_is_no_second_check_and_belongs_to_the_first() -> None:
    session = samples.told()
    first, latest = session.runs
    further = msgspec.structs.replace(first, id="run-1b", purpose="further")
    alone = replace(session, runs=(first, further))
    assert alone.before is None
    assert compare(alone) is None
    assert prove(alone, CATALOGUE) == ()
    verified = replace(session, runs=(first, further, latest))
    assert verified.before is further
    assert [one.fate for one in prove(verified, CATALOGUE)] == ["gone"]
    looked_on = replace(session, runs=(first, latest, replace_run(latest, "run-3")))
    assert looked_on.before is first
    assert [one.fate for one in prove(looked_on, CATALOGUE)] == ["gone"]


def replace_run(run: Run, name: str) -> Run:
    return msgspec.structs.replace(run, id=name, purpose="further")


def test_one_run_proves_nothing() -> None:
    assert prove(samples.failing(), CATALOGUE) == ()


def test_what_the_session_holds_is_what_is_shown() -> None:
    session = samples.told()
    (proof,) = prove(session, CATALOGUE)
    doubted = msgspec.structs.replace(proof, fate="not proven", why="as it was told then")
    comparison = compare(replace(session, proof=(doubted,)))
    assert comparison is not None
    assert comparison.gone == ()
    assert comparison.unproven == (samples.SCOPE_MISSING,)
