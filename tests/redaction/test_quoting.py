"""What a person typed is repeated, unless it may be a key: both sides."""

import base64
import string
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.redaction.sanitize import is_clean
from pinned_tui.redaction.secret import NOT_REPEATED, may_be_key, quoted
from pinned_tui.sandbox.scenarios import scenario_names
from pinned_tui.session import SCOPES

KEY = "q7Zr4tKw91xVbNm2Lp8sYc3D"

ORDINARY = [
    "",
    "nowhere.json",
    "~/keys/pinned-events.key",
    "/home/maria/Projects/cms-export-2026/payloads/createEvent_v2.json",
    "/home/maria/pytest-12/test_payload0/event/payload.json",
    r"C:\Users\Maria Silva\Documents\payload (final) 3.json",
    "../../etc/passwd",
    "https://pinned.events/api/public/v1",
    "http://127.0.0.1:8080",
    "https://staging-eu1.api.example.org:8443/pinned/v2",
    "ftp://pinned.events",
    "pinned.events",
    "4.5",
    "-7",
    "1 234 567",
    "evt_123",
    "cms-post-123-create",
    "nightly-import-2026-06-12-row-42",
    "partner-form-789-create",
    "20260612T101500Z.json",
    "2026-06-12T10:15:00+02:00",
    "20260612-k7f3x",
    "report-20260612101500.md",
    "events:raed",
    "insuficient_scope",
    "approxLocation.city.placeId",
    "Idempotency-Key",
    "X-RateLimit-Remaining",
    "401 Unauthorised",
    "Música ao vivo no Príncipe Real",
    "YOUR_API_KEY",
    "pe_live_your_api_key_goes_here",
    "${PINNED_EVENTS_API_KEY}",
]


@pytest.mark.parametrize("text", [*ORDINARY, *SCOPES, *scenario_names()])
def test_what_people_mean_to_type_is_repeated(text: str) -> None:
    assert quoted(text, limit=200) == f"“{text}”"


def test_every_cause_is_repeated() -> None:
    assert [cause.id for cause in load_catalogue().causes if may_be_key(cause.id)] == []


KEYS = [
    KEY,
    f"pe_live_{KEY}",
    "pe_live_n0bodyMaySeeThis_8f3kq29xzLmW",
    "sk-abc123def456ghi789",
    "pk_correcthorsebatterystaple",
    "8f3k-q29x-zLmW-41bc-77Qp",
    "8f3k q29x zLmW 41bc 77Qp",
    "1234567890123456",
    "kqzmwhtafjdkslwpqxtr",
    "KQZMWHTAFJDKSLWPQXTR",
    "9b74c9897bac770ffc029102a200c5de",
    str(uuid.UUID(int=0x9B74C9897BAC770FFC029102A200C5DE)),
    base64.b64encode(KEY.encode()).decode(),
]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "http://127.0.0.1:8000/{}",
        "https://{}.example.org",
        "payloads/{}.json",
        "/home/maria/{}",
        "Authorization: Bearer {}",
        "“{}”",
        "events:{}",
        "the key is {}, I think",
    ],
)
def test_what_may_be_a_key_is_not_repeated(key: str, around: str) -> None:
    assert quoted(around.format(key), limit=500) == NOT_REPEATED


@given(st.text(string.ascii_letters + string.digits, min_size=40, max_size=64))
def test_letters_and_digits_by_chance_are_not_repeated(text: str) -> None:
    varied = len(set(text)) > 25
    assert may_be_key(text) or not varied


@pytest.mark.parametrize("between", ["\u200b", "\u00ad", "\x1b", "\u2060"])
def test_invisible_characters_hide_no_key(between: str) -> None:
    assert may_be_key(between.join(KEY))
    assert may_be_key(KEY[:6] + between + KEY[6:])


@given(st.text())
def test_what_is_repeated_is_clean_and_short(text: str) -> None:
    shown = quoted(text, limit=20)
    assert shown == NOT_REPEATED or len(shown) <= 22
    assert is_clean(shown)
    assert len(shown.splitlines()) == 1
