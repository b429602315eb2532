"""What a report says, in which order, whatever its format. Pure.

The answer comes first, then what to do, then the proof, then everything that was seen: whoever gets
the report forwarded reads as far as they need.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Final

from pinned_tui.core import labels
from pinned_tui.diagnosis.backoff import advice_for, schedule, told_to_wait
from pinned_tui.diagnosis.symptoms import symptom_row
from pinned_tui.report.blocks import (
    Block,
    Bullets,
    Code,
    CodeBlock,
    Heading,
    InlineLine,
    Link,
    Paragraph,
    Steps,
    Strong,
    Table,
    joined,
    line,
)
from pinned_tui.report.comparison import Comparison, compare
from pinned_tui.report.evidence import consent_in_words, evidence, in_ledger
from pinned_tui.report.inspection import (
    corrections,
    faults_and_notes,
    inspected,
    is_inspection,
    timelines,
)
from pinned_tui.report.why import beside_the_first, why
from pinned_tui.session import Answer, Certainty, Fate, KeyFacts, Outcome, Session, Symptom, Verdict


def title_of(probe: str) -> str:
    """Return what a probe finds out, in words; an id of another version comes back as it is."""
    return _probe_titles().get(probe, probe)


@cache
def _probe_titles() -> dict[str, str]:
    from pinned_tui.checks.plan import MEANS
    from pinned_tui.checks.probes.passive import LIMITS_ID, LIMITS_TITLE

    return {one.probe: one.title for one in MEANS} | {LIMITS_ID: LIMITS_TITLE}


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


AnswerWords = Callable[[Answer], tuple[str, str]]
"""Returns the question that was asked and the answer that was given, in words."""


def bare_words(answer: Answer) -> tuple[str, str]:
    """Return the ids of a step and an option, where there are no words for them."""
    return answer.step, answer.option


def content(session: Session, words: AnswerWords = bare_words) -> tuple[Block, ...]:
    """Return the whole report of ``session``.

    Args:
        session: Any session, finished or not.
        words: Puts the answers that the person gave into words.
    """
    if is_inspection(session):
        return _inspection(session)
    comparison = compare(session)
    return (
        *_answer(session, comparison),
        *_question(session),
        *_remedy(session),
        *waiting(session),
        *_proof(comparison),
        *_mended(comparison),
        *_doubts(session),
        *why(session),
        *_further_verdicts(session),
        *timelines(session),
        *evidence(session),
        *in_ledger(session),
        *_path(session, words),
        *_about(session),
    )


def _inspection(session: Session) -> tuple[Block, ...]:
    """Return the report of an inspection: nothing was asked of a server, so nothing says it was."""
    return (
        *_answer(session, None),
        *inspected(session),
        *faults_and_notes(session),
        *_remedy(session),
        *corrections(session),
        *_doubts(session),
        *_further_verdicts(session),
        *timelines(session),
        *_about(session),
    )


def _answer(session: Session, comparison: Comparison | None) -> Iterable[Block]:
    sign = labels.OUTCOME[session.outcome]
    yield Heading(1, line(f"{sign.glyph} {labels.headline(session)}"))
    if comparison is not None:
        yield from _in_brief(comparison)
    if not session.verdicts:
        open_ = comparison is not None and bool(comparison.untested or comparison.unproven)
        yield Paragraph(line(_without_verdict(session, untested=open_)))
        return
    leading = session.verdicts[0]
    yield Paragraph(line(leading.summary))
    facts = [line(Strong("Outcome:"), f" {sign}"), *_verdict_facts(leading)]
    yield Bullets(tuple(facts))


def _in_brief(comparison: Comparison) -> Iterable[Block]:
    """Say what is mended, and of what that is not proved; the rest is in the table of both."""
    gone = _fates(comparison)["gone"]
    if gone:
        yield Paragraph(line(Strong("No longer found:"), f" {_titles(gone)}."))
    for fate in _OPEN:
        verdicts = _fates(comparison)[fate]
        if verdicts:
            why = _reasons(fate, comparison)
            yield Paragraph(line(Strong(_label(fate)), f" {_titles(verdicts)}. {why}"))


_OPEN: Final[tuple[Fate, ...]] = ("not proven", "asked differently", "only told")
"""The fates of faults that are absent without being proved mended."""


def _fates(comparison: Comparison) -> Mapping[Fate, tuple[Verdict, ...]]:
    return {
        "gone": comparison.gone,
        "not proven": comparison.unproven,
        "asked differently": comparison.elsewhere,
        "only told": comparison.untested,
    }


def _label(fate: Fate) -> str:
    return f"{labels.FATE[fate].word.capitalize()}:"


def _reasons(fate: Fate, comparison: Comparison) -> str:
    """Say why these are not called mended, a reason that several share once."""
    reasons = dict.fromkeys(one.why for one in comparison.proof if one.fate == fate)
    return " ".join(f"{reason.rstrip('.')}." for reason in reasons)


def _without_verdict(session: Session, *, untested: bool) -> str:
    match session.outcome:
        case Outcome.HEALTHY if untested:
            return "Every check that applies has passed."
        case Outcome.HEALTHY:
            if is_inspection(session):
                return "Nothing is wrong with it, as far as it shows. Nothing was sent."
            return "Every check that applies has passed. Nothing needs mending."
        case Outcome.PROBLEM:
            return "Something failed, but no cause is named. The evidence is below."
        case Outcome.INCONCLUSIVE:
            return "The checks could not be finished, so nothing is concluded from them."
        case None:
            return "This session was not finished. What was learnt until then is below."


def _verdict_facts(verdict: Verdict) -> Iterable[InlineLine]:
    certainty = f"{labels.CERTAINTY[verdict.certainty]}"
    meaning = labels.certainty_meaning(verdict)
    yield line(Strong("Cause:"), " ", Code(verdict.cause), f", {certainty}. {meaning}")
    about, found = labels.concerns(verdict), labels.found_value(verdict)
    if about is not None:
        yield line(Strong("Concerns:"), " ", Code(about))
    if found is not None:
        yield line(Strong("Found:"), " ", Code(found))
    if verdict.suggestion is not None:
        yield line(Strong("Suggested instead:"), " ", Code(str(verdict.suggestion)))
    if verdict.evidence:
        yield line(Strong("Evidence:"), " ", *_codes(verdict.evidence))
    yield line(Strong("Section of the guide:"), f" {verdict.section}")


def _codes(texts: Iterable[str]) -> InlineLine:
    return joined(tuple(line(Code(text)) for text in texts), ", ")


_REFUSED_ELSEWHERE = " your deployment answers 401 with what should be this key, as you say"


def _question(session: Session) -> Iterable[Block]:
    yield Heading(2, line("What was asked"))
    target = session.target
    took = labels.elapsed(session.started_at, session.finished_at)
    facts = [
        line(Strong("API:"), " ", Code(target.base_url)),
        _fact("Channel:", target.channel_id),
        _fact("Channel as given:", target.channel_given),
        _fact("Event:", target.event_id),
        _fact("Event by title:", target.event_title),
        _fact("Day on which it begins:", target.event_day),
        _fact("Start that is expected:", target.expected_start),
        line(Strong("Elsewhere:"), _REFUSED_ELSEWHERE) if target.refused_elsewhere else (),
        _symptom(target.symptom),
        line(Strong("Scopes needed:"), " ", *_codes(target.needs)) if target.needs else (),
        _fact("Payload:", target.payload),
        line(Strong("Duplicates:"), " looked for among all events") if target.duplicates else (),
        line(Strong("Key:"), f" {_key(session.key)}"),
        line(
            Strong("When:"),
            f" {labels.moment(session.started_at)}",
            f", took {took}" if took else ", not finished",
        ),
        line(Strong("Sent:"), f" {labels.plural(session.requests_sent, 'request')}"),
    ]
    yield Bullets(tuple(fact for fact in facts if fact))


def _symptom(symptom: Symptom | None) -> InlineLine:
    """Return what the user came with; a report of old does not tell."""
    row = symptom_row(symptom)
    return () if row is None else line(Strong("Symptom:"), f" {row.words}")


def _fact(label: str, value: str | int | None) -> InlineLine:
    return () if value is None else line(Strong(label), " ", Code(str(value)))


def _key(key: KeyFacts | None) -> str:
    if key is None:
        return "none was given"
    return f"from {key.source}, {labels.plural(key.length, 'character')} ({key.shape})"


def _remedy(session: Session) -> Iterable[Block]:
    if not session.verdicts:
        return
    leading = session.verdicts[0]
    yield Heading(2, line(labels.remedy_title(leading)))
    if leading.fix:
        yield Steps(tuple(line(step) for step in leading.fix))
    yield Paragraph(line(Strong("Then verify:"), f" {leading.verify}"))
    yield Paragraph(line(Strong("Read more:"), " ", Link(leading.docs)))


def _proof(comparison: Comparison | None) -> Iterable[Block]:
    if comparison is None:
        return
    before, after = comparison.before, comparison.after
    yield Heading(2, line("Before and after"))
    yield Bullets(tuple(_progress(comparison)))
    rows: list[tuple[InlineLine, ...]] = [
        _row("When", labels.moment(before.started_at), labels.moment(after.started_at)),
        *(
            _row(d.part.capitalize(), d.before or "none", d.after or "none")
            for d in comparison.asked
        ),
        _row("Outcome", str(labels.OUTCOME[before.outcome]), str(labels.OUTCOME[after.outcome])),
        (line("First verdict"), _first(before.verdicts), _first(after.verdicts)),
    ]
    rows += [
        _row(
            title_of(probe.probe),
            "not run" if probe.before is None else str(labels.STATUS[probe.before]),
            "not run" if probe.after is None else str(labels.STATUS[probe.after]),
        )
        for probe in comparison.probes
        if not probe.spared
    ]
    rows += [
        _row(scope.scope, str(labels.SCOPE[scope.before]), str(labels.SCOPE[scope.after]))
        for scope in comparison.scopes
    ]
    rows.append(_row("Requests sent", str(before.requests_sent), str(after.requests_sent)))
    yield Table(("", "First check", "Latest check"), tuple(rows))


def _progress(comparison: Comparison) -> Iterable[InlineLine]:
    yield line(Strong("No longer found:"), f" {_titles(comparison.gone)}")
    for fate in _OPEN:
        verdicts = _fates(comparison)[fate]
        if verdicts:
            yield line(Strong(_label(fate)), f" {_titles(verdicts)}")
    yield line(Strong("Still found:"), f" {_titles(comparison.staying)}")
    yield line(Strong("Newly found:"), f" {_titles(comparison.new)}")


def _titles(verdicts: Iterable[Verdict]) -> str:
    return "; ".join(map(_title, verdicts)) or "nothing"


def _title(verdict: Verdict) -> str:
    possible = verdict.certainty is Certainty.POSSIBLE
    return f"{verdict.title} (was only possible)" if possible else verdict.title


def _row(label: str, before: str, after: str) -> tuple[InlineLine, ...]:
    return line(label), line(before), line(after)


def _first(verdicts: tuple[Verdict, ...]) -> InlineLine:
    if not verdicts:
        return line("none")
    return line(f"{verdicts[0].title} (", Code(verdicts[0].cause), ")")


def _mended(comparison: Comparison | None) -> Iterable[Block]:
    if comparison is None:
        return
    for title, verdicts in (
        ("What was wrong before", comparison.gone),
        ("What is not proven to be mended", comparison.unproven),
        ("What was asked about before", comparison.elsewhere),
        ("What was not tested again", comparison.untested),
    ):
        if verdicts:
            yield Heading(2, line(title))
            for verdict in verdicts:
                yield from _in_short(verdict)


def _doubts(session: Session) -> Iterable[Block]:
    leading = session.verdicts[0] if session.verdicts else None
    if leading is None or not (leading.alternatives or leading.unknowable):
        return
    yield Heading(2, line("What can't be told from here"))
    if leading.alternatives:
        yield Bullets(tuple(line(one) for one in leading.alternatives))
    if leading.unknowable:
        yield Paragraph(line(leading.unknowable))


def _further_verdicts(session: Session) -> Iterable[Block]:
    for title, verdicts in beside_the_first(session):
        yield Heading(2, line(title))
        for verdict in verdicts:
            yield from _in_short(verdict)


def _in_short(verdict: Verdict) -> Iterable[Block]:
    yield Heading(3, line(verdict.title))
    yield Paragraph(line(verdict.summary))
    yield Bullets(tuple(_verdict_facts(verdict)))
    if verdict.fix:
        yield Steps(tuple(line(step) for step in verdict.fix))
    yield Paragraph(line(Strong("Then verify:"), f" {verdict.verify}"))


def _path(session: Session, words: AnswerWords) -> Iterable[Block]:
    if session.answers:
        yield Heading(2, line("Answers given on the way"))
        yield Steps(tuple(_given(answer, words) for answer in session.answers))
    if session.consents:
        yield Heading(2, line("Checks that do more than read"))
        yield Paragraph(line("They are sent only after the person agreed to them, one by one."))
        yield Table(
            ("Answer", "Request", "It could change", "It leaves behind", "When"),
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
    by = "as the evidence says" if answer.by == "evidence" else "the person's choice"
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
