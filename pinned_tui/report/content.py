"""What a report says, in which order, for each of its faces. Pure.

A face is a renderer and an order of the same parts. In a report, the answer comes first, then what
to do, then everything that was seen: whoever gets it forwarded reads as far as they need. In a
terminal, what to do comes last, since that is where the prompt is and the eyes are. A page of the
app begins with the answer and what to do, and has what was seen beside it or below.
"""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import TYPE_CHECKING

from pinned_tui.core import labels
from pinned_tui.diagnosis.symptoms import symptom_row
from pinned_tui.report.before_after import both_in_full, both_in_short, in_brief
from pinned_tui.report.blocks import (
    Block,
    Code,
    FactList,
    Heading,
    InlineLine,
    Paragraph,
    Rule,
    Signed,
    SignedRow,
    Steps,
    Strong,
    Styled,
    Table,
    codes,
    line,
    muted,
    sign,
)
from pinned_tui.report.comparison import Comparison, compare
from pinned_tui.report.evidence import (
    channels_in_short,
    checked,
    consent_in_words,
    evidence,
    ledger_in_full,
    scopes_in_short,
    sent_in_short,
    what_shows,
)
from pinned_tui.report.inspection import (
    corrections,
    faults_and_notes,
    faults_in_place,
    inspected,
    is_inspection,
    latest_inputs,
    notes_in_short,
    timelines,
)
from pinned_tui.report.verdict import (
    certain,
    documentation,
    doubts,
    facts,
    further,
    remedy,
    short_facts,
    waiting,
)
from pinned_tui.report.why import why, why_in_short
from pinned_tui.session import Answer, KeyFacts, Outcome, ScopeState, Session, Verdict

if TYPE_CHECKING:
    from pinned_tui.guide.model import Guide


class Audience(Enum):
    """Whom the content is for."""

    REPORT = "report"
    """Whoever gets a report, in full."""

    TERMINAL = "terminal"
    """The user at a terminal."""

    SCREEN = "screen"
    """The user of the app; the first :class:`Rule` begins what was seen."""


AnswerWords = Callable[[Answer], tuple[str, str]]
"""Returns the question that was asked and the answer that was given, in words."""


def bare_words(answer: Answer) -> tuple[str, str]:
    """Return the ids of a step and an option, where there are no words for them."""
    return answer.step, answer.option


def words_of(guide: "Guide") -> AnswerWords:
    """Return what puts answers into the words of ``guide``."""
    steps = {step.id: step for _, step in guide.steps()}

    def words(answer: Answer) -> tuple[str, str]:
        step = steps.get(answer.step)
        option = step.option(answer.option) if step else None
        return step.question if step else answer.step, option.label if option else answer.option

    return words


def content(
    session: Session, words: AnswerWords = bare_words, *, audience: Audience = Audience.REPORT
) -> tuple[Block, ...]:
    """Return all that is to be said of ``session``.

    Args:
        session: Any session, finished or not.
        words: Puts the answers that the user gave into words.
        audience: Whom it is for.
    """
    match audience:
        case Audience.TERMINAL:
            return tuple(_terminal(session))
        case Audience.SCREEN:
            return tuple(_screen(session))
        case Audience.REPORT if is_inspection(session):
            return tuple(_inspection_report(session))
        case Audience.REPORT:
            return tuple(_report(session, words))


def _leading(session: Session) -> Verdict | None:
    return session.verdicts[0] if session.verdicts else None


def _report(session: Session, words: AnswerWords) -> Iterable[Block]:
    comparison = compare(session)
    yield from _answer(session, comparison)
    yield from _question(session)
    yield from remedy(_leading(session))
    yield from documentation(_leading(session))
    yield from waiting(session)
    yield from both_in_full(comparison)
    yield from doubts(_leading(session), heading=True)
    yield from why(session)
    yield from further(session)
    yield from timelines(session)
    yield from evidence(session)
    yield from ledger_in_full(session)
    yield from _path(session, words)
    yield from _about(session)


def _inspection_report(session: Session) -> Iterable[Block]:
    """Yield the report of an inspection: nothing was asked of a server, so nothing says it was."""
    yield from _answer(session, None)
    yield from inspected(session)
    yield from faults_and_notes(session)
    yield from remedy(_leading(session))
    yield from documentation(_leading(session))
    yield from corrections(session)
    yield from doubts(_leading(session), heading=True)
    yield from further(session)
    yield from timelines(session)
    yield from _about(session)


_MOST_GROUPS = 12
"""The most groups of requests that a terminal shows of a timeline."""


def _terminal(session: Session) -> Iterable[Block]:
    leading = _leading(session)
    certainty = (
        Styled(f"  ({leading.certainty})", "muted")
        if leading is not None and not labels.names_no_fault(leading)
        else None
    )
    outcome = sign(labels.OUTCOME[session.outcome])
    yield Heading(1, line(outcome, f"  {labels.headline(session)}", certainty))
    if is_inspection(session):
        yield from (Paragraph(muted(f"{o.name}: {o.summary}")) for o in latest_inputs(session))
        yield from faults_in_place(session)
        yield from notes_in_short(session)
        yield from timelines(session, groups=_MOST_GROUPS)
        yield from _named(leading, brief=True)
        yield from corrections(session)
        yield Rule()
        yield Paragraph(muted(f"Nothing was sent. Session {session.id}."))
    else:
        yield Paragraph(muted(labels.describe_target(session.target)))
        yield from both_in_short(compare(session))
        yield from checked(session)
        yield from scopes_in_short(session)
        yield from channels_in_short(session.channels)
        yield from _named(leading, brief=False)
        yield from why_in_short(session)
        yield from further(session, brief=True)
        yield Rule()
        yield Paragraph(muted(f"{sent_in_short(session)} Session {session.id}."))
    yield from remedy(leading)
    yield from documentation(leading)
    yield from waiting(session, brief=True)


def _named(verdict: Verdict | None, *, brief: bool) -> Iterable[Block]:
    """Yield a verdict; ``brief`` leaves out what the place of a fault has shown."""
    if verdict is None:
        return
    yield Heading(2, line(verdict.title, Styled(f"  [{verdict.cause}]", "muted")))
    meaning = labels.certainty_meaning(verdict)
    yield Paragraph(line(f"{verdict.certainty.capitalize()}. {meaning}"))
    if not brief:
        yield from short_facts(verdict)
    yield Paragraph(line(verdict.summary))
    yield from doubts(verdict)


def _screen(session: Session) -> Iterable[Block]:
    leading = _leading(session)
    outcome = sign(labels.OUTCOME[session.outcome])
    yield Paragraph(line(outcome, "  ", *certain(leading)) if leading else line(outcome))
    yield Heading(1, line(labels.headline(session)))
    comparison = compare(session)
    yield from both_in_short(comparison)
    if leading is not None:
        yield Paragraph(line(leading.summary))
        yield from short_facts(leading)
    yield from remedy(leading)
    yield from doubts(leading)
    yield from waiting(session, brief=True)
    yield Rule()
    shown = leading.evidence if leading else ()
    yield from what_shows(session, shown)
    yield from further(session, brief=True)
    yield from checked(session, without=shown)
    if any(state is not ScopeState.NOT_PROBED for state in session.scopes.values()):
        yield from scopes_in_short(session)
    yield from channels_in_short(session.channels)
    yield from documentation(leading)
    yield Rule()
    sent = "Nothing was sent." if is_inspection(session) else sent_in_short(session)
    yield Paragraph(muted(sent))


def given_in_short(session: Session, words: AnswerWords = bare_words) -> Iterable[Block]:
    """Yield what the user answered and agreed to, for a page of the app."""
    if session.answers:
        yield Heading(2, line("Your answers"))
        rows = []
        for answer in session.answers:
            question, chosen = words(answer)
            said = Strong(answer.text or chosen)
            rows.append(SignedRow(Styled("•", "plain"), muted(question), (line(said),)))
        yield Signed(tuple(rows))
    if session.consents:
        yield Heading(2, line("Your consent"))
        yield Signed(
            tuple(
                SignedRow(
                    Styled("agreed to" if one.given else "declined", "muted"),
                    line(f"{one.method} {one.route}"),
                )
                for one in session.consents
            )
        )


def _answer(session: Session, comparison: Comparison | None) -> Iterable[Block]:
    glyph = labels.OUTCOME[session.outcome]
    yield Heading(1, line(f"{glyph.glyph} {labels.headline(session)}"))
    if comparison is not None:
        yield from in_brief(comparison)
    leading = _leading(session)
    if leading is None:
        open_ = comparison is not None and bool(comparison.untested or comparison.unproven)
        yield Paragraph(line(_without_verdict(session, untested=open_)))
        return
    yield Paragraph(line(leading.summary))
    yield FactList((("Outcome", line(str(glyph))), *facts(leading)))


def _without_verdict(session: Session, *, untested: bool) -> str:
    match session.outcome:
        case Outcome.HEALTHY if untested:
            return "Every check that applies has passed."
        case Outcome.HEALTHY:
            if is_inspection(session):
                return "This is as far as an input shows without being sent. Nothing was sent."
            return "Every check that applies has passed. Nothing needs fixing."
        case Outcome.PROBLEM:
            return "Something failed, but no cause is named. The evidence is below."
        case Outcome.INCONCLUSIVE:
            return "The checks could not be finished, so nothing is concluded from them."
        case None:
            return "This session was not finished. What was learned until then is below."


_REFUSED_ELSEWHERE = "your deployment gets 401 with what should be this key, as you say"


def _question(session: Session) -> Iterable[Block]:
    yield Heading(2, line("What was asked"))
    target = session.target
    took = labels.elapsed(session.started_at, session.finished_at)
    symptom = symptom_row(target.symptom)  # a report of old has none
    rows: tuple[tuple[str, InlineLine], ...] = (
        ("API", line(Code(target.base_url))),
        ("Channel", _value(target.channel_id)),
        ("Channel as given", _value(target.channel_given)),
        ("Event", _value(target.event_id)),
        ("Event by title", _value(target.event_title)),
        ("Day on which it begins", _value(target.event_day)),
        ("Start that is expected", _value(target.expected_start)),
        ("Elsewhere", line(_REFUSED_ELSEWHERE if target.refused_elsewhere else None)),
        ("Symptom", line(symptom.words if symptom is not None else None)),
        ("Scopes needed", codes(target.needs)),
        ("Payload", _value(target.payload)),
        ("Duplicates", line("looked for among all events" if target.duplicates else None)),
        ("Key", line(_key(session.key))),
        (
            "When",
            line(labels.moment(session.started_at), f", took {took}" if took else ", not finished"),
        ),
        ("Sent", line(labels.plural(session.requests_sent, "request"))),
    )
    yield FactList(tuple((name, value) for name, value in rows if value))


def _value(value: str | int | None) -> InlineLine:
    return () if value is None else line(Code(str(value)))


def _key(key: KeyFacts | None) -> str:
    if key is None:
        return "none was given"
    return f"from {key.source}, {labels.plural(key.length, 'character')} ({key.shape})"


def _path(session: Session, words: AnswerWords) -> Iterable[Block]:
    if session.answers:
        yield Heading(2, line("Answers to the guide's questions"))
        yield Steps(tuple(_given(answer, words) for answer in session.answers))
    if session.consents:
        yield Heading(2, line("Checks that do more than read"))
        yield Paragraph(line("They are sent only with the user's consent, one by one."))
        yield Table(
            ("Consent", "Request", "It could change", "It leaves behind", "When"),
            tuple(
                (
                    line(consent_in_words(consent)),
                    line(Code(f"{consent.method} {consent.route}")),
                    line(consent.could_change),
                    line(consent.leaves),
                    line(labels.moment(consent.at)),
                )
                for consent in session.consents
            ),
        )


def _given(answer: Answer, words: AnswerWords) -> InlineLine:
    question, chosen = words(answer)
    typed = line(": ", Code(answer.text)) if answer.text is not None else ()
    by = "as the evidence says" if answer.by == "evidence" else "the user's choice"
    return (*line(f"{question} ", Strong(chosen)), *typed, f" ({by})")


def _about(session: Session) -> Iterable[Block]:
    yield Heading(2, line("About this report"))
    yield Paragraph(
        line(
            f"Made by {session.tool.name} {session.tool.version} from session ",
            Code(session.id),
            ". All times are UTC.",
        )
    )
    yield Paragraph(
        line(
            "No API key is in this report; where one was used, ",
            Code("[key-1]"),
            " stands for it, and another number for another key. Names of channels, titles and"
            " IDs are in it: look it through before you pass it on.",
        )
    )
