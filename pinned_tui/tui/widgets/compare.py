"""Before and after: the first run of a session beside its latest one."""

from collections.abc import Iterator, Mapping

from textual.containers import Grid
from textual.content import Content
from textual.widgets import Static

from pinned_tui.report.comparison import Comparison, told
from pinned_tui.report.titles import title_of
from pinned_tui.session import Fate, Outcome, Run, Status
from pinned_tui.tui.widgets.text import (
    MUTED,
    HangingIndent,
    line,
    outcome_sign,
    scope_sign,
    status_sign,
    words,
)
from pinned_tui.wording import FATE

_FATE_STYLES: Mapping[Fate, str] = {
    "gone": "bold $text-success",
    "staying": "bold $text-error",
    "not proven": "bold $text-warning",
    "asked differently": MUTED,
    "only told": MUTED,
}


class BeforeAfter(Grid):
    """Three columns: what, before, after; the outcome, and what changed."""

    DEFAULT_CSS = """
    BeforeAfter {
        height: auto;
        width: 1fr;
        grid-size: 3;
        grid-columns: 22 1fr 1fr;
        grid-rows: auto;
        grid-gutter: 0 1;
    }
    BeforeAfter Static { width: 1fr; height: auto; }
    """

    def __init__(self, comparison: Comparison) -> None:
        """Show ``comparison``."""
        super().__init__(*(Static(cell) for row in _rows(comparison) for cell in row))


def _rows(comparison: Comparison) -> Iterator[tuple[Content, Content, Content]]:
    before, after = comparison.before, comparison.after
    yield words(""), words("before", MUTED), words("after", MUTED)
    for one in comparison.asked:
        label = one.part.capitalize()
        yield words(label, MUTED), words(one.before or "none"), words(one.after or "none")
    yield words("Outcome", MUTED), outcome_sign(before.outcome), outcome_sign(after.outcome)
    yield words("Verdict", MUTED), words(_leading(before)), words(_after(comparison))
    for scope in comparison.scopes:
        if scope.changed:
            yield words(scope.scope, MUTED), scope_sign(scope.before), scope_sign(scope.after)
    for probe in comparison.probes:
        if probe.changed:
            yield words(title_of(probe.probe), MUTED), _status(probe.before), _status(probe.after)


def _status(status: Status | None) -> Content:
    return words("not run", MUTED) if status is None else status_sign(status)


def _after(comparison: Comparison) -> str:
    if not comparison.after.verdicts:
        if comparison.unproven:
            return "nothing, as far as it came"
        if comparison.untested:
            return "nothing that checks can see"
    return _leading(comparison.after)


def _leading(run: Run) -> str:
    if run.verdicts:
        return run.verdicts[0].title
    return "nothing to mend" if run.outcome is Outcome.HEALTHY else "none"


def fates(comparison: Comparison) -> Iterator[HangingIndent]:
    """Yield what became of each fault that was found before, and what shows it."""
    for fate, said, why in told(comparison):
        sign = words(FATE[fate].glyph, _FATE_STYLES[fate])
        yield HangingIndent(sign, line(said, "\n", (why, MUTED)))
