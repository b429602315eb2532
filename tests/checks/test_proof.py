"""What a run that verifies a fix proves of what was found before, and what it must not claim."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import pytest

from pinned_tui.checks.inspection_run import Handed, inspected
from pinned_tui.checks.plan import planned
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import new_session, run_check
from pinned_tui.client.throttle import Budget
from pinned_tui.core.clock import SystemClock
from pinned_tui.core.labels import gist
from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import InspectionContext, read_text
from pinned_tui.redaction.secret import Secret
from pinned_tui.report import text
from pinned_tui.report.comparison import compare
from pinned_tui.report.export import export
from pinned_tui.session import Outcome, Session
from tests.checks.follower import Follower
from tests.checks.scripted import CHANNELS, EVENTS, KEY, Answer, error, http, serving

SECRET = Secret(KEY, source="environment")
OTHER = Secret("pe_other_9Zx8cV7bN6mL5kJ4hG3f", source="prompt")
REFUSED = http("401 Unauthorized", error("invalid_api_key"))
LIMITED = http("429 Too Many Requests", error("rate_limited"), "Retry-After: 30")
NO_SCOPE = http("403 Forbidden", error("insufficient_scope"))
SICK = http("500 Internal Server Error", error("internal_error", requestId="req_1"))
SICK_AGAIN = http("500 Internal Server Error", error("internal_error", requestId="req_2"))
CUT = b""

Ordinary = dict[str, Answer]


def draft(number: int = 5, **more: Any) -> bytes:
    doc = {
        "id": number, "title": "T", "startAt": "2099-05-01T18:00:00Z", "channelId": 7,
        "timezone": "Europe/Vienna", "status": "draft", **more,
    }  # fmt: skip
    return http("200 OK", {"doc": doc})


ABSENT = http("404 Not Found", error("not_found"))
PUBLISHED = draft(status="published")


@dataclass
class Checked:
    """An API whose answers change between the runs of one session."""

    base_url: str
    answers: Ordinary
    session: Session | None = None

    async def run(self, ask: RawCheckRequest, **answers: Answer) -> Session:
        self.answers.clear()
        self.answers.update({"/channels": CHANNELS, "/events": EVENTS})
        self.answers.update({f"/{name.replace('_', '/')}": told for name, told in answers.items()})
        clock = SystemClock()
        session = self.session or new_session(ask, base_url=self.base_url, clock=clock)
        self.session = await run_check(
            session, ask, clock=clock, listener=Follower(), environ={}, budget=Budget(connect_s=1),
            purpose="verify" if self.session else "check",
        )  # fmt: skip
        return self.session


@asynccontextmanager
async def api() -> AsyncIterator[Checked]:
    answers: Ordinary = {}
    async with serving(answers) as base_url:
        yield Checked(base_url, answers)


def fates(session: Session) -> dict[str, str]:
    return {one.cause: one.fate for one in session.proof}


def why(session: Session) -> str:
    return " ".join(one.why for one in session.proof)


ASKS: dict[str, tuple[RawCheckRequest, dict[str, bytes]]] = {
    "key-rejected": (RawCheckRequest(SECRET), {"channels": REFUSED}),
    "rate-limited": (RawCheckRequest(SECRET), {"channels": LIMITED}),
    "server-error": (RawCheckRequest(SECRET), {"channels": SICK}),
    "net-closed": (RawCheckRequest(SECRET), {"channels": CUT}),
    "scope-missing": (
        RawCheckRequest(SECRET, needs=frozenset({"events:read"})),
        {"events": NO_SCOPE},
    ),
    "channel-not-accessible": (RawCheckRequest(SECRET, channel="999"), {}),
    "channel-id-not-numeric": (RawCheckRequest(SECRET, channel="seven"), {}),
    "event-draft": (RawCheckRequest(SECRET, event="5"), {"events_5": draft()}),
    "event-not-found": (RawCheckRequest(SECRET, event="6"), {"events_6": ABSENT}),
    "field-missing": (RawCheckRequest(SECRET, payload=b"{}"), {}),
}


@pytest.mark.parametrize("cause", ASKS)
async def test_a_fix_that_does_not_work_is_never_shown_as_mended(cause: str) -> None:
    ask, answers = ASKS[cause]
    async with api() as checked:
        first = await checked.run(ask, **answers)
        assert first.first_cause == cause
        second = await checked.run(ask, **answers)
    comparison = compare(second)
    assert comparison is not None
    assert comparison.gone == comparison.new == comparison.unproven == ()
    assert fates(second)[cause] == "staying"
    assert f"Not fixed: {first.verdicts[0].title}" in text.render(second, width=100)
    assert "Fixed:** nothing" in export(second, "markdown", secrets=[]).decode()
    assert not gist(second).startswith("Fixed")


@pytest.mark.parametrize("cause", [c for c in ASKS if c not in {"rate-limited", "field-missing"}])
async def test_a_429_in_the_second_run_proves_nothing(cause: str) -> None:
    ask, answers = ASKS[cause]
    async with api() as checked:
        await checked.run(ask, **answers)
        second = await checked.run(ask, channels=LIMITED)
    comparison = compare(second)
    assert comparison is not None
    assert comparison.gone == ()
    assert fates(second)[cause] == "not proven"
    assert "The API asks you to wait" in why(second)
    assert "Not verified" in text.render(second)
    assert "Not verified" in export(second, "markdown", secrets=[]).decode()


@pytest.mark.parametrize("cause", [c for c in ASKS if c != "field-missing"])
async def test_a_network_that_is_down_in_the_second_run_proves_nothing(cause: str) -> None:
    ask, answers = ASKS[cause]
    async with api() as checked:
        await checked.run(ask, **answers)
    second = await checked.run(ask)
    assert second.first_cause == "net-refused"
    assert compare(second).gone == ()  # type: ignore[union-attr]
    assert fates(second)[cause] == "not proven"
    assert "refused" in why(second)


async def test_what_is_read_on_this_machine_is_proved_without_a_network() -> None:
    async with api() as checked:
        await checked.run(RawCheckRequest(SECRET, payload=b"{"))
    second = await checked.run(RawCheckRequest(SECRET, payload=b"{}"))
    assert fates(second)["body-malformed-json"] == "gone"


async def test_a_fault_of_the_body_that_something_hides_is_still_there() -> None:
    async with api() as checked:
        await checked.run(RawCheckRequest(SECRET, payload=b"{"))
    second = await checked.run(RawCheckRequest(SECRET, payload=b"{"))
    assert second.first_cause == "net-refused"
    assert set(fates(second).values()) == {"staying"}
    comparison = compare(second)
    assert comparison is not None
    assert comparison.staying[0].cause == "body-malformed-json"


async def test_a_field_of_a_body_that_can_no_longer_be_read_is_not_mended() -> None:
    async with api() as checked:
        await checked.run(RawCheckRequest(SECRET, payload=b'{"channelId": 7}'))
        second = await checked.run(RawCheckRequest(SECRET, payload=b""))
    assert set(fates(second).values()) == {"not proven"}


async def test_one_of_two_faults_is_gone_and_one_stays() -> None:
    ask = RawCheckRequest(SECRET, event="5")
    async with api() as checked:
        first = await checked.run(ask, events_5=draft(moderationStatus="pending"))
        assert {v.cause for v in first.verdicts} == {"event-draft", "event-in-moderation"}
        second = await checked.run(
            ask, events_5=draft(status="published", moderationStatus="pending")
        )
    assert fates(second) == {"event-draft": "gone", "event-in-moderation": "staying"}
    report = text.render(second)
    assert "✓  Fixed: The event is a draft" in report
    assert "✗  Not fixed" in report


async def test_a_slug_gives_way_to_the_number_that_it_stands_for() -> None:
    async with api() as checked:
        await checked.run(RawCheckRequest(SECRET, channel="seven"))
        second = await checked.run(RawCheckRequest(SECRET, channel="7"))
    assert fates(second) == {"channel-id-not-numeric": "gone"}
    assert [str(one) for one in compare(second).asked] == ["channel seven before, 7 now"]  # type: ignore[union-attr]


async def test_a_name_that_stands_for_nothing_is_not_mended_by_another_channel() -> None:
    async with api() as checked:
        await checked.run(RawCheckRequest(SECRET, channel="nobody"))
        second = await checked.run(RawCheckRequest(SECRET, channel="7"))
    assert fates(second) == {"channel-id-not-numeric": "asked differently"}


async def test_an_event_that_has_vanished_is_no_published_one() -> None:
    ask = RawCheckRequest(SECRET, event="5")
    async with api() as checked:
        await checked.run(ask, events_5=draft())
        second = await checked.run(ask, events_5=ABSENT)
    assert second.first_cause == "event-not-found"
    assert fates(second) == {"event-draft": "not proven"}


async def test_a_server_that_fails_anew_is_the_same_fault_with_another_request_id() -> None:
    async with api() as checked:
        await checked.run(RawCheckRequest(SECRET), channels=SICK)
        second = await checked.run(RawCheckRequest(SECRET), channels=SICK_AGAIN)
    assert [run.verdicts[0].subject for run in second.runs] == ["req_1", "req_2"]
    assert fates(second) == {"server-error": "staying"}
    assert compare(second).new == ()  # type: ignore[union-attr]


async def test_an_answer_of_the_api_proves_the_way_to_it() -> None:
    async with api() as checked:
        await checked.run(RawCheckRequest(SECRET), channels=CUT)
        second = await checked.run(RawCheckRequest(SECRET), channels=REFUSED)
    assert second.first_cause == "key-rejected"
    assert fates(second) == {"net-closed": "gone"}


async def test_a_way_that_fails_otherwise_is_not_mended() -> None:
    async with api() as checked:
        await checked.run(
            RawCheckRequest(SECRET),
            channels=http("200 OK", "<html>A shop</html>", "Content-Type: text/html"),
        )
        second = await checked.run(RawCheckRequest(SECRET), channels=CUT)
    assert set(fates(second).values()) == {"not proven"}


@pytest.mark.parametrize(
    ("cause", "change", "said"),
    [
        ("channel-not-accessible", {"channel": "7"}, "channel 999 before, 7 now"),
        ("channel-id-not-numeric", {"channel": "8"}, "channel seven before, 8 now"),
        ("channel-not-accessible", {"channel": None}, "channel 999 before, none now"),
        ("event-draft", {"event": "8"}, "event 5 before, 8 now"),
        ("event-not-found", {"event": "8"}, "event 6 before, 8 now"),
        ("scope-missing", {"needs": frozenset()}, "nothing that is asked now needs it"),
        ("field-missing", {"payload": None, "payload_name": None}, "payload e.json before"),
    ],
)  # fmt: skip
async def test_a_question_that_changed_is_no_proof(
    cause: str, change: dict[str, Any], said: str
) -> None:
    ask, answers = ASKS[cause]
    if ask.payload is not None:
        ask = replace(ask, payload_name="e.json")
    async with api() as checked:
        await checked.run(ask, **answers)
        answers = answers | {"events_8": draft(8, status="published")}
        second = await checked.run(replace(ask, **change), **answers)
    assert (second.outcome is Outcome.HEALTHY) == (change != {"channel": "8"})
    comparison = compare(second)
    assert comparison is not None
    assert comparison.gone == comparison.unproven == ()
    assert fates(second)[cause] == "asked differently"
    assert said in why(second)
    for report in (text.render(second, width=100), export(second, "markdown", secrets=[]).decode()):
        assert "Different question" in report
    assert not gist(second).startswith("Fixed")


FORBIDDEN = http("403 Forbidden", error("forbidden", requestId="req_1"))
LISTED = http(
    "200 OK",
    {
        "docs": [{"id": 5, "title": "T", "startAt": "2099-05-01T18:00:00Z", "channelId": 7}],
        "totalDocs": 1,
        "limit": 100,
        "page": 1,
    },
)


@pytest.mark.parametrize("first", [FORBIDDEN, SICK])
@pytest.mark.parametrize(
    "now", [RawCheckRequest(SECRET, event="8"), RawCheckRequest(SECRET, event_title="T")]
)
async def test_another_event_does_not_show_that_the_first_may_be_looked_at(
    first: bytes, now: RawCheckRequest
) -> None:
    async with api() as checked:
        await checked.run(RawCheckRequest(SECRET, event="5"), events_5=first)
        second = await checked.run(now, events=LISTED, events_8=draft(8, status="published"))
    assert set(fates(second).values()) == {"asked differently"}


async def test_an_event_of_another_day_does_not_show_the_one_that_was_not_found() -> None:
    ask = RawCheckRequest(SECRET, event_title="T", event_day="2099-01-01")
    async with api() as checked:
        first = await checked.run(ask, events=LISTED)
        assert first.first_cause == "event-not-found"
        second = await checked.run(replace(ask, event_day="2099-05-01"), events=LISTED)
    assert fates(second) == {"event-not-found": "asked differently"}
    assert "day 2099-01-01 before, 2099-05-01 now" in why(second)


async def test_another_payload_does_not_show_that_the_first_is_mended() -> None:
    first = RawCheckRequest(SECRET, payload=b'{"title": "x"}', payload_name="p.json")
    other = replace(first, payload=b'{"title": "x", "startAt": "2099-05-01T18:00:00Z"}')
    async with api() as checked:
        await checked.run(first)
        second = await checked.run(other)
        third = await checked.run(replace(other, payload_name="q.json"))
    gone = [one for one in second.proof if one.fate == "gone"]
    assert [(one.subject, "no longer among" in one.why) for one in gone] == [("startAt", True)]
    assert "gone" not in {one.fate for one in third.proof}


@pytest.mark.parametrize(
    ("before", "cause"),
    [
        ({"coverImage": None}, "event-image-missing"),
        ({"offers": [{"url": "htp:/x"}]}, "event-offer-link-broken"),
    ],
)
async def test_a_field_that_is_no_longer_told_is_not_mended(
    before: dict[str, Any], cause: str
) -> None:
    ask = RawCheckRequest(SECRET, event="5")
    told: dict[str, Any] = {"coverImage": 9, "offers": []}
    async with api() as checked:
        await checked.run(ask, events_5=draft(status="published", **before))
        silent = await checked.run(ask, events_5=PUBLISHED)
        assert fates(silent)[cause] == "not proven"
        mended = await checked.run(ask, events_5=draft(status="published", **told))
    assert fates(mended)[cause] == "gone"


@pytest.mark.parametrize("cause", ["scope-missing", "event-draft", "event-not-found"])
async def test_an_answer_from_a_cache_proves_nothing(cause: str) -> None:
    def kept(answer: bytes) -> bytes:
        return answer.replace(b"Connection:", b"X-Cache: HIT\r\nAge: 100\r\nConnection:")

    ask, answers = ASKS[cause]
    now = {"events": EVENTS, "events_5": PUBLISHED, "events_6": draft(6, status="published")}
    async with api() as checked:
        await checked.run(ask, **answers)
        second = await checked.run(ask, **{name: kept(told) for name, told in now.items()})
    assert fates(second)[cause] == "not proven"
    assert "from a cache" in why(second)


async def test_an_expected_start_that_was_typed_wrong_does_not_move_the_event() -> None:
    ask = RawCheckRequest(SECRET, event="5", expected_start="2099-05-01 19:00")
    async with api() as checked:
        first = await checked.run(ask, events_5=PUBLISHED)
        assert first.first_cause == "event-date-shifted"
        second = await checked.run(
            replace(ask, expected_start="2099-05-01 20:00"), events_5=PUBLISHED
        )
    assert fates(second) == {"event-date-shifted": "asked differently"}
    assert "expected start 2099-05-01 19:00 before, 2099-05-01 20:00 now" in why(second)


async def test_another_channel_for_the_same_event_does_not_move_it() -> None:
    ask = RawCheckRequest(SECRET, event="5", channel="7")
    async with api() as checked:
        first = await checked.run(ask, events_5=draft(status="published", channelId=9))
        assert first.first_cause == "event-wrong-channel"
        second = await checked.run(
            replace(ask, channel="9"), events_5=draft(status="published", channelId=9)
        )
    assert fates(second)["event-wrong-channel"] == "asked differently"


async def test_another_key_is_said_to_be_another_one() -> None:
    async with api() as checked:
        await checked.run(RawCheckRequest(SECRET), channels=REFUSED)
        second = await checked.run(RawCheckRequest(OTHER))
    assert fates(second) == {"key-rejected": "gone"}
    comparison = compare(second)
    assert comparison is not None
    (key,) = comparison.asked
    assert str(key) == "key 40 characters from environment before, 29 characters from prompt now"


async def test_what_was_only_possible_is_told_as_such() -> None:
    ask = RawCheckRequest(SECRET, event="5")
    unclear = draft(status="published", moderationStatus="phase-2")
    async with api() as checked:
        first = await checked.run(ask, events_5=unclear)
        assert "event-in-moderation" in {v.cause for v in first.verdicts}
        second = await checked.run(
            ask, events_5=draft(status="published", moderationStatus="approved")
        )
    report = text.render(second, width=100)
    assert "Fixed: " in report
    assert "which was only possible" in report


async def test_an_explanation_is_neither_mended_nor_new() -> None:
    ask = RawCheckRequest(SECRET, event="5")
    async with api() as checked:
        first = await checked.run(ask, events_5=PUBLISHED)
        assert first.first_cause == "event-visible-by-api"
        second = await checked.run(ask, events_5=draft())
        third = await checked.run(ask, events_5=PUBLISHED)
    assert second.proof == third.proof == ()
    comparison = compare(third)
    assert comparison is not None
    assert comparison.gone == comparison.staying == comparison.new == ()


async def test_a_list_that_fails_unasked_does_not_prove_the_one_that_was_asked_for() -> None:
    ask = RawCheckRequest(SECRET, needs=frozenset({"events:read"}))
    async with api() as checked:
        first = await checked.run(ask, events=SICK)
        assert first.first_cause == "server-error"
        second = await checked.run(RawCheckRequest(SECRET), events=SICK)
    assert second.outcome is Outcome.HEALTHY
    assert fates(second) == {"server-error": "asked differently"}


async def test_duplicates_of_other_events_are_not_those_that_were_there() -> None:
    def copies(title: str, *numbers: int) -> bytes:
        alike = {"title": title, "startAt": "2099-05-01T18:00:00Z", "channelId": 7}
        docs = [{"id": number, **alike} for number in numbers]
        return http("200 OK", {"docs": docs, "totalDocs": len(docs), "limit": 100, "page": 1})

    ask = RawCheckRequest(SECRET, twins=True)
    async with api() as checked:
        await checked.run(ask, events=copies("T", 5, 6))
        fewer = await checked.run(ask, events=copies("T", 5, 6, 7))
        assert fates(fewer) == {"duplicates-present": "staying"}
        second = await checked.run(ask, events=copies("U", 7, 8))
    assert fates(second) == {"duplicates-present": "gone"}
    comparison = compare(second)
    assert comparison is not None
    assert ([v.cause for v in comparison.new], comparison.staying) == (["duplicates-present"], ())


async def test_duplicates_of_a_list_that_broke_off_are_not_mended() -> None:
    """Page 1 has no twins, and page 2, where they were, can't be read now."""
    doc = {"startAt": "2099-05-01T18:00:00Z", "channelId": 7}
    twins = [doc | {"id": n, "title": "T"} for n in (1, 2)]
    others = [doc | {"id": n, "title": f"T{n}"} for n in (1, 2)]
    page = {"page": 1, "limit": 2, "totalDocs": 4, "totalPages": 2}

    def pages(query: str) -> bytes:
        return SICK if "page=2" in query else http("200 OK", {"docs": others, **page})

    ask = RawCheckRequest(SECRET, twins=True)
    async with api() as checked:
        first = await checked.run(ask, events=http("200 OK", {"docs": twins, **page}))
        assert first.first_cause == "duplicates-present"
        second = await checked.run(ask, events=pages)
    assert fates(second) == {"duplicates-present": "not proven"}


async def test_what_was_pasted_is_not_mended_by_a_check() -> None:
    clock = SystemClock()
    pasted = "GET /api/public/v1/events HTTP/1.1\r\nHost: pinned.events\r\n\r\n"
    inspection = look(read_text(pasted), InspectionContext(now=clock.now()))
    async with api() as checked:
        begun = new_session(RawCheckRequest(SECRET), base_url=checked.base_url, clock=clock)
        handed = Handed(pasted, "pasted", len(pasted))
        checked.session = inspected(begun, handed, inspection, clock=clock)
        assert checked.session.first_cause == "auth-header-missing"
        last = await checked.run(RawCheckRequest(SECRET))
    assert set(fates(last).values()) == {"not proven"}
    assert "Paste it again" in why(last)


async def test_a_consent_that_is_not_given_again_leaves_it_open() -> None:
    ask = RawCheckRequest(SECRET, needs=frozenset({"events:create"}))
    agreed = replace(ask, consented=frozenset(c.id for c in planned(ask) if c.consent))
    async with api() as checked:
        first = await checked.run(agreed, events=NO_SCOPE)
        assert first.first_cause == "scope-missing"
        second = await checked.run(ask)
    assert fates(second)["scope-missing"] == "not proven"
    assert "did not agree to it" in why(second)
    (missing,) = (one.title for one in first.verdicts if one.cause == "scope-missing")
    assert second.verdicts[0].summary.startswith(f"Not verified as fixed: {missing}.")


async def test_a_run_that_is_out_of_time_proves_only_what_it_reached() -> None:
    ask = RawCheckRequest(SECRET, needs=frozenset({"events:read"}))
    async with api() as checked:
        await checked.run(ask, events=NO_SCOPE)
        session = checked.session
        assert session is not None
        follower = Follower()
        clock = SystemClock()
        await run_check(
            session, ask, clock=clock, listener=follower, environ={}, purpose="verify",
            budget=Budget(check_s=0.0),
        )  # fmt: skip
    last = follower.sessions[-1]
    assert last.runs[-1].purpose == "verify"
    assert fates(last) == {"scope-missing": "not proven"}


async def test_a_session_of_an_older_version_is_compared_too() -> None:
    """It tells neither what each run was asked nor what was proved."""
    async with api() as checked:
        await checked.run(RawCheckRequest(SECRET), channels=REFUSED)
        second = await checked.run(RawCheckRequest(SECRET))
    old = msgspec.structs.replace(
        second,
        proof=(),
        runs=tuple(msgspec.structs.replace(r, target=None, key=None) for r in second.runs),
    )
    comparison = compare(old)
    assert comparison is not None
    assert [one.cause for one in comparison.gone] == ["key-rejected"]
    assert comparison.asked == ()
    assert gist(old).startswith("Fixed")
