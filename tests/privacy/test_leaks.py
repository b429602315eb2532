"""Nothing that gives a key away may pass, and nothing else may be held back."""

import pytest

from pinned_tui.privacy.leaks import find_leaks
from pinned_tui.privacy.secret import Secret
from tests.privacy.encodings_corpus import BYTES, ENCODINGS

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
