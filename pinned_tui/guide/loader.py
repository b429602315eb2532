"""Reads the guide's data files. Strict: what it returns, the walker can walk.

Home shows before anything else, so :func:`symptoms` parses only the head of each file. The
faults that need to know the catalogue are found by :mod:`pinned_tui.guide.loader`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from pinned_tui.guide.conditions import ConditionError, parse
from pinned_tui.guide.model import (
    SECTION_IDS,
    TYPED,
    UNSURE,
    VERDICT,
    Guide,
    Option,
    Section,
    Step,
    SymptomHead,
    VendorRule,
)
from pinned_tui.guide.paths import reachable
from pinned_tui.session.codes import unknown_codes

FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
LONGEST_LABEL = 80
LONGEST_TITLE = 24


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What the guide may name, from the parts that own it.

    Attributes:
        causes: Ids of the catalogue.
        docs: Pages of the vendor's documentation.
    """

    causes: frozenset[str]
    docs: frozenset[str]


def check(guide: Guide, known: KnownNames) -> list[str]:
    """Return the faults of ``guide``, each naming file and step and saying what is wrong."""
    return [*_faults(guide, known)]


def _faults(guide: Guide, known: KnownNames) -> Iterator[str]:
    for section in guide.sections:
        place = f"{section.id}.toml"
        if section.docs not in known.docs:
            yield f"{place}: unknown page of the documentation {section.docs!r}"
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
        yield f"a question needs an option {UNSURE!r} for a user who can't tell"
    if len({step.kind == "input", step.input is not None, TYPED in ids}) > 1:
        yield f"kind = 'input' goes with input = … and with an option {TYPED!r}"
    if step.do is not None and step.kind != "action":
        yield "only kind = 'action' can have do = …"
    if len(step.title) > LONGEST_TITLE:
        yield f"the title is longer than {LONGEST_TITLE} characters"
    yield from (f"no probe observes {code!r}" for code in unknown_codes(step.shows))
    if step.docs is not None and step.docs not in known.docs:
        yield f"unknown page of the documentation {step.docs!r}"


def _of_option(option: Option, guide: Guide, known: KnownNames) -> Iterator[str]:
    if len(option.label) > LONGEST_LABEL:
        yield f"the label is longer than {LONGEST_LABEL} characters"
    if option.cause is not None and option.cause not in known.causes:
        yield f"unknown cause {option.cause!r}"
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
            yield f"{condition!r}: unknown cause {term.name!r}"
        if term.subject == "answer" and not _is_answer(term.name, term.state, guide):
            yield f"{condition!r}: no step has such an option"
        if term.subject == "run-after" and not any(s.id == term.name for _, s in guide.steps()):
            yield f"{condition!r}: unknown step {term.name!r}"


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
    yield from (f"a step covers the unknown rule {rule_id!r}" for rule_id in sorted(covering))


RULES_FILE = "rules.toml"
_FIRST_STEP = "\n[[step]]"
_PLACE = re.compile(r" - at `(?P<path>\$.*?)`$")


class GuideError(ValueError):
    """A data file of the guide is wrong; the message names file and step and says what to do."""


@cache
def symptoms() -> tuple[SymptomHead, ...]:
    """Return the heads of the sections in the vendor's order, without reading their steps.

    Raises:
        GuideError: a data file is wrong.
    """
    return tuple(
        _head(name, _table(name, _packaged(name).partition(_FIRST_STEP)[0]))
        for name in _section_files()
    )


@cache
def load_guide() -> Guide:
    """Return the guide as it ships with the program.

    Raises:
        GuideError: a data file is wrong.
    """
    return build({name: _packaged(name) for name in (*_section_files(), RULES_FILE)})


def build(documents: Mapping[str, str]) -> Guide:
    """Make the guide of the text of its files.

    Args:
        documents: TOML text by file name: one for each of ``SECTION_IDS``, and the rules.

    Raises:
        GuideError: a file is missing or not TOML, has a name that is not known or lacks one
            that is needed, uses an id twice, leads to a step that does not exist, or names an
            observation that no probe makes.
    """
    missing = [name for name in (*_section_files(), RULES_FILE) if name not in documents]
    if missing:
        raise GuideError(f"{missing[0]}: the file is missing. Add it to guide/data.")
    sections = tuple(_section(name, documents[name]) for name in _section_files())
    guide = Guide(sections=sections, rules=_rules(documents[RULES_FILE]))
    _require_unique_steps(guide)
    return guide


def _section_files() -> tuple[str, ...]:
    return tuple(f"{section_id}.toml" for section_id in SECTION_IDS)


def _packaged(name: str) -> str:
    return files("pinned_tui.guide").joinpath("data", name).read_text(encoding="utf-8")


def _table(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GuideError(f"{name}: this is not valid TOML: {error}. Correct that line.") from None


def _head(name: str, table: Mapping[str, Any]) -> SymptomHead:
    try:
        symptom = msgspec.convert(table.get("section"), SymptomHead)
    except msgspec.ValidationError as error:
        raise GuideError(f"{name}, [section]: {_advice(error)}") from None
    place = SECTION_IDS.index(name.removesuffix(".toml"))
    if (symptom.id, symptom.number) != (SECTION_IDS[place], place + 1):
        raise GuideError(
            f"{name}, [section]: this is section {symptom.id!r}, number {symptom.number}."
            f" The file needs id {SECTION_IDS[place]!r} and number {place + 1}."
        )
    return symptom


def _section(name: str, text: str) -> Section:
    table = _table(name, text)
    head = _head(name, table)
    unknown = table.keys() - {"section", "step"}
    if unknown:
        raise GuideError(f"{name}: unknown table {min(unknown)!r}. Use [section] and [[step]].")
    raw = table.get("step", [])
    try:
        section = msgspec.convert({**msgspec.structs.asdict(head), "steps": raw}, Section)
    except msgspec.ValidationError as error:
        raise GuideError(f"{name}, {_culprit(error, raw)}: {_advice(error)}") from None
    _require_known_steps(name, section)
    _require_known_codes(name, section)
    return section


def _culprit(error: msgspec.ValidationError, raw: Any) -> str:  # noqa: ANN401 - any TOML value
    """Name the step that ``error`` is about by its id, or by its number where it has none."""
    found = re.search(r"\$\.steps\[(\d+)\]", str(error))
    if found is None:
        return "[[step]]"
    number = int(found[1])
    step = raw[number]
    named = step.get("id") if isinstance(step, dict) else None
    return f"step {named}" if named else f"step number {number + 1}"


def _advice(error: msgspec.ValidationError) -> str:
    text = str(error)
    place = _PLACE.search(text)
    return f"{_PLACE.sub('', text)}" + (f", at {place['path']}." if place else ".")


def _require_known_steps(name: str, section: Section) -> None:
    if section.step(section.first) is None:
        raise GuideError(
            f"{name}, [section]: first = {section.first!r} is none of its steps. Name one of them."
        )
    for step in section.steps:
        ids = [option.id for option in step.options]
        if len(set(ids)) < len(ids):
            raise GuideError(f"{name}, step {step.id}: two options share an id. Rename one.")
        for option in step.options:
            if option.next != VERDICT and section.step(option.next) is None:
                raise GuideError(
                    f"{name}, step {step.id}: option {option.id!r} leads to the unknown step"
                    f" {option.next!r}. Name one of them, or {VERDICT}."
                )


def _require_known_codes(name: str, section: Section) -> None:
    """Raise an error where a step names an observation that no probe makes."""
    for step in section.steps:
        if unknown := unknown_codes(step.shows):
            raise GuideError(f"{name}, step {step.id}: no probe observes {unknown[0]!r}.")
        for option in step.options:
            try:
                for condition in option.evidence:
                    parse(condition)
            except ConditionError as error:
                raise GuideError(
                    f"{name}, step {step.id}, option {option.id}: {error}. Correct the condition."
                ) from None


def _require_unique_steps(guide: Guide) -> None:
    homes: dict[str, str] = {}
    for section, step in guide.steps():
        if step.id in homes:
            raise GuideError(
                f"{section.id}.toml, step {step.id}: {homes[step.id]}.toml has a step of that id."
                " Rename one of them."
            )
        homes[step.id] = section.id


def _rules(text: str) -> tuple[VendorRule, ...]:
    table = _table(RULES_FILE, text)
    try:
        rules = msgspec.convert(table.get("rule", []), tuple[VendorRule, ...])
    except msgspec.ValidationError as error:
        raise GuideError(f"{RULES_FILE}: {_advice(error)}") from None
    ids = [rule.id for rule in rules]
    for rule in rules:
        if ids.count(rule.id) > 1:
            raise GuideError(f"{RULES_FILE}: two rules have the id {rule.id!r}. Rename one.")
        if rule.section not in SECTION_IDS:
            raise GuideError(
                f"{RULES_FILE}, rule {rule.id}: unknown section {rule.section!r}."
                f" The sections are {', '.join(SECTION_IDS)}."
            )
    return rules
