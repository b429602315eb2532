"""A refused key: what no key, a wrong key and the other header tell about it, row by row."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.client.client import WRONG_KEY
from pinned_tui.diagnosis.key_controls import judge, load_rows
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Certainty, Outcome, Session, encode
from tests.checks.scripted import CHANNELS, EVENTS, HTML, KEY, checked, error, http

SECRET = Secret(KEY, source="test")


def refused(message: str) -> bytes:
    return http("401 Unauthorized", {"error": {"code": "invalid_api_key", "message": message}})


NO, OTHER = refused("no"), refused("something else")
BUSY = http("503 Busy", "<html>busy</html>", HTML)


@asynccontextmanager
async def api(answers: Mapping[str, bytes], asked: list[str]) -> AsyncIterator[str]:
    """Answer by which key a request carries: ``bearer``, ``x-api-key``, ``wrong`` or ``none``."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            how = "none"
            for sign, name in (
                (f"authorization: Bearer {KEY}", "bearer"),
                (f"x-api-key: {KEY}", "x-api-key"),
                (WRONG_KEY, "wrong"),
            ):
                how = name if sign.lower() in head.lower() else how
            asked.append(how)
            writer.write(EVENTS if "/events" in head.split(" ")[1] else answers[how])
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    await asyncio.sleep(0.01)


async def diagnosed(
    bearer: bytes, none: bytes, wrong: bytes, x_api_key: bytes, ask: RawCheckRequest | None = None
) -> tuple[Session, list[str]]:
    answers = {"bearer": bearer, "none": none, "wrong": wrong, "x-api-key": x_api_key}
    asked: list[str] = []
    async with api(answers, asked) as base_url:
        session = await checked(base_url, ask or RawCheckRequest(SECRET))
    return session, asked


ROWS = {
    "all alike": (NO, NO, NO, "key-rejected", Certainty.LIKELY),
    "as a wrong one": (OTHER, NO, NO, "key-rejected", Certainty.CONFIRMED),
    "three ways": (OTHER, refused("third"), NO, "key-rejected", Certainty.CONFIRMED),
    "as none": (NO, OTHER, NO, "key-header-stripped", Certainty.LIKELY),
    "other header": (NO, NO, CHANNELS, "key-works-with-x-api-key-only", Certainty.CONFIRMED),
    "other header, no scope": (
        NO, NO, http("403 Forbidden", error("insufficient_scope")),
        "key-works-with-x-api-key-only", Certainty.CONFIRMED,
    ),
    "anybody": (CHANNELS, NO, NO, "key-not-looked-at", Certainty.LIKELY),
    "any key": (NO, CHANNELS, NO, "key-not-looked-at", Certainty.LIKELY),
    "anybody, the other header too": (
        CHANNELS, NO, CHANNELS, "key-not-looked-at", Certainty.LIKELY,
    ),
    "any key, the other header too": (
        NO, CHANNELS, CHANNELS, "key-not-looked-at", Certainty.LIKELY,
    ),
    "other header, no key untold": (
        BUSY, NO, CHANNELS, "key-works-with-x-api-key-only", Certainty.LIKELY,
    ),
    "other header, wrong key untold": (
        NO, BUSY, CHANNELS, "key-works-with-x-api-key-only", Certainty.LIKELY,
    ),
    "as none, the other header in other words": (
        NO, OTHER, OTHER, "key-header-stripped", Certainty.LIKELY,
    ),
    "a wrong key is forbidden": (
        NO, http("403 Forbidden", error("forbidden")), NO, "key-header-stripped", Certainty.LIKELY,
    ),
    "edge busy": (BUSY, BUSY, BUSY, "key-rejected", Certainty.LIKELY),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
async def test_the_controls_decide(name: str) -> None:
    none, wrong, x_api_key, cause, certainty = ROWS[name]
    session, asked = await diagnosed(NO, none, wrong, x_api_key)
    assert session.first_cause == cause
    assert session.verdicts[0].certainty is certainty
    assert sorted(asked) == ["bearer", "none", "wrong", "x-api-key"]
    assert session.requests_sent == len(asked)
    assert KEY.encode() not in encode(session)


async def test_a_header_that_surely_arrives_is_no_longer_doubted() -> None:
    sure, _ = await diagnosed(NO, OTHER, NO, NO)
    unsure, _ = await diagnosed(NO, NO, NO, NO)
    assert not any("key-header-stripped" in text for text in sure.verdicts[0].alternatives)
    assert any("key-header-stripped" in text for text in unsure.verdicts[0].alternatives)
    assert "the header arrives" in sure.verdicts[0].summary


async def test_an_accepted_key_costs_no_comparison() -> None:
    session, asked = await diagnosed(CHANNELS, NO, NO, NO)
    assert session.verdicts == ()
    assert set(asked) == {"bearer"}


@pytest.mark.parametrize("answer", [BUSY, http("500 Error", error("internal_error"))])
async def test_what_is_no_refusal_by_the_api_is_not_compared(answer: bytes) -> None:
    _, asked = await diagnosed(answer, NO, NO, NO)
    assert asked == ["bearer"]


async def test_the_header_that_the_persons_code_uses_is_tried() -> None:
    ask = RawCheckRequest(SECRET, sends="x-api-key")
    session, asked = await diagnosed(CHANNELS, NO, NO, NO, ask)
    assert session.first_cause == "key-works-with-bearer-only"
    assert asked.count("x-api-key") == 1
    both, _ = await diagnosed(CHANNELS, NO, NO, CHANNELS, ask)
    assert both.verdicts == ()


async def test_a_control_that_is_asked_to_wait_is_told() -> None:
    wait = http("429 Too Many Requests", error("rate_limited"))
    session, _ = await diagnosed(NO, wait, NO, NO)
    assert session.first_cause == "key-rejected"
    assert sum(one.code == "rate.limited" for one in session.observations) == 1


async def test_a_list_beside_a_refusal_is_none() -> None:
    both = http("200 OK", {"docs": [{"id": 7}], **error("invalid_api_key")})
    session, _ = await diagnosed(both, both, both, both)
    assert session.first_cause == "key-rejected"


@pytest.mark.parametrize(
    "answer",
    [
        BUSY,
        http("429 Too Many Requests", error("rate_limited")),
        http("500 Error", error("internal_error")),
        http("404 Not Found", error("not_found")),
        http("400 Bad Request", error("invalid_request")),
    ],
)
async def test_what_is_no_acceptance_leaves_the_other_header_open(answer: bytes) -> None:
    session, _ = await diagnosed(
        CHANNELS, NO, NO, answer, RawCheckRequest(SECRET, sends="x-api-key")
    )
    assert session.outcome is not Outcome.HEALTHY
    assert not any(one.code == "controls.both-headers" for one in session.observations)


async def test_a_key_that_is_refused_with_another_status_is_compared_too() -> None:
    odd = http("403 Forbidden", error("invalid_api_key"))
    session, asked = await diagnosed(odd, odd, odd, odd)
    assert session.first_cause == "key-rejected"
    assert "returned 403 invalid_api_key" in session.verdicts[0].summary
    assert sorted(asked) == ["bearer", "none", "wrong", "x-api-key"]


async def test_what_names_an_answer_is_left_aside_in_the_comparison() -> None:
    def alike(number: int) -> bytes:
        return refused(f"Invalid API key (trace {number}f0c at 12:0{number}).")

    session, _ = await diagnosed(alike(1), alike(2), alike(3), alike(4))
    assert session.verdicts[0].certainty is Certainty.LIKELY
    assert "all got the same response" in session.verdicts[0].summary


async def test_a_lost_header_is_not_the_only_explanation_and_the_other_header_no_advice() -> None:
    both, _ = await diagnosed(NO, NO, OTHER, NO)
    (verdict,) = both.verdicts
    told = " ".join(verdict.alternatives)
    assert verdict.cause == "key-header-stripped"
    assert "key-rejected" in told
    assert any(one.standing == "open" for one in both.considered)
    assert not any("try the other documented header" in step for step in verdict.fix)
    assert any("x-api-key was tried too" in step for step in verdict.fix)
    unsure, _ = await diagnosed(NO, NO, OTHER, BUSY)
    assert any("try the other documented header" in step for step in unsure.verdicts[0].fix)


async def test_a_refusal_from_a_cache_is_never_sure() -> None:
    kept = http(
        "401 Unauthorized",
        {"error": {"code": "invalid_api_key", "message": "no"}},
        "Age: 300",
        "X-Cache: HIT",
    )
    session, _ = await diagnosed(kept, OTHER, NO, NO)
    verdict = session.verdicts[0]
    assert (verdict.cause, verdict.certainty) == ("key-rejected", Certainty.LIKELY)
    assert any("response-cached" in text for text in verdict.alternatives)


RELATION = {"same": NO, "different": OTHER, "accepted": CHANNELS, "untold": BUSY}
COMBINATIONS = [(a, b, c) for a in RELATION for b in RELATION for c in RELATION]


@pytest.mark.parametrize("seen", COMBINATIONS, ids="-".join)
async def test_each_combination_of_answers_over_a_real_socket(seen: tuple[str, str, str]) -> None:
    without, wrong, other_header = (RELATION[one] for one in seen)
    session, _ = await diagnosed(NO, without, wrong, other_header)
    compared = next(one for one in session.observations if one.code == "controls.compared")
    assert tuple(compared.data[n] for n in ("without", "wrong", "other_header")) == seen
    row = judge(*seen)
    assert (session.first_cause, session.verdicts[0].certainty) == (row.cause, row.certainty)
    if "accepted" in seen[:2]:
        assert row.cause == "key-not-looked-at"


def test_every_row_of_the_table_is_reached_by_some_combination() -> None:
    assert {id(judge(*seen)) for seen in COMBINATIONS} == {id(row) for row in load_rows()}
