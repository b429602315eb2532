"""Each fault that the guide could have is found, and named with its place."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from pinned_tui.guide.loader import check, load_guide
from pinned_tui.guide.model import Guide, Option, Section, Step
from tests.guide.seen import known

replace = msgspec.structs.replace
Change = Callable[[Section], Section]


def with_section(change: Change, section_id: str = "unauthorized") -> Guide:
    guide = load_guide()
    sections = tuple(change(s) if s.id == section_id else s for s in guide.sections)
    return replace(guide, sections=sections)


def with_step(step_id: str, **changes: Any) -> Guide:
    def change(section: Section) -> Section:
        steps = tuple(replace(s, **changes) if s.id == step_id else s for s in section.steps)
        return replace(section, steps=steps)

    home = next(s.id for s, step in load_guide().steps() if step.id == step_id)
    return with_section(change, home)


def step(step_id: str) -> Step:
    return next(s for _, s in load_guide().steps() if s.id == step_id)


def with_option(step_id: str, option_id: str, **changes: Any) -> Guide:
    options = tuple(
        replace(o, **changes) if o.id == option_id else o for o in step(step_id).options
    )
    return with_step(step_id, options=options)


def only_fault(guide: Guide) -> str:
    faults = check(guide, known())
    assert len(faults) == 1, faults
    return faults[0]


def test_a_step_that_no_way_leads_to() -> None:
    lonely = replace(step("401-state"), id="401-lonely", covers=())
    fault = only_fault(with_section(lambda s: replace(s, steps=(*s.steps, lonely))))
    assert fault == "unauthorized.toml, step 401-lonely: no way leads here"


def test_a_loop_without_a_way_out() -> None:
    options = tuple(replace(o, next="401-state") for o in step("401-state").options)
    assert only_fault(with_step("401-state", options=options)) == (
        "unauthorized.toml, step 401-state: no way leads from here to @verdict"
    )


def test_a_loop_with_a_way_out_is_fine() -> None:
    assert check(with_option("401-state", "active", next="401-accepted"), known()) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"cause": "key-tired"}, "unknown cause 'key-tired'"),
        ({"label": "x" * 81}, "the label is longer than 80 characters"),
        ({"evidence": ("cause:key-tired",)}, "unknown cause 'key-tired'"),
        ({"evidence": ("observed:key.tired",)}, "no probe observes 'key.tired'"),
        ({"evidence": ("observed:key.missing=tired",)}, "'tired' is none of pass, fail"),
        ({"evidence": ("weather:fine",)}, "begins with none of"),
        ({"evidence": ("answer:401-state=asleep",)}, "no step has such an option"),
        ({"evidence": ("answer:401-mood=good",)}, "no step has such an option"),
        ({"evidence": ("run-after:401-mood",)}, "unknown step '401-mood'"),
        ({"evidence": ("scope:events:rule=missing",)}, "'events:rule' is none of"),
    ],
)
def test_an_option_that_names_what_is_not_known(changes: dict[str, Any], told: str) -> None:
    fault = only_fault(with_option("401-state", "active", **changes))
    assert fault.startswith("unauthorized.toml, step 401-state, option active: ")
    assert told in fault


@pytest.mark.parametrize(
    ("step_id", "changes", "told"),
    [
        ("401-where", {"options": step("401-where").options[:3]}, "needs an option 'unsure'"),
        ("lost-revoke", {"options": step("lost-revoke").options[:1]}, "1 options; it needs 2"),
        ("401-where", {"title": "x" * 25}, "the title is longer than 24"),
        ("401-where", {"docs": "nowhere"}, "unknown page of the documentation 'nowhere'"),
        ("401-where", {"shows": ("key.tired",)}, "no probe observes 'key.tired'"),
        ("401-where", {"do": "create-key"}, "only kind = 'action' can have do"),
        ("401-where", {"input": "channel"}, "kind = 'input' goes with input"),
        ("channel-pick", {"input": None}, "kind = 'input' goes with input"),
        ("channel-pick", {"options": step("channel-pick").options[1:]}, "kind = 'input' goes"),
    ],
)
def test_a_step_that_is_not_as_its_kind_wants(
    step_id: str, changes: dict[str, Any], told: str
) -> None:
    faults = [f for f in check(with_step(step_id, **changes), known()) if told in f]
    assert len(faults) == 1
    assert f"step {step_id}: " in faults[0]


def test_too_many_options() -> None:
    many = tuple(Option(id=f"o{n}", label="x", next="@verdict") for n in range(6))
    options = (*many, step("401-where").options[-1])
    faults = check(with_step("401-where", options=options), known())
    assert "unauthorized.toml, step 401-where: 7 options; it needs 2 to 6" in faults


def test_a_page_of_the_documentation_that_does_not_exist() -> None:
    fault = only_fault(with_section(lambda s: replace(s, docs="nowhere")))
    assert fault == "unauthorized.toml: unknown page of the documentation 'nowhere'"


def test_a_rule_that_no_step_covers() -> None:
    assert only_fault(with_step("401-header", covers=())) == (
        "rules.toml, rule bearer-header: no step of unauthorized.toml covers it"
    )


def test_a_rule_covered_in_another_section_only() -> None:
    moved = with_step("401-header", covers=())
    other = tuple(
        replace(s, steps=(replace(s.steps[0], covers=("bearer-header",)), *s.steps[1:]))
        if s.id == "forbidden"
        else s
        for s in moved.sections
    )
    assert "rules.toml, rule bearer-header" in only_fault(replace(moved, sections=other))


def test_a_step_that_covers_no_rule_that_exists() -> None:
    fault = only_fault(with_step("401-where", covers=("be-kind",)))
    assert fault == "a step covers the unknown rule 'be-kind'"
