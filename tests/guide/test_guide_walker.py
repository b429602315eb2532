"""Walking: every way ends, going back loses nothing, and the answers conclude what they should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.guide import walker
from pinned_tui.guide.loader import build, load_guide
from pinned_tui.guide.model import SECTION_IDS, TYPED, VERDICT, Section, Step
from pinned_tui.guide.walker import AskedCause
from pinned_tui.session import (
    Answer,
    Certainty,
    Channel,
    Run,
    Session,
    Target,
    Verdict,
    decode,
    encode,
    replace,
)
from tests import samples
from tests.guide.files import spoilt
from tests.guide.seen import AT, seen, verdict

GUIDE = load_guide()
MOST_STEPS = max(len(section.steps) for section in GUIDE.sections)


def entered(section_id: str, session: Session | None = None) -> Session:
    return walker.enter(GUIDE, session or samples.plain(), section_id)


def answered(session: Session, *options: str) -> Session:
    for option in options:
        session = walker.answer(GUIDE, session, option, at=AT)
    return session


# -- entering and showing ----------------------------------------------------------------------


@pytest.mark.parametrize("section", GUIDE.sections, ids=lambda section: section.id)
def test_entering_goes_to_the_first_step(section: Section) -> None:
    session = entered(section.id)
    view = walker.current(GUIDE, session)
    assert view is not None
    assert (view.step.id, view.section, view.position, view.trail) == (
        section.first,
        section,
        1,
        (),
    )
    assert (session.section, session.step) == (section.id, section.first)
    assert 2 <= view.total_estimate <= len(section.steps)


def test_an_unknown_section_is_refused_with_those_that_exist() -> None:
    with pytest.raises(walker.WalkError, match=r"no section '401'.*unauthorized, forbidden"):
        entered("401")


def test_the_evidence_gives_the_answer_and_follows_the_checks() -> None:
    before = entered("unauthorized", samples.plain(outcome=None))
    view = walker.current(GUIDE, before)
    assert view is not None
    assert view.preselected is None
    assert view.selected == view.step.option("unsure")

    view = walker.current(GUIDE, entered("unauthorized", seen("authentication.rejected=fail")))
    assert view is not None
    assert view.preselected is not None
    assert view.selected == view.preselected
    assert view.preselected.id == "refused"


@pytest.mark.parametrize(
    ("began", "marked"), [(AT, "unsure"), ("2026-11-23T22:11:00.000Z", "refused")]
)
def test_what_was_seen_of_the_old_key_answers_nothing_about_the_new_one(
    began: str, marked: str
) -> None:
    session = seen("authentication.rejected=fail")
    session = answered(entered("lost-secret", session), "none", "done", "done")
    session = replace(session, runs=(Run(id="run-1", purpose="verify", started_at=began),))
    view = walker.current(GUIDE, session)
    assert view is not None
    assert view.selected is not None
    assert view.selected.id == marked


@pytest.mark.parametrize(
    "step", [step for _, step in GUIDE.steps() if step.kind != "input"], ids=lambda step: step.id
)
def test_nobody_claims_by_pressing_on_what_nobody_did_or_saw(step: Step) -> None:
    view = walker.current(GUIDE, walker.go_to(GUIDE, samples.plain(outcome=None), step.id))
    assert view is not None
    assert view.step == step
    assert view.selected is not None
    assert view.selected.id in {"unsure", "later"} or view.preselected == view.selected


def test_the_first_option_that_holds_wins() -> None:
    both = seen("channels.target-listed", "channels.later-page=warn")
    session = answered(entered("wrong-channel", both), "number")
    view = walker.current(GUIDE, session)
    assert view is not None
    assert view.preselected is not None
    assert view.preselected.id == "later-page"


def test_the_person_overrules_the_evidence_and_both_are_kept_apart() -> None:
    session = entered("unauthorized", seen("authentication.rejected=fail"))
    assert answered(session, "refused").answers[-1].by == "evidence"
    overruled = answered(session, "accepted")
    assert overruled.answers[-1] == Answer(
        step="401-accepted", option="accepted", by="person", at=AT
    )
    assert overruled.step == "401-header"
    view = walker.current(GUIDE, walker.back(GUIDE, overruled))
    assert view is not None
    assert view.selected == view.chosen
    assert view.chosen is not None
    assert view.preselected is not None
    assert (view.chosen.id, view.preselected.id) == ("accepted", "refused")


def test_an_answer_by_the_evidence_gives_way_to_newer_evidence() -> None:
    past = seen("event.found", "event.past=fail", verdicts=[verdict("event-in-past")])
    back = walker.back(GUIDE, walker.enter_by_evidence(GUIDE, past))
    view = walker.current(GUIDE, back)
    assert view is not None
    assert view.selected is not None
    assert (view.step.id, view.selected.id) == ("seen-channel", "unsure")

    checked_again = seen("event.found", "event.in-channel", answers=back.answers)
    view = walker.current(GUIDE, replace(checked_again, section=back.section, step=back.step))
    assert view is not None
    assert view.selected is not None
    assert view.selected.id == "here"


def test_an_option_that_is_not_there_is_refused() -> None:
    with pytest.raises(walker.WalkError, match=r"401-accepted has no option 'perhaps'.*refused"):
        answered(entered("unauthorized"), "perhaps")
    with pytest.raises(walker.WalkError, match="at no step"):
        answered(walker.skip_to_verdict(entered("unauthorized")), "refused")


# -- typed text --------------------------------------------------------------------------------


def at_planned_start() -> Session:
    return answered(entered("not-visible"), "found", "published", "approved", "here", "shifted")


def test_what_is_typed_is_kept_clean_and_short_and_shown_again() -> None:
    typed = walker.answer(
        GUIDE, at_planned_start(), TYPED, at=AT, text="  2030-07-01 \x1b]52;c;x\x07 19:00\n"
    )
    kept = typed.answers[-1].text
    assert kept == "2030-07-01 ␛]52;c;x␇ 19:00"
    view = walker.current(GUIDE, walker.back(GUIDE, typed))
    assert view is not None
    assert view.text == kept
    long = walker.answer(GUIDE, at_planned_start(), TYPED, at=AT, text="x" * 9000)
    assert len(long.answers[-1].text or "") == 500


def test_text_goes_only_with_the_option_that_takes_it() -> None:
    untold = walker.answer(GUIDE, at_planned_start(), "unsure", at=AT, text="19:00")
    assert untold.answers[-1].text is None
    elsewhere = walker.answer(GUIDE, entered("unauthorized"), "refused", at=AT, text="19:00")
    assert elsewhere.answers[-1].text is None


def test_a_key_that_is_typed_is_never_kept() -> None:
    asks_key = build(spoilt("not-visible.toml", 'input = "moment"', 'input = "key"'))
    session = walker.answer(asks_key, at_planned_start(), TYPED, at=AT, text="pe_live_secret")
    assert session.answers[-1].text is None
    assert b"pe_live_secret" not in encode(session)


def test_what_the_session_knows_already_is_offered() -> None:
    target = Target(base_url="https://pinned.events", channel_id=204)
    session = entered("wrong-channel", samples.plain(target=target))
    view = walker.current(GUIDE, answered(session, "number", "absent"))
    assert view is not None
    assert (view.step.input, view.text) == ("channel", "204")


def test_a_channel_that_the_key_cannot_use_is_not_offered_instead_of_itself() -> None:
    target = Target(base_url="https://pinned.events", channel_id=204)
    listed = (Channel(id=101, name="Riverside Concert Hall", slug="riverside"),)
    session = entered("wrong-channel", samples.plain(target=target, channels=listed))
    view = walker.current(GUIDE, answered(session, "number", "absent"))
    assert view is not None
    assert (view.step.input, view.text) == ("channel", None)


def test_the_estimate_follows_the_evidence_and_never_grows_on_the_longest_way() -> None:
    draft = seen("event.found", "event.draft=fail")
    view = walker.current(GUIDE, entered("not-visible", draft))
    assert view is not None
    assert view.total_estimate == 2
    session, estimates = entered("not-visible"), []
    while (view := walker.current(GUIDE, session)) is not None:
        estimates.append(view.total_estimate)
        session = answered(session, view.step.options[-1].id)
    assert estimates == sorted(estimates, reverse=True)
    assert (estimates[0], estimates[-1]) == (6, 6)


# -- back --------------------------------------------------------------------------------------


def test_back_from_the_first_step_stays_there() -> None:
    session = entered("duplicates")
    assert walker.back(GUIDE, session) == session


def test_back_from_the_verdict_goes_to_the_last_step() -> None:
    session = answered(entered("duplicates"), "copies", "missing")
    assert session.step == VERDICT
    assert walker.current(GUIDE, session) is None
    assert walker.back(GUIDE, session).step == "copies-header"


def test_back_after_skipping_goes_to_where_one_was() -> None:
    session = answered(entered("duplicates"), "copies")
    assert walker.back(GUIDE, walker.skip_to_verdict(session)) == session


def test_another_answer_leaves_the_old_way_and_its_conclusions() -> None:
    session = answered(entered("duplicates"), "copies", "sent", "random")
    assert [c.cause for c in walker.asked_causes(GUIDE, session)] == ["idempotency-key-random"]
    session = walker.back(GUIDE, walker.back(GUIDE, session))
    session = answered(session, "missing")
    assert [c.cause for c in walker.asked_causes(GUIDE, session)] == ["idempotency-key-missing"]
    assert len(session.answers) == 4


def test_the_circle_of_the_wrong_key_revoked_can_be_walked_and_left() -> None:
    session = answered(
        entered("lost-secret"), "none", "done", "done", "works", "works", "done", "alive"
    )
    view = walker.current(GUIDE, session)
    assert view is not None
    assert (view.step.id, view.position) == ("lost-revoke", 6)
    assert answered(session, "done", "dead").step == VERDICT


# -- what the answers conclude -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("section_id", "options", "concluded"),
    [
        ("unauthorized", ["accepted", "bare"], [("auth-scheme-missing", "likely")]),
        ("unauthorized", ["accepted", "both"], [("auth-two-headers", "likely")]),
        ("unauthorized", ["accepted", "bearer", "browser"], [("client-in-browser", "likely")]),
        (
            "unauthorized",
            ["accepted", "bearer", "deployed", "not-restarted"],
            [("key-old-copy-in-use", "likely")],
        ),
        ("unauthorized", ["refused", "lost"], [("key-lost", "likely")]),
        ("unauthorized", ["refused", "whole", "unsure"], []),
        (
            "forbidden",
            ["forbidden", "absent", "same", "worked"],
            [("channel-access-lost", "likely")],
        ),
        ("wrong-channel", ["name"], [("channel-id-not-numeric", "likely")]),
        ("duplicates", ["copies", "missing"], [("idempotency-key-missing", "likely")]),
        (
            "duplicates",
            ["copies", "sent", "source", "same", "late"],
            [("idempotency-window-expired", "likely")],
        ),
        (
            "rate-limits",
            ["limited", "key", "many", "ignores", "fixed"],
            [
                ("rate-burst", "likely"),
                ("rate-retry-after-ignored", "likely"),
                ("rate-no-backoff", "likely"),
            ],
        ),
        ("lost-secret", ["none", "later"], [("key-lost", "likely")]),
        (
            "not-visible",
            ["found", "published", "approved", "here", "planned", "fine"],
            [("event-visible-by-api", "likely")],
        ),
    ],
)
def test_answers_conclude_causes(
    section_id: str, options: list[str], concluded: list[tuple[str, str]]
) -> None:
    session = answered(entered(section_id), *options)
    assert session.step == VERDICT
    causes = walker.asked_causes(GUIDE, session)
    assert [(c.cause, c.certainty.value) for c in causes] == concluded


def test_a_cause_is_about_what_the_answers_named_before() -> None:
    session = answered(entered("missing-scope"), "accepted", "read", "missing", "done")
    assert walker.asked_causes(GUIDE, session) == (
        AskedCause(
            cause="scope-missing",
            certainty=Certainty.LIKELY,
            step="scope-state",
            option="missing",
            subject="events:read",
        ),
    )
    assert walker.named_scopes(GUIDE, session) == {"events:read"}


def test_a_cause_carries_what_was_typed_with_it() -> None:
    session = walker.answer(GUIDE, at_planned_start(), TYPED, at=AT, text="2030-07-01 19:00")
    (cause,) = walker.asked_causes(GUIDE, session)
    assert (cause.cause, cause.text) == ("event-date-shifted", "2030-07-01 19:00")


def test_answers_of_another_section_conclude_nothing_here() -> None:
    session = answered(entered("duplicates"), "copies", "missing")
    assert walker.asked_causes(GUIDE, entered("forbidden", session)) == ()


# -- what the checks found that this section is not about ----------------------------------------


def test_a_finding_of_another_section_is_pointed_out() -> None:
    session = entered("forbidden", seen(verdicts=[verdict("key-rejected")]))
    view = walker.current(GUIDE, session)
    assert view is not None
    assert view.elsewhere is not None
    assert view.elsewhere.verdict.cause == "key-rejected"
    assert view.elsewhere.section == GUIDE.section("unauthorized")


def test_a_finding_of_no_section_is_pointed_out_too() -> None:
    view = walker.current(GUIDE, entered("forbidden", seen(verdicts=[verdict("net-dns")])))
    assert view is not None
    assert view.elsewhere is not None
    assert view.elsewhere.section is None


@pytest.mark.parametrize(
    "found",
    [
        verdict("scope-missing", "events:read"),
        verdict("forbidden-unexplained"),
        verdict("net-dns", certainty=Certainty.POSSIBLE),
        verdict("key-lost", told=True),
    ],
    ids=lambda v: v.cause,
)
def test_nothing_is_pointed_out_where_this_section_is_the_place(found: Verdict) -> None:
    view = walker.current(GUIDE, entered("forbidden", seen(verdicts=[found])))
    assert view is not None
    assert view.elsewhere is None


# -- any walk ----------------------------------------------------------------------------------

_MOVES = st.lists(st.integers(0, 5) | st.just("back"), max_size=25)


def moved(session: Session, move: int | str) -> Session:
    """Go back, or choose the option with that number (counted round)."""
    view = walker.current(GUIDE, session)
    if move == "back" or view is None:
        return walker.back(GUIDE, session)
    option = view.step.options[int(move) % len(view.step.options)]
    text = "2030" if option.id == TYPED else None
    return walker.answer(GUIDE, session, option.id, at=AT, text=text)


def walked(section_id: str, start: Session, moves: list[int | str]) -> Session:
    session = walker.enter(GUIDE, start, section_id)
    for move in moves:
        session = moved(session, move)
    return session


@given(st.sampled_from(SECTION_IDS), _MOVES)
def test_any_walk_can_be_finished_by_the_first_option_or_by_the_last(
    section_id: str, moves: list[int | str]
) -> None:
    for choice in (0, -1):
        session = walked(section_id, samples.plain(), moves)
        for _ in range(MOST_STEPS):
            view = walker.current(GUIDE, session)
            if view is not None:
                option = view.step.options[choice]
                session = walker.answer(GUIDE, session, option.id, at=AT)
        assert session.step == VERDICT
        assert walker.current(GUIDE, session) is None


@given(st.sampled_from(SECTION_IDS), _MOVES, st.integers(0, 5))
def test_back_after_an_answer_is_the_same_step_and_keeps_the_answer(
    section_id: str, moves: list[int | str], choice: int
) -> None:
    session = walked(section_id, samples.plain(), moves)
    before = walker.current(GUIDE, session)
    if before is None:
        return
    after = moved(session, choice)
    if after.step in {stop.step.id for stop in before.trail}:
        return  # the one circle of the guide: back goes round it, not through it
    returned = walker.back(GUIDE, after)
    view = walker.current(GUIDE, returned)
    assert view is not None
    assert (view.step, view.trail, view.position) == (before.step, before.trail, before.position)
    assert view.chosen == before.step.options[choice % len(before.step.options)]
    assert returned.answers == after.answers


@given(st.sampled_from(SECTION_IDS), _MOVES)
def test_the_same_walk_twice_comes_out_the_same(section_id: str, moves: list[int | str]) -> None:
    first = walked(section_id, samples.plain(), moves)
    assert walked(section_id, samples.plain(), moves) == first


@given(st.sampled_from(SECTION_IDS), _MOVES, st.integers(0, 25))
def test_a_walk_goes_on_from_its_document(
    section_id: str, moves: list[int | str], cut: int
) -> None:
    session = walked(section_id, samples.plain(), moves[:cut])
    session = decode(encode(session))
    for move in moves[cut:]:
        session = moved(session, move)
    assert session == walked(section_id, samples.plain(), moves)


@given(st.sampled_from(SECTION_IDS), _MOVES)
def test_where_one_is_always_adds_up(section_id: str, moves: list[int | str]) -> None:
    session = walked(section_id, samples.plain(), moves)
    stops = walker.path(GUIDE, session)
    assert len({stop.step.id for stop in stops}) == len(stops)
    view = walker.current(GUIDE, session)
    section = GUIDE.section(section_id)
    assert section is not None
    if view is None:
        assert walker.trail(GUIDE, session) == stops
    else:
        assert 1 <= view.position <= view.total_estimate <= len(section.steps)
        assert view.position == len(view.trail) + 1
        assert view.step in {stop.step for stop in stops}
    for one in walker.asked_causes(GUIDE, session):
        assert Answer(step=one.step, option=one.option, by="person", at=AT, text=one.text) in (
            session.answers
        )


def test_any_session_from_anywhere_is_shown_or_has_no_step(any_sessions: list[Session]) -> None:
    for session in any_sessions:
        assert walker.current(GUIDE, session) is None
        assert walker.tree(GUIDE, session) == ()
        assert walker.back(GUIDE, session) == session
        assert walker.asked_causes(GUIDE, session) == ()


@given(
    chosen=st.integers(0),
    section_id=st.sampled_from(SECTION_IDS),
    step_id=st.sampled_from([s.id for _, s in GUIDE.steps()]),
)
def test_any_session_put_anywhere_in_the_guide_is_shown(
    any_sessions: list[Session], chosen: int, section_id: str, step_id: str
) -> None:
    session = any_sessions[chosen % len(any_sessions)]
    session = replace(session, section=section_id, step=step_id)
    section = GUIDE.section(section_id)
    assert section is not None
    view = walker.current(GUIDE, session)
    assert (view is None) is (section.step(step_id) is None)
    here = [line for line in walker.tree(GUIDE, session) if line.state == "here"]
    assert [line.step for line in here] == [step_id if view is not None else VERDICT]
