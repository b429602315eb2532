"""The drawing of the tree: every step once, the way walked and ahead in one line."""

from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.guide import walker
from pinned_tui.guide.loader import load_guide
from pinned_tui.guide.model import SECTION_IDS, VERDICT
from pinned_tui.session import Session
from tests import samples
from tests.guide.seen import AT, seen

GUIDE = load_guide()


def drawn(session: Session) -> list[str]:
    signs = {"walked": "v", "here": ">", "ahead": ".", "aside": "~"}
    return [
        f"{'  ' * line.depth}{signs[line.state]} {line.title}"
        + (f" [{line.answer}]" if line.answer else "")
        for line in walker.tree(GUIDE, session)
    ]


def test_the_way_walked_here_and_ahead_with_the_branches_beside() -> None:
    session = walker.enter(GUIDE, seen("authentication.rejected=fail"), "unauthorized")
    session = walker.answer(GUIDE, session, "refused", at=AT)
    assert drawn(session) == [
        "v Key tried here [No, it gets 401 here, too]",
        "  ~ Header sent",
        "  ~ Where it fails",
        "  ~ Same key",
        "> Copied in full",
        ". State in the portal",
        ". Verdict",
    ]


def test_an_answer_given_before_shows_on_the_way_ahead() -> None:
    session = walker.enter(GUIDE, samples.plain(), "duplicates")
    for option in ("copies", "missing"):
        session = walker.answer(GUIDE, session, option, at=AT)
    assert drawn(session)[-1] == "> Verdict"
    back = walker.back(GUIDE, walker.back(GUIDE, session))
    assert drawn(back)[:3] == [
        "> Copies [Yes, two IDs]",
        ". Idempotency-Key [No]",
        "  ~ How the key is built",
    ]


def test_there_is_nothing_to_draw_without_a_section() -> None:
    assert walker.tree(GUIDE, samples.plain()) == ()


@given(st.sampled_from(SECTION_IDS), st.lists(st.integers(0, 5), max_size=8))
def test_every_step_is_drawn_once_and_one_is_here(section_id: str, choices: list[int]) -> None:
    session = walker.enter(GUIDE, samples.plain(), section_id)
    for choice in choices:
        view = walker.current(GUIDE, session)
        if view is not None:
            options = view.step.options
            session = walker.answer(GUIDE, session, options[choice % len(options)].id, at=AT)
    lines = walker.tree(GUIDE, session)
    section = GUIDE.section(section_id)
    assert section is not None
    assert sorted(line.step for line in lines) == sorted([*(s.id for s in section.steps), VERDICT])
    assert [line.step for line in lines if line.state == "here"] == [session.step]
    assert lines[-1].step == VERDICT
    states = [line.state for line in lines if line.depth == 0]
    order = ["walked", "here", "ahead"]
    assert states == sorted(states, key=order.index)
    view = walker.current(GUIDE, session)
    if view is not None:
        assert len(states) == view.total_estimate + 1
