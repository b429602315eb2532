"""What is redacted must be gone, whatever it was written in, and the rest must stay readable."""

import base64
import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.redactor import Redactor
from pinned_tui.redaction.secret import Secret
from pinned_tui.redaction.secret_strength import is_secret_worthy
from tests.redaction.encodings_corpus import ENCODINGS

KEY = "pe_live_q7Zr4tKw91xVbNm2Lp8sYc3D"
OTHER = "pe_live_Hq3vYt8LmZ0cXw5RbKj7"
SECRET = Secret(KEY, source="test")
REDACTOR = Redactor([SECRET])


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (KEY, "[key-1]"),
        (f"Bearer {KEY}, twice: {KEY}", "Bearer [key-1], twice: [key-1]"),
        (f"curl -H 'x-api-key: {KEY}'", "curl -H 'x-api-key: [key-1]'"),
        (f"?api_key={KEY}&page=2", "?api_key=[key-1]&page=2"),
        ("?k=pe%5Flive%5Fq7Zr4tKw91xVbNm2Lp8sYc3D&page=2", "?k=[key-1]&page=2"),
        ("q7Zr4tKw91xV… was cut", "[key-1]… was cut"),
        ("“pe_live_q7Zr4tKw\n  91xVbNm2Lp8sYc3D”", "“[key-1]”"),
        (f"Basic {base64.b64encode(f'user:{KEY}'.encode()).decode()}", "Basic [key-1]"),
        ("nothing to hide", "nothing to hide"),
        ("", ""),
    ],
)
def test_text(text: str, redacted: str) -> None:
    assert REDACTOR.text(text) == redacted


def test_several_secrets_on_a_line_each_get_their_own_stand_in() -> None:
    redactor = Redactor([SECRET, Secret(OTHER, source="test", name="key-2")])
    line = f"{OTHER} replaces {KEY}; not {KEY} but {OTHER}"
    assert redactor.text(line) == "[key-2] replaces [key-1]; not [key-1] but [key-2]"


def test_equal_secrets_have_one_stand_in_and_unequal_ones_never_share_it() -> None:
    redactor = Redactor(Secret(value, source="test") for value in (KEY, KEY, OTHER, f" {KEY}\n"))
    assert redactor.text(f"{KEY} {OTHER}") == "[key-1] [key-2]"


def test_a_secret_within_another_leaves_nothing_of_the_longer_one() -> None:
    longer = f"{KEY}-{OTHER}"
    redactor = Redactor([SECRET, Secret(longer, source="test", name="key-2")])
    assert redactor.text(f"{longer} / {KEY}") == "[key-2] / [key-1]"


def test_without_secrets_places_and_what_looks_like_a_key_are_redacted() -> None:
    assert Redactor().text(f"Bearer {KEY} and {KEY}") == "Bearer [redacted] and [redacted]"
    kept = Redactor().text(f"Bearer {KEY} and {KEY}", by_look=False)
    assert kept == f"Bearer [redacted] and {KEY}"


def test_a_placeholder_key_hides_nothing() -> None:
    redactor = Redactor([Secret("YOUR_API_KEY", source="test")])
    assert redactor.text("Bearer YOUR_API_KEY") == "Bearer YOUR_API_KEY"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_is_taken_out(encoding: str) -> None:
    text = f"Before it: {ENCODINGS[encoding](KEY)} and then after."
    redacted = REDACTOR.text(text)
    assert not find_leaks(redacted, [SECRET])
    assert "[key-1]" in redacted
    assert redacted.startswith("Before ")
    assert redacted.endswith(" after.")


ALPHABETS = [
    string.ascii_letters + string.digits,
    string.ascii_letters + string.digits + "_-",
    "0123456789abcdef-",
    string.ascii_letters + string.digits + "+/=",
    string.printable.strip(),
    string.ascii_lowercase,
]
KEYS = (
    st.sampled_from(ALPHABETS)
    .flatmap(lambda alphabet: st.text(alphabet, min_size=10, max_size=64))
    .filter(is_secret_worthy)
)
AROUND = st.text(st.sampled_from(f"{string.printable}é漢\u200b⟨⟩\x1b…"), max_size=60)


@given(KEYS, st.lists(st.tuples(AROUND, st.sampled_from(sorted(ENCODINGS))), max_size=4), AROUND)
def test_nothing_is_left_of_any_key_in_any_encodings(
    key: str, parts: list[tuple[str, str]], end: str
) -> None:
    secrets = [Secret(key, source="test")]
    text = "".join(before + ENCODINGS[encoding](key) for before, encoding in parts) + end
    redacted = Redactor(secrets).text(text)
    assert not find_leaks(redacted, secrets)
    assert not find_leaks(redacted.encode("utf-8", "surrogatepass"), secrets)
    assert Redactor(secrets).text(redacted) == redacted


@given(st.text(st.characters(codec=None)))
def test_a_text_without_secrets_and_places_is_left_alone(text: str) -> None:
    cues = ("authorization", "api", "token", "secret", "passw", "=", "%3d", "bearer", "basic")
    if not any(cue in text.lower() for cue in (*cues, "cookie", "://", "eyj")):
        assert REDACTOR.text(text) == text


def test_json() -> None:
    value = {
        "message": f"the key {KEY} is unknown",
        KEY: [1, 2.5, True, None, {"deep": [f"Bearer {OTHER}"]}],
        "headers": [{"name": "X-API-Key", "value": "abc"}, {"name": "Accept", "value": "*/*"}],
        "Authorization": "Bearer abcdef123",
        "token": 12345,
        "password": ["a1", None],
        "api_key": "YOUR_API_KEY",
        "name": "Jazz",
    }
    assert REDACTOR.json(value) == {
        "message": "the key [key-1] is unknown",
        "[key-1]": [1, 2.5, True, None, {"deep": ["Bearer [redacted]"]}],
        "headers": [
            {"name": "X-API-Key", "value": "[redacted]"},
            {"name": "Accept", "value": "*/*"},
        ],
        "Authorization": "Bearer [redacted]",
        "token": "[redacted]",
        "password": ["[redacted]", None],
        "api_key": "YOUR_API_KEY",
        "name": "Jazz",
    }


def test_a_secret_scattered_over_json_withholds_it_all() -> None:
    assert REDACTOR.json(list(KEY)) == "[redacted]"
    assert REDACTOR.json({"ids": list(KEY.encode())}) == "[redacted]"


def test_a_number_that_is_a_secret_becomes_text() -> None:
    redactor = Redactor([Secret("8301749265018374", source="test")])
    assert redactor.json([8301749265018374, 42]) == ["[key-1]", 42]


def test_json_that_is_nested_without_end_is_withheld_from_some_depth_on() -> None:
    nested: object = KEY
    for _ in range(900):
        nested = [nested]
    shown = json.dumps(REDACTOR.json(nested))
    assert shown == f'{"[" * 200}"[redacted]"{"]" * 200}'


@pytest.mark.parametrize("value", [{1: 2}, {"a": {3}}, [b"x"]])
def test_what_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="JSON has no form"):
        REDACTOR.json(value)


def test_huge_numbers_are_withheld() -> None:
    assert REDACTOR.json([10**5000, float("inf")]) == ["[redacted]", float("inf")]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(KEY),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just(KEY), inner),
    )
)
def test_any_json_is_without_leaks_afterwards(value: object) -> None:
    redacted = REDACTOR.json(value)
    assert not find_leaks(json.dumps(redacted), [SECRET])
    assert not find_leaks(json.dumps(redacted, ensure_ascii=False, indent=2), [SECRET])
