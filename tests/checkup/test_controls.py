"""A refused key: what no key, a wrong key and the other header tell about it, row by row."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest

from pinned_tui.api.client import WRONG_KEY
from pinned_tui.ask import Ask
from pinned_tui.diagnosis.controls import judge, load_rows
from pinned_tui.privacy.secret import Secret
from pinned_tui.session import Certainty, Session, encode
from tests.checkup.scripted import CHANNELS, EVENTS, HTML, KEY, checked, error, http

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
    bearer: bytes, none: bytes, wrong: bytes, x_api_key: bytes, ask: Ask | None = None
) -> tuple[Session, list[str]]:
    answers = {"bearer": bearer, "none": none, "wrong": wrong, "x-api-key": x_api_key}
    asked: list[str] = []
    async with api(answers, asked) as base_url:
        session = await checked(base_url, ask or Ask(SECRET))
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
    "anybody": (CHANNELS, NO, NO, "response-not-api", Certainty.LIKELY),
    "any key": (NO, CHANNELS, NO, "response-not-api", Certainty.LIKELY),
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
    ask = Ask(SECRET, sends="x-api-key")
    session, asked = await diagnosed(CHANNELS, NO, NO, NO, ask)
    assert session.first_cause == "key-works-with-bearer-only"
    assert asked.count("x-api-key") == 1
    both, _ = await diagnosed(CHANNELS, NO, NO, CHANNELS, ask)
    assert both.verdicts == ()


def test_every_row_of_the_table_is_tried_here() -> None:
    relations = ("same", "different", "accepted", "untold")
    reached = {id(judge(a, b, c)) for a in relations for b in relations for c in relations}
    assert reached == {id(row) for row in load_rows()}
