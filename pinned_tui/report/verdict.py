"""The parts of a report that are about verdicts: what it is, how to fix it, what else it may be.

Pure.
"""

from collections.abc import Iterable

from pinned_tui.core import labels
from pinned_tui.diagnosis.backoff import advice_for, requested_wait, schedule
from pinned_tui.report.blocks import (
    Block,
    Bullets,
    Code,
    CodeBlock,
    FactList,
    Heading,
    InlineLine,
    Link,
    Paragraph,
    Signed,
    SignedRow,
    Steps,
    Strong,
    Styled,
    Table,
    codes,
    line,
    sign,
)
from pinned_tui.report.why import beside_the_first
from pinned_tui.session import Certainty, Session, Verdict


def _values(verdict: Verdict) -> Iterable[tuple[str, InlineLine]]:
    """Yield what a verdict is about, the value that was found, and the one to use."""
    about, found = labels.concerns(verdict), labels.found_value(verdict)
    if about is not None:
        yield "About", line(Code(about))
    if found is not None and found != verdict.subject:
        yield "Found", line(Code(found))
    if verdict.suggestion is not None:
        yield "Use", line(Code(str(verdict.suggestion)))


def facts(verdict: Verdict) -> Iterable[tuple[str, InlineLine]]:
    """Yield all that is to be said of a verdict in a few words."""
    certainty = f"{labels.CERTAINTY[verdict.certainty]}"
    meaning = labels.certainty_meaning(verdict)
    yield "Cause", line(Code(verdict.cause), f", {certainty}. {meaning}")
    yield from _values(verdict)
    if verdict.evidence:
        yield "Evidence", codes(verdict.evidence)
    yield "Section of the guide", line(verdict.section)


def short_facts(verdict: Verdict, *, about: bool = True) -> Iterable[Block]:
    """Yield the values of a verdict, where it has any; ``about`` is among them unless shown."""
    rows = tuple(row for row in _values(verdict) if about or row[0] != "About")
    if rows:
        yield FactList(rows)


def remedy(verdict: Verdict | None) -> Iterable[Block]:
    """Yield what to do, and how to check the fix."""
    if verdict is None:
        return
    if verdict.fix:
        yield Heading(2, line(labels.remedy_title(verdict)))
        yield Steps(tuple(line(step) for step in verdict.fix))
    if verdict.verify:
        yield Paragraph(line(verdict.verify), label=labels.CHECK_THE_FIX)


def documentation(verdict: Verdict | None) -> Iterable[Block]:
    """Yield where to read on."""
    if verdict is not None and verdict.docs:
        yield Paragraph(line(Link(verdict.docs)), label="Documentation")


def doubts(verdict: Verdict | None, *, heading: bool = False) -> Iterable[Block]:
    """Yield what a verdict leaves open, and who can find out.

    Args:
        verdict: The verdict.
        heading: Whether it is a section of its own; otherwise it stands with the verdict.
    """
    if verdict is None or not (verdict.alternatives or verdict.unknowable):
        return
    # What a confirmed verdict leaves open is not whether it holds.
    sure = verdict.certainty is Certainty.CONFIRMED or not verdict.alternatives
    title = "What we can't tell from outside" if sure else "It could also be"
    if heading:
        yield Heading(2, line(title))
    if verdict.alternatives:
        lines = tuple(line(one) for one in verdict.alternatives)
        yield Bullets(lines, label="" if heading else title)
    if verdict.unknowable:
        yield Paragraph(line(verdict.unknowable), label="Who can find out")


def in_short(verdict: Verdict) -> Iterable[Block]:
    """Yield a verdict that is not the leading one, with all there is to it."""
    yield Heading(3, line(verdict.title))
    yield Paragraph(line(verdict.summary))
    yield FactList(tuple(facts(verdict)))
    if verdict.fix:
        yield Steps(tuple(line(step) for step in verdict.fix))
    yield Paragraph(line(verdict.verify), label=labels.CHECK_THE_FIX)


def further(session: Session, *, brief: bool = False) -> Iterable[Block]:
    """Yield the verdicts behind the leading one; with ``brief``, a line or two each."""
    for title, verdicts in beside_the_first(session):
        yield Heading(2, line(title))
        if brief:
            yield Signed(tuple(_named(one) for one in verdicts))
        else:
            for verdict in verdicts:
                yield from in_short(verdict)


def _named(verdict: Verdict) -> SignedRow:
    subject = f" {verdict.subject}" if verdict.subject else ""
    name = Styled(f" [{verdict.cause}{subject}]", "muted")
    fix = (line(f"→ {verdict.fix[0]}"),) if verdict.fix else ()
    return SignedRow(sign(labels.CERTAINTY[verdict.certainty]), line(verdict.title, name), fix)


def certain(verdict: Verdict) -> InlineLine:
    """Return how certain a verdict is, and what that means."""
    meaning = Styled(labels.certainty_meaning(verdict), "muted")
    if labels.names_no_fault(verdict):
        return line(meaning)
    return line(Strong(str(labels.CERTAINTY[verdict.certainty])), "  ", meaning)


def waiting(session: Session, *, brief: bool = False) -> Iterable[Block]:
    """Yield how long to wait between tries, where the leading verdict is about that.

    Args:
        session: The session.
        brief: Whether the waits take a line, and the samples are left out.
    """
    advice = advice_for(session.first_cause)
    if advice is None:
        return
    waits = [str(wait) for wait in schedule(requested_wait(session))]
    yield Heading(2, line(advice.title))
    if brief:
        yield Paragraph(line(f"{', '.join(waits)}. {advice.lead} {advice.code}"))
        return
    yield Paragraph(line(advice.lead))
    rows = tuple((line(str(n)), line(wait)) for n, wait in enumerate(waits, start=1))
    yield Table(("After try", "Wait"), rows)
    for sample in advice.samples:
        yield Heading(3, line(sample.title))
        yield CodeBlock(sample.text, sample.language)


def one_finding(verdict: Verdict, place: str | None) -> Iterable[Block]:
    """Yield one verdict of an inspection in full, beside the input that shows its place."""
    where = Styled(f"  {place}", "muted") if place else None
    yield Paragraph(line(Strong(str(labels.CERTAINTY[verdict.certainty])), where))
    yield Paragraph(line(verdict.summary))
    yield from short_facts(verdict, about=False)  # its place says that
    if verdict.fix:
        yield Heading(3, line(labels.remedy_title(verdict)))
        yield Steps(tuple(line(step) for step in verdict.fix))
    yield from doubts(verdict)
