"""The parts of a report that hold the first check against the latest one. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final

from pinned_tui.core import labels
from pinned_tui.report.blocks import (
    Block,
    Bullets,
    Code,
    Heading,
    InlineLine,
    Paragraph,
    Signed,
    SignedRow,
    Strong,
    Styled,
    Table,
    line,
    muted,
    sign,
)
from pinned_tui.report.comparison import Comparison, fates
from pinned_tui.report.evidence import title_of
from pinned_tui.report.verdict import in_short
from pinned_tui.session import Certainty, Fate, Outcome, Run, Status, Verdict

_OPEN: Final[tuple[Fate, ...]] = ("not proven", "asked differently", "only told")
"""The fates of faults that are absent without being verified as fixed."""


def in_brief(comparison: Comparison) -> Iterable[Block]:
    """Yield what is fixed, and of what that is not verified; the rest is in the table of both."""
    absent = _by_fate(comparison)
    if comparison.gone:
        yield Paragraph(line(f"{_titles(comparison.gone)}."), label=_label("gone"))
    for fate in _OPEN:
        if absent[fate]:
            reasons = _reasons(fate, comparison)
            yield Paragraph(line(f"{_titles(absent[fate])}. {reasons}"), label=_label(fate))


def _by_fate(comparison: Comparison) -> Mapping[Fate, tuple[Verdict, ...]]:
    return {
        "gone": comparison.gone,
        "not proven": comparison.unproven,
        "asked differently": comparison.elsewhere,
        "only told": comparison.untested,
        "staying": comparison.staying,
    }


def _label(fate: Fate) -> str:
    return labels.FATE[fate].word.capitalize()


def _reasons(fate: Fate, comparison: Comparison) -> str:
    """Return why these are not called fixed, a reason that several share once."""
    reasons = dict.fromkeys(one.why for one in comparison.proof if one.fate == fate)
    return " ".join(f"{reason.rstrip('.')}." for reason in reasons)


def _titles(verdicts: Iterable[Verdict]) -> str:
    return "; ".join(map(_title, verdicts)) or "nothing"


def _title(verdict: Verdict) -> str:
    possible = verdict.certainty is Certainty.POSSIBLE
    return f"{verdict.title} (was only possible)" if possible else verdict.title


def both_in_full(comparison: Comparison | None) -> Iterable[Block]:
    """Yield the two checks side by side, and the verdicts that are absent from the latest."""
    if comparison is None:
        return
    yield Heading(2, line("Before and after"))
    yield Bullets(tuple(_progress(comparison)))
    yield _table(comparison, brief=False)
    for title, verdicts in (
        ("What was wrong before", comparison.gone),
        ("What is not verified as fixed", comparison.unproven),
        ("What was asked about before", comparison.elsewhere),
        ("What was not re-tested", comparison.untested),
    ):
        if verdicts:
            yield Heading(2, line(title))
            for verdict in verdicts:
                yield from in_short(verdict)


def _progress(comparison: Comparison) -> Iterable[InlineLine]:
    ended = _by_fate(comparison)
    for fate in ("gone", *_OPEN, "staying"):
        if ended[fate] or fate not in _OPEN:
            yield line(Strong(f"{_label(fate)}:"), f" {_titles(ended[fate])}")
    yield line(Strong("Newly found:"), f" {_titles(comparison.new)}")


def both_in_short(comparison: Comparison | None) -> Iterable[Block]:
    """Yield what became of each fault, and what differs between the two checks."""
    if comparison is None:
        return
    yield Heading(2, line("Before and after"))
    yield Signed(tuple(_ended(*one) for one in fates(comparison)))
    yield _table(comparison, brief=True)


def _ended(fate: Fate, summary: str, why: str) -> SignedRow:
    glyph = labels.FATE[fate]
    return SignedRow(Styled(glyph.glyph, glyph.role), line(summary), (muted(why),))


def _table(comparison: Comparison, *, brief: bool) -> Table:
    before, after = comparison.before, comparison.after
    outcomes = [line(sign(labels.OUTCOME[run.outcome])) for run in (before, after)]
    rows: list[tuple[InlineLine, ...]] = [
        _row("When", labels.moment(before.started_at), labels.moment(after.started_at)),
        *(
            _row(one.part.capitalize(), one.before or "none", one.after or "none")
            for one in comparison.asked
        ),
        (line("Outcome"), *outcomes),
        (line("Verdict"), _first(before, brief=brief), _latest(comparison, brief=brief)),
    ]
    rows += [
        (line(title_of(probe.probe)), _status(probe.before), _status(probe.after))
        for probe in comparison.probes
        if (probe.changed if brief else not probe.spared)
    ]
    rows += [
        (
            line(scope.scope),
            line(sign(labels.SCOPE[scope.before])),
            line(sign(labels.SCOPE[scope.after])),
        )
        for scope in comparison.scopes
        if scope.changed or not brief
    ]
    rows.append(_row("Requests sent", str(before.requests_sent), str(after.requests_sent)))
    head = ("", "Before", "After")
    return Table(head, tuple(rows[1:-1] if brief else rows))


def _row(label: str, before: str, after: str) -> tuple[InlineLine, ...]:
    return line(label), line(before), line(after)


def _status(status: Status | None) -> InlineLine:
    return muted("not run") if status is None else line(sign(labels.STATUS[status]))


def _first(run: Run, *, brief: bool) -> InlineLine:
    if not run.verdicts:
        return line("no problem found" if run.outcome is Outcome.HEALTHY else "none")
    leading = run.verdicts[0]
    return line(leading.title) if brief else line(f"{leading.title} (", Code(leading.cause), ")")


def _latest(comparison: Comparison, *, brief: bool) -> InlineLine:
    if not comparison.after.verdicts:
        if comparison.unproven:
            return line("none, as far as it got")
        if comparison.untested:
            return line("none that checks can see")
    return _first(comparison.after, brief=brief)
