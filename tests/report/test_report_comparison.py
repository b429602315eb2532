"""The first check beside the latest one."""

from pinned_tui.report.comparison import compare
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
    assert "**Not tested again:** The word Bearer is missing. Only answers named this" in report
    assert "Nothing needs mending" not in report
    assert "**No longer found:** The key lacks the scope events:read." in report


def test_runs_in_between_are_left_aside() -> None:
    session = samples.told()
    first, latest = session.runs
    fields = {name: getattr(latest, name) for name in latest.__struct_fields__}
    last = type(latest)(**{**fields, "id": "run-3"})
    comparison = compare(replace(session, runs=(first, latest, last)))
    assert comparison is not None
    assert comparison.after is last
    assert {one.probe: one.after for one in comparison.probes}["events"] is None
