"""The first check beside the latest one."""

from msgspec import structs

from pinned_tui.report.comparison import compare
from pinned_tui.report.evidence import title_of
from pinned_tui.report.export import export
from pinned_tui.session import Certainty, ScopeState, Status, Verdict, replace
from tests import samples


def test_one_run_has_nothing_to_compare_with() -> None:
    assert compare(samples.plain()) is None
    assert compare(samples.failing()) is None


def test_a_mended_cause_is_gone_and_its_probe_has_turned() -> None:
    comparison = compare(samples.told())
    assert comparison is not None
    assert [verdict.cause for verdict in comparison.gone] == ["scope-missing"]
    assert comparison.new == comparison.staying == ()
    turned = {one.probe: (one.before, one.after) for one in comparison.probes if one.changed}
    assert turned == {"events": (Status.FAIL, Status.PASS)}
    (scope,) = comparison.scopes
    assert (scope.before, scope.after) == (ScopeState.MISSING, ScopeState.PRESENT)
    assert scope.changed


def test_the_same_cause_about_something_else_is_a_new_one() -> None:
    session = samples.told()
    other = Verdict(
        cause="scope-missing",
        subject="media:create",
        certainty=Certainty.LIKELY,
        title="t",
        section="s",
        summary="s",
        fix=(),
        verify="v",
        docs="d",
        evidence=(),
    )
    latest = session.runs[-1]
    fields = {name: getattr(latest, name) for name in latest.__struct_fields__}
    runs = (session.runs[0], type(latest)(**{**fields, "verdicts": (other,)}))
    comparison = compare(replace(session, runs=runs))
    assert comparison is not None
    assert comparison.new == (other,)
    assert [verdict.subject for verdict in comparison.gone] == ["events:read"]


def test_what_only_answers_named_is_not_called_gone() -> None:
    session = samples.answered()
    comparison = compare(session)
    assert comparison is not None
    assert [verdict.cause for verdict in comparison.gone] == ["scope-missing"]
    assert [verdict.cause for verdict in comparison.untested] == ["auth-scheme-missing"]
    report = export(session, "markdown", secrets=[]).decode()
    assert "**Not re-tested:** The word Bearer is missing. Only your answers named this" in report
    assert "Nothing needs fixing" not in report
    assert "**Fixed:** The key lacks the scope events:read." in report


def test_runs_in_between_are_left_aside() -> None:
    session = samples.told()
    first, latest = session.runs
    fields = {name: getattr(latest, name) for name in latest.__struct_fields__}
    last = type(latest)(**{**fields, "id": "run-3"})
    comparison = compare(replace(session, runs=(first, latest, last)))
    assert comparison is not None
    assert comparison.after is last
    assert {one.probe: one.after for one in comparison.probes}["events"] is None


def test_a_check_that_was_not_needed_again_is_no_loss() -> None:
    session = samples.told()
    first, latest = session.runs
    last = structs.replace(latest, id="run-3", probes=("events",))
    session = replace(session, runs=(first, latest, last))
    comparison = compare(session)
    assert comparison is not None
    (events,) = (one for one in comparison.probes if one.probe == "events")
    assert events.spared
    assert not events.changed


def test_checks_are_called_by_what_they_find_out() -> None:
    report = export(samples.told(), "markdown", secrets=[]).decode()
    table = report.partition("## Before and after")[2].partition("\n## ")[0]
    assert title_of("events") in table
    assert "| events |" not in table
    assert title_of("of-another-version") == "of-another-version"
