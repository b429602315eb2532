"""The part of a report that says how the person's own code should wait after a 429. Pure."""

from collections.abc import Iterable

from pinned_tui.diagnosis.backoff import advice_for, schedule, told_to_wait
from pinned_tui.report.blocks import Block, CodeBlock, Heading, Paragraph, Table, line
from pinned_tui.session import Session


def waiting(session: Session) -> Iterable[Block]:
    """Yield the schedule and the samples, where the leading verdict is about it."""
    advice = advice_for(session.first_cause)
    if advice is None:
        return
    yield Heading(2, line(advice.title))
    yield Paragraph(line(advice.lead))
    waits = schedule(told_to_wait(session))
    rows = tuple((line(str(n)), line(str(wait))) for n, wait in enumerate(waits, start=1))
    yield Table(("After try", "Wait"), rows)
    for sample in advice.samples:
        yield Heading(3, line(sample.title))
        yield CodeBlock(sample.text, sample.language)


def waits_in_short(session: Session) -> tuple[str, str] | None:
    """Return the title and the waits in one line, where the leading verdict is about it."""
    advice = advice_for(session.first_cause)
    if advice is None:
        return None
    waits = ", ".join(str(wait) for wait in schedule(told_to_wait(session)))
    return advice.title, f"{waits}. {advice.lead} {advice.code}"
