"""No credential of a log, a HAR file or an answer gets into a session or a report."""

import json
import random
from datetime import UTC, datetime

import pytest

from pinned_tui.checks.inspection_run import Handed, inspected, new_inspection
from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import InputKind, InspectionContext, read_text
from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.report import markdown, text
from pinned_tui.session import Session, encode
from tests.inspect.traffic import BODY, URL, entry, error, har, ndjson, row
from tests.samples import TurnedClock

KEY = "pe_q7Zr4tKw91xVbNm2Lp8sYc3D"
OTHER = "zT5vG81hhQ2jj3Wkk4Xll5Mm6"
LOOKING = InspectionContext(now=datetime(2026, 11, 28, 12, tzinfo=UTC))
REFUSED = error("invalid_api_key")

INPUTS = {
    "Authorization in a HAR file": har(
        entry(status=401, answer=REFUSED, headers={"Authorization": f"Bearer {KEY}"})
    ),
    "a HAR file on one line": har(
        entry(
            status=401, answer=REFUSED, headers={"X-API-Key": KEY, "Cookie": f"sid={OTHER}; a=b"}
        ),
        entry(url=f"https://other.example/?token={OTHER}", headers={"X-Service-Token": OTHER}),
        indent=None,
    ),
    "the query of an address": har(entry(url=f"{URL}?api_key={KEY}", status=401, answer=REFUSED)),
    "the login of an address": har(
        entry(url=URL.replace("https://", f"https://user:{KEY}@"), status=401, answer=REFUSED)
    ),
    "headers of a JSON log": ndjson(
        row(0, 401, headers={"authorization": f"Bearer {KEY}", "cookie": f"s={OTHER}", "host": "x"})
    ),
    "a plain line": f"2026-11-28 10:00:00 POST {URL} 401 Authorization: Bearer {KEY}\n",
    "a bare key": f"2026-11-28 10:00:00 POST {URL} 401 key={KEY}\n",
    "the query in an access log": (
        f'10.0.0.1 - - [28/Nov/2026:10:00:00 +0000] "GET /api/public/v1/channels?api_key={KEY}'
        ' HTTP/1.1" 401 87\n'
    ),
    "logfmt": (
        f"ts=2026-11-28T10:00:00Z level=error method=POST path=/api/public/v1/events status=401"
        f" api_key={KEY}\n"
    ),
    "a raw answer": (
        f"HTTP/1.1 401 Unauthorized\nSet-Cookie: sid={OTHER}; Path=/\n"
        f"Content-Type: application/json\n\n{json.dumps(REFUSED)}"
    ),
    "a redirect": f"HTTP/1.1 302 Found\nLocation: https://x.example/?token={OTHER}\n\n",
    "an answer in JSON": json.dumps({**REFUSED, "token": OTHER}, indent=1),
    "a payload that changed": ndjson(
        row(0, body={**BODY, "note": f"Bearer {KEY}"}),
        row(9, 409, body={**BODY, "note": f"Bearer {OTHER}"}),
    ),
}


def session_of(name: str) -> Session:
    pasted = read_text(INPUTS[name])
    inspection = look(pasted, LOOKING)
    assert inspection.kind in {InputKind.LOG, InputKind.HAR, InputKind.RESPONSE, InputKind.ANSWER}
    assert inspection.faults
    handed = Handed(pasted.text, "pasted", pasted.size)
    begun = new_inspection(
        base_url="https://pinned.events", clock=TurnedClock(), chance=random.Random(1)
    )
    return inspected(begun, handed, inspection, clock=TurnedClock())


@pytest.mark.parametrize("name", INPUTS)
def test_no_credential_gets_out(name: str) -> None:
    secrets = [Secret(KEY, source="pasted"), Secret(OTHER, source="pasted", name="key-2")]
    session = session_of(name)
    for written in (encode(session), text.render(session), markdown.render(session)):
        assert find_leaks(written, secrets) == ()
