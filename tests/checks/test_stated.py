"""The API's own document wins over what was assumed of its routes."""

from typing import Any

import pytest

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Outcome, ScopeState, Session
from tests.checks.scripted import CHANNELS, EVENTS, KEY, checked, error, http, serving

DOCUMENT = "/api/developer/openapi/public-api-v1"
CONSENTED = frozenset({"update-scope"})


def stating(**operations: Any) -> bytes:
    document: dict[str, Any] = {"paths": {"/api/public/v1/events/{id}": operations}}
    return http("200 OK", document)


async def asked(document: bytes, answer: bytes) -> tuple[Session, str]:
    answers = {"/channels": CHANNELS, "/events": EVENTS, DOCUMENT: document, "*": answer}
    ask = RawCheckRequest(
        Secret(KEY, source="test"), needs=frozenset({"events:update"}), consented=CONSENTED
    )
    async with serving(answers) as base_url:
        session = await checked(base_url, ask)
    sent = " ".join(f"{x.request.method} {x.request.url}" for x in session.exchanges)
    return session, sent


MISSING = http("403 Forbidden", error("insufficient_scope", requestId="r-1"))


async def test_a_route_that_the_document_lacks_is_not_tried() -> None:
    session, sent = await asked(stating(get={}), MISSING)
    assert "PATCH" not in sent
    assert session.scopes["events:update"] is ScopeState.UNKNOWN
    assert session.outcome is Outcome.INCONCLUSIVE


async def test_the_scope_that_the_document_names_is_the_one_to_add() -> None:
    stated = stating(patch={"x-required-scopes": ["events:write"]})
    session, sent = await asked(stated, MISSING)
    assert "PATCH" in sent
    assert session.first_cause == "scope-missing"
    assert session.verdicts[0].subject == "events:write"


@pytest.mark.parametrize(
    "document", [http("404 Not Found", ""), http("200 OK", "not: [yaml"), stating(patch={})]
)
async def test_without_a_word_of_it_what_is_assumed_holds(document: bytes) -> None:
    session, sent = await asked(document, MISSING)
    assert "PATCH" in sent
    assert session.verdicts[0].subject == "events:update"
    assert f"Bearer {KEY}" not in sent
