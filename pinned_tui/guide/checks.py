"""Finds the faults of a guide that loads but would lead a person astray. Pure.

The loader has seen to it that ids are unique and that every option leads to a step that exists.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pinned_tui.guide.evidence import ConditionError, parse
from pinned_tui.guide.model import TYPED, UNSURE, VERDICT, Guide, Option, Section, Step
from pinned_tui.guide.paths import reachable

FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
LONGEST_LABEL = 80
LONGEST_TITLE = 24


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What the guide may name, from the parts that own it.

    Attributes:
        causes: Ids of the catalogue.
        docs: Pages of the vendor's documentation.
        codes: Codes of the observations that probes make.
    """

    causes: frozenset[str]
    docs: frozenset[str]
    codes: frozenset[str]


def check(guide: Guide, known: KnownNames) -> list[str]:
    """Return the faults of ``guide``, each naming file and step and saying what is wrong."""
    return [*_faults(guide, known)]


def _faults(guide: Guide, known: KnownNames) -> Iterator[str]:
    for section in guide.sections:
        place = f"{section.id}.toml"
        if section.docs not in known.docs:
            yield f"{place}: {section.docs!r} is no page of the documentation"
        yield from _ways(section)
        for step in section.steps:
            yield from (f"{place}, step {step.id}: {fault}" for fault in _of_step(step, known))
            for option in step.options:
                where = f"{place}, step {step.id}, option {option.id}"
                faults = _of_option(option, guide, known)
                yield from (f"{where}: {fault}" for fault in faults)
    yield from _uncovered(guide)


def _ways(section: Section) -> Iterator[str]:
    """Every step is reached, and every step has a way out."""
    reached = reachable(section, section.first)
    for step in section.steps:
        place = f"{section.id}.toml, step {step.id}"
        if step.id not in reached:
            yield f"{place}: no way leads here"
        if VERDICT not in reachable(section, step.id):
            yield f"{place}: no way leads from here to {VERDICT}"


def _of_step(step: Step, known: KnownNames) -> Iterator[str]:
    ids = {option.id for option in step.options}
    if not FEWEST_OPTIONS <= len(step.options) <= MOST_OPTIONS:
        yield f"{len(step.options)} options; it needs {FEWEST_OPTIONS} to {MOST_OPTIONS}"
    if step.kind == "choice" and UNSURE not in ids:
        yield f"a question needs an option {UNSURE!r} for a person who can't tell"
    if len({step.kind == "input", step.input is not None, TYPED in ids}) > 1:
        yield f"kind = 'input' goes with input = … and with an option {TYPED!r}"
    if step.do is not None and step.kind != "action":
        yield "only kind = 'action' can have do = …"
    if len(step.title) > LONGEST_TITLE:
        yield f"the title is longer than {LONGEST_TITLE} characters"
    for code in step.shows:
        if code not in known.codes:
            yield f"no probe observes {code!r}"
    if step.docs is not None and step.docs not in known.docs:
        yield f"{step.docs!r} is no page of the documentation"


def _of_option(option: Option, guide: Guide, known: KnownNames) -> Iterator[str]:
    if len(option.label) > LONGEST_LABEL:
        yield f"the label is longer than {LONGEST_LABEL} characters"
    if option.cause is not None and option.cause not in known.causes:
        yield f"{option.cause!r} is no cause of the catalogue"
    for condition in option.evidence:
        yield from _of_condition(condition, guide, known)


def _of_condition(condition: str, guide: Guide, known: KnownNames) -> Iterator[str]:
    try:
        terms = parse(condition)
    except ConditionError as error:
        yield str(error)
        return
    for term in terms:
        if term.subject == "cause" and term.name not in known.causes:
            yield f"{condition!r}: {term.name!r} is no cause of the catalogue"
        if term.subject == "observed" and term.name not in known.codes:
            yield f"{condition!r}: no probe observes {term.name!r}"
        if term.subject == "answer" and not _is_answer(term.name, term.state, guide):
            yield f"{condition!r}: there is no such step with such an option"
        if term.subject == "run-after" and not any(s.id == term.name for _, s in guide.steps()):
            yield f"{condition!r}: there is no step {term.name!r}"


def _is_answer(step_id: str, option_id: str | None, guide: Guide) -> bool:
    return any(
        step.id == step_id and step.option(option_id or "") is not None for _, step in guide.steps()
    )


def _uncovered(guide: Guide) -> Iterator[str]:
    """Every rule is covered by a step of its section, and steps cover only rules that exist."""
    covering: dict[str, set[str]] = {}
    for section, step in guide.steps():
        for rule_id in step.covers:
            covering.setdefault(rule_id, set()).add(section.id)
    for rule in guide.rules:
        if rule.section not in covering.pop(rule.id, set[str]()):
            yield f"rules.toml, rule {rule.id}: no step of {rule.section}.toml covers it"
    yield from (f"a step covers {rule_id!r}, which is no rule" for rule_id in sorted(covering))
