"""Nothing that gives a key away may pass, and nothing else may be held back."""

import base64
import json
import random
import string
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.redaction.leak_scan import Leak, find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.redaction.secret_strength import is_secret_worthy
from tests.redaction.encodings_corpus import BYTES, ENCODINGS

KEYS = {
    "prefixed": "pinned_events_live_q7Zr4tKw91xVbNm2Lp8sYc3D",
    "base62": "Hq3vYt8LmZ0cXw5RbKj7NdPf2GsEaU91",
    "URL-safe": "wJ-4k_Zt9Qb7-mX2pR_5sVc8nYd1fLg6",
    "hexadecimal": "4f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c",
    "base64": "aB3+/9xQ7tZr4Kw91VbNm2Lp8sYc3DeF0Gh=",
    "UUID": "3d6f0a5c-9b1e-4c7d-8a2f-5e0b9c4d7a16",
}


def _secret(value: str, name: str = "key-1") -> Secret:
    return Secret(value, source="test", name=name)


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_encoding_is_recognised(encoding: str, key: str) -> None:
    written = f"Some text before: {ENCODINGS[encoding](key)} and after."
    leaks = find_leaks(written, [_secret(key)])
    assert {leak.name for leak in leaks} == {"key-1"}
    assert find_leaks(written.encode("utf-8", "surrogatepass"), [_secret(key)])


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
@pytest.mark.parametrize("encoding", BYTES)
def test_each_kind_of_file_is_recognised(encoding: str, key: str) -> None:
    assert find_leaks(BYTES[encoding](key), [_secret(key)])


def test_score_of_the_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    """Print how many encodings plain replacement and the matcher recognise."""
    key = KEYS["prefixed"]
    texts = [write(key) for write in ENCODINGS.values()]
    found = sum(bool(find_leaks(text, [_secret(key)])) for text in texts)
    replaced = sum(key in text for text in texts)
    with capsys.disabled():
        print(f"\n{found} of {len(texts)} encodings found; plain search finds {replaced}")
    assert found == len(texts) >= 40
    assert replaced <= 3


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
def test_every_part_of_twelve_characters_is_recognised(key: str) -> None:
    secret = key.removeprefix("pinned_events_live_")
    for start in range(len(secret) - 11):
        part = secret[start : start + 12]
        if len({_kind(character) for character in part if character.isalnum()}) < 2:
            continue
        for text in (part, part[::-1], part.encode().hex(), _base64(part), _base64(f"k{part}")):
            assert find_leaks(f"it is <{text}>", [_secret(key)]), part


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
def test_parts_that_are_too_short_to_matter_pass(key: str) -> None:
    for start in range(len(key) - 8):
        assert not find_leaks(f"it ends in {key[start : start + 8]}", [_secret(key)])


def test_what_is_found_is_told_without_the_value() -> None:
    key = KEYS["prefixed"]
    text = f"{key} {_base64(f'Bearer {key}')} {key.encode().hex()[30:]}"
    leaks = find_leaks(text, [_secret(key)])
    assert leaks == (
        Leak("key-1", "in base64"),
        Leak("key-1", "in part, in hexadecimal"),
        Leak("key-1", "in plain text"),
    )
    assert key not in repr(leaks)


def test_each_secret_is_told_by_its_own_name() -> None:
    one, other = _secret(KEYS["base62"]), _secret(KEYS["UUID"], "key-2")
    text = f"{KEYS['UUID']} is not {KEYS['base62']}"
    assert {leak.name for leak in find_leaks(text, [one, other])} == {"key-1", "key-2"}
    assert {leak.name for leak in find_leaks(KEYS["UUID"], [one, other])} == {"key-2"}


HEALTHY_KEYS = [
    *KEYS.values(),
    "pinned_events_live_4f9a8b7c6d5e4f3a",
    "pinned-events-api-key-2xK9mQ7vT4",
    "PinnedEventsLive4f9a8b7c6d5e",
    "Bearer pe_q7Zr4tKw91xVb",
    "PINNED_EVENTS_API_KEY=q7Zr4tKw91",
    "events:create-q7Zr4tKw91",
]
UNWORTHY = [
    "", "x", "test", "YOUR_API_KEY", "pinned_events", "channels:read", "${PINNED_EVENTS_API_KEY}",
    "undefined", "********", "xxxxxxxxxxxx", "pinned.events", "api", "20261123", "1.0.0",
    "aaaaaaaa",
]  # fmt: skip


@cache
def _healthy_text() -> str:
    """Everything that our own reports may say, with IDs, times, digests and markup in plenty."""
    source = random.Random(7)
    rows = [
        {
            "requestId": f"req_{source.getrandbits(96):024x}",
            "startAt": f"2026-11-{number % 28 + 1:02d}T19:{number % 60:02d}:00.000+01:00",
            "etag": _base64(source.randbytes(24)),
            "trace": str(source.getrandbits(120)),
            "title": f"Jazz \u00e9 &amp; <b>more</b> at Pinned Events Live {number}",
            "url": f"https://pinned.events/api/public/v1/events/{number}?page=2&limit=100",
        }
        for number in range(1200)
    ]
    causes = [
        " ".join([cause.title, *cause.summary, *cause.fix, cause.verify])
        for cause in load_catalogue()
    ]
    words = "pinned_events_live_ PINNED_EVENTS_API_KEY Authorization: Bearer [key-1] channels:read "
    return "\n".join([json.dumps(rows, indent=2), *causes, words * 200])


@pytest.mark.parametrize("key", [*HEALTHY_KEYS, *UNWORTHY])
def test_a_large_healthy_text_passes(key: str) -> None:
    assert find_leaks(_healthy_text(), [_secret(key)]) == ()


@pytest.mark.parametrize("key", HEALTHY_KEYS)
def test_a_large_text_does_not_hide_a_leak(key: str) -> None:
    text = _healthy_text()
    middle = len(text) // 2
    assert find_leaks(f"{text[:middle]}{key}{text[middle:]}", [_secret(key)])


def test_short_values_are_looked_for_as_whole_words_only() -> None:
    secret = [_secret("hunter2!")]
    assert find_leaks("the password is hunter2!", secret) == (Leak("key-1", "in plain text"),)
    assert find_leaks("hunter2%21", secret) == (Leak("key-1", "in plain text, behind escapes"),)
    assert not find_leaks("xhunter2!", secret)
    assert not find_leaks("Hunter2!", secret)


def test_a_key_of_letters_only_is_found_but_not_by_a_phrase_of_it() -> None:
    secret = [_secret("acme_ticketing_platform_qzvwkxjhrpbdnq")]
    assert find_leaks("acme_ticketing_platform_qzvwkxjhrpbdnq", secret)
    assert not find_leaks("The channel of Acme Ticketing Platform", secret)


def test_several_secrets_with_one_prefix_are_told_apart() -> None:
    old, new = "pe_live_q7Zr4tKw91xVbNm2", "pe_live_Hq3vYt8LmZ0cXw5R"
    leaks = find_leaks(new, [_secret(old), _secret(new, "key-2")])
    assert leaks == (Leak("key-2", "in plain text"),)


def test_a_text_full_of_the_secret_is_reported_once() -> None:
    key = KEYS["base62"]
    assert find_leaks(f"{key}\n" * 20_000, [_secret(key)]) == (Leak("key-1", "in plain text"),)


def test_without_secrets_nothing_is_found() -> None:
    assert find_leaks(b"anything", []) == ()


@given(
    st.binary() | st.text(st.characters(codec=None)) | st.text("%u\\x&#;=<>\x1b[0Aa\0⟨U+⟩"),
    st.text(st.characters(codec=None), max_size=40),
)
def test_it_never_raises(data: bytes | str, value: str) -> None:
    assert isinstance(find_leaks(data, [_secret(value)]), tuple)


@given(
    st.text(string.ascii_letters + string.digits + "_-.+/=", min_size=12, max_size=80),
    st.sampled_from(sorted(ENCODINGS)),
    st.text(max_size=30),
    st.text(max_size=30),
)
def test_any_worthy_key_is_recognised_in_any_encoding(
    key: str, encoding: str, before: str, after: str
) -> None:
    if encoding.startswith("a part") or not _is_random(key):
        return
    assert find_leaks(f"{before} {ENCODINGS[encoding](key)} {after}", [_secret(key)])


def _is_random(key: str) -> bool:
    return is_secret_worthy(key) and len(set(key)) >= 8


def _kind(character: str) -> str:
    return "digit" if character.isdigit() else "capital" if character.isupper() else "small"


def _base64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()
