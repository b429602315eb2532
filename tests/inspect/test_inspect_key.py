"""Every offline row of the catalogue's *The key itself*, and no word of the key in any of them."""

import base64
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.inspect.key import KeyFault, header_safe, inspect_key
from pinned_tui.inspect.unwrap import outline
from pinned_tui.session import Certainty

KEY = "pe_q7Zr4tKw91xVbNm2Lp8s"
SURE, LIKELY, POSSIBLE = Certainty.CONFIRMED, Certainty.LIKELY, Certainty.POSSIBLE


def _seen(value: str | None) -> list[tuple[str, Certainty]]:
    return [(fault.cause, fault.certainty) for fault in inspect_key(value)]


@pytest.mark.parametrize(
    "key",
    [
        KEY,
        "4f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c",
        "aB3+/9xQ7tZr4Kw91VbNm2Lp8sYc3DeF0Gh=",
        "wJ-4k_Zt9Qb7-mX2pR_5sVc8nYd1fLg6",
        "abcdefghijkm==",
        "pinned_events_live_q7Zr4tKw91xV",
        "sk_test_q7Zr4tKw91xV",
        "Bearerq7Zr4tKw91xV",
        "id:q7Zr4tKw91xV",
        "a.b.c-q7Zr4tKw91xV",
        "!q7#Zr4*tKw(91)xV~",
        "/aB39xQ7tZr4Kw91VbNm2Lp8sYc3DeF0",
        "123456789012",
    ],
)
def test_a_value_that_may_be_a_key_has_no_fault(key: str) -> None:
    assert inspect_key(key) == ()


@pytest.mark.parametrize("value", [None, "", " ", "\n", " \t\r\n\u00a0", "\u200b", "\ufeff\n"])
def test_missing(value: str | None) -> None:
    assert _seen(value) == [("key-missing", SURE)]


@pytest.mark.parametrize("value", ['""', "''", "Bearer", "Bearer ", "PINNED_EVENTS_API_KEY="])
def test_missing_inside_of_what_is_around_it(value: str) -> None:
    first, *others = _seen(value)
    assert first == ("key-missing", SURE)
    assert len(others) == 1


@pytest.mark.parametrize(
    "value",
    [
        "YOUR_API_KEY", "your-api-key-here", "<your key>", "<API_KEY>", "${PINNED_EVENTS_API_KEY}",
        "{{ secrets.key }}", "{{key}}", "$PINNED_EVENTS_API_KEY", "%API_KEY%", "$env:API_KEY",
        "undefined", "null", "None", "nil", "[object Object]", "changeme", "change-me", "api_key",
        "REPLACE_ME", "xxxxxxxx", "sk_live_xxxxxxxxxxxx", "process.env.API_KEY", "[key-1]",
        "[redacted]", "$(cat key.txt)", "insert your key here", "PINNED_EVENTS_API_KEY",
        "pk_${STAGE}_q7Zr4tKw",
    ],
)  # fmt: skip
def test_placeholder(value: str) -> None:
    assert _seen(value) == [("key-placeholder", SURE)]


@pytest.mark.parametrize(
    "value", ["test", "sandbox", "pinned_events_live", "my-secret", "$q7Zr4t", "[q7Zr4t]"]
)
def test_what_a_key_might_be_after_all_is_only_likely_to_be_a_placeholder(value: str) -> None:
    assert _seen(value) == [("key-placeholder", LIKELY)]


@pytest.mark.parametrize("blank", [" ", "\t", "\n", "\r\n", "\r", "\u00a0", "\u3000", "\x85"])
def test_white_space_around(blank: str) -> None:
    for value in (blank + KEY, KEY + blank, blank + KEY + blank):
        assert _seen(value) == [("key-whitespace", SURE)]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\n    "])
def test_a_line_break_inside(line_break: str) -> None:
    value = f"{KEY[:9]}{line_break}{KEY[9:]}"
    assert _seen(value) == [("key-whitespace", SURE)]
    assert "at character 10 of" in inspect_key(value)[0].detail


def test_a_space_inside_is_only_likely_wrong() -> None:
    assert _seen(f"{KEY[:9]} {KEY[9:]}") == [("key-whitespace", LIKELY)]


@pytest.mark.parametrize("quote", ["'", '"', "`"])
def test_quotes(quote: str) -> None:
    assert _seen(f"{quote}{KEY}{quote}") == [("key-quoted", SURE)]
    assert _seen(f"{quote}{KEY}") == [("key-quoted", LIKELY)]
    assert _seen(f"{KEY}{quote}") == [("key-quoted", LIKELY)]
    assert _seen(f"{quote}{KEY}\n{quote}") == [("key-quoted", SURE), ("key-whitespace", SURE)]


@pytest.mark.parametrize(
    "character",
    ["\ufeff", "\u200b", "\u200d", "\u00ad", "\u202e", "\u2066", "\x00", "\x1b", "\x7f"],
)
def test_invisible_characters(character: str) -> None:
    for value in (character + KEY, KEY[:5] + character + KEY[5:], KEY + character):
        assert _seen(value) == [("key-invisible-characters", SURE)]


@pytest.mark.parametrize("mark", ["ï»¿", "þÿ", "ÿþ"])
def test_a_byte_order_mark_in_the_wrong_encoding(mark: str) -> None:
    assert _seen(mark + KEY) == [("key-invisible-characters", SURE)]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (f"“{KEY}”", "2 typographic quotation marks, the first at character 1"),
        (KEY.replace("_", "\u2013"), "a typographic dash, at character 3"),
        (KEY.replace("e", "\u0435"), "a letter beyond ASCII, at character 2"),
        (KEY + "✓", "a sign beyond ASCII, at character 24"),
        ("\uff50\uff45" + KEY, "2 letters beyond ASCII"),
    ],
)
def test_characters_beyond_ascii(value: str, told: str) -> None:
    assert _seen(value) == [("key-non-ascii", SURE)]
    assert told in inspect_key(value)[0].detail


@pytest.mark.parametrize(
    "value", ["••••••••", "********", "pe_q7Z…8s", "pe_q7Z...8s", "pe_***8s", "●●●●q7Z8", "***"]
)
def test_masked(value: str) -> None:
    assert _seen(value) == [("key-masked", SURE)]


@pytest.mark.parametrize(
    "before", ["Bearer ", "bearer  ", "BEARER\t", "Basic ", "Bearer: ", "Token "]
)
def test_a_scheme_in_front(before: str) -> None:
    assert _seen(before + KEY) == [("key-includes-scheme", SURE)]


def test_a_scheme_twice_is_told_once() -> None:
    assert _seen(f"Bearer Bearer {KEY}") == [("key-includes-scheme", SURE)]


@pytest.mark.parametrize(
    "before",
    [
        "PINNED_EVENTS_API_KEY=", "x-api-key: ", "X-API-Key:", "export API_KEY=", "apiKey = ",
        "$env:PINNED_EVENTS_API_KEY = ", "set API_KEY=", "-H x-api-key: ", "Authorization: ",
    ],
)  # fmt: skip
def test_a_name_in_front(before: str) -> None:
    assert _seen(before + KEY) == [("key-includes-name", SURE)]


@pytest.mark.parametrize("before", ["ACME_PE=", "key: ", "token:"])
def test_a_name_in_front_that_may_be_part_of_it(before: str) -> None:
    assert _seen(before + KEY) == [("key-includes-name", LIKELY)]


def test_a_whole_line_or_header_or_member() -> None:
    assert _seen(f'export PINNED_EVENTS_API_KEY="{KEY}"\n') == [
        ("key-includes-name", SURE),
        ("key-quoted", SURE),
        ("key-whitespace", SURE),
    ]
    assert _seen(f"Authorization: Bearer {KEY}") == [
        ("key-includes-name", SURE),
        ("key-includes-scheme", SURE),
    ]
    assert _seen(f"-H 'x-api-key: {KEY}'") == [("key-includes-name", SURE)]
    assert [cause for cause, _ in _seen(f'{{"apiKey": "{KEY}"}}')] == [
        "key-includes-name",
        "key-quoted",
    ]


@pytest.mark.parametrize(
    "value",
    [
        KEY.replace("_", "%5F"),
        KEY + "&amp;x",
        KEY + "\\n",
        base64.b64encode(f"PINNED_EVENTS_API_KEY={KEY}".encode()).decode(),
        base64.b64encode(f"{KEY}\n".encode()).decode(),
        base64.urlsafe_b64encode(f"Bearer {KEY}".encode()).decode().rstrip("="),
        base64.b64encode(f"user:{KEY}".encode()).decode(),
        base64.b64encode(b"pinned_events_live_q7Zr4t").decode(),
    ],
)
def test_encoded_is_never_more_than_possible(value: str) -> None:
    assert _seen(value) == [("key-encoded", POSSIBLE)]


@given(st.binary(min_size=12, max_size=48), st.booleans())
def test_random_octets_in_base64_are_not_called_encoded(octets: bytes, url: bool) -> None:
    text = (base64.urlsafe_b64encode if url else base64.b64encode)(octets).decode()
    if any(octet >= 0x80 for octet in octets):
        assert "key-encoded" not in dict(_seen(text))


@pytest.mark.parametrize(
    "value",
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.dGhpcyBpcyBub3QgcmVhbA",
        "3d6f0a5c-9b1e-4c7d-8a2f-5e0b9c4d7a16",
        "3D6F0A5C-9B1E-4C7D-8A2F-5E0B9C4D7A16",
        "https://pinned.events/api/public/v1",
        "someone@example.org",
        "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
        "/run/secrets/pinned-events",
        "./key.txt",
        "C:\\keys\\pinned.txt",
    ],
)
def test_another_kind_of_value_is_likely_but_never_sure(value: str) -> None:
    assert _seen(value) == [("key-wrong-kind", LIKELY)]


def test_several_faults_come_most_fundamental_first() -> None:
    assert [cause for cause, _ in _seen(' "Bearer ${KEY}\u200b" \n')] == [
        "key-placeholder",
        "key-includes-scheme",
        "key-quoted",
        "key-whitespace",
        "key-invisible-characters",
    ]


def test_every_cause_is_in_the_catalogue() -> None:
    catalogue = load_catalogue()
    values = (None, "null", "***", "A_KEY=x1", "Bearer x1", "'x1'", "x1 ", "x1\x00", "xé1", "a%41")
    causes = {fault.cause for value in values for fault in inspect_key(value)}
    causes |= {fault.cause for fault in inspect_key("3d6f0a5c-9b1e-4c7d-8a2f-5e0b9c4d7a16")}
    assert len(causes) == 11
    assert all(catalogue.get(cause) for cause in causes)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("abcd1234\n", "letters and digits\u00d78 ␊"),
        ("  ab\u200bc", "␠\u00d72 letters\u00d72 ⟨U+200B⟩ letters\u00d71"),
        ('K="a"', 'letters\u00d71 = " letters\u00d71 "'),
        ("\u0430\u0431“", "letters beyond ASCII\u00d72 ⟨U+201C⟩"),
        ("", ""),
    ],
)
def test_the_outline_tells_the_build(value: str, shown: str) -> None:
    assert outline(value) == shown


def test_the_outline_is_bounded() -> None:
    assert len(outline("a\u200b" * 5000)) < 250


@pytest.mark.parametrize(
    ("value", "safe"),
    [(KEY, True), ("!~", True), ("", False), ("a b", False), ("a\n", False), ("é", False)],
)
def test_header_safe(value: str, safe: bool) -> None:
    assert header_safe(value) is safe


@given(st.text(st.characters(codec=None)))
def test_what_a_header_can_carry_is_visible_ascii(value: str) -> None:
    visible = set(string.ascii_letters + string.digits + string.punctuation)
    assert header_safe(value) is (bool(value) and set(value) <= visible)


WRAPPINGS = [
    "{}", " {}\n", '"{}"', "'{}", "Bearer {}", "PINNED_EVENTS_API_KEY={}", "x-api-key: {}",
    '{{"apiKey": "{}"}}', "\ufeff{}", "“{}”", "{}…", "https://{}", "{}@example.org", "/run/{}",
    "%2D{}", "export X_KEY='Bearer {}'\n", "{}.{}.{}", "${{{}}}", "<{}>",
]  # fmt: skip
KEYS = st.text(string.ascii_letters + string.digits + "_-.+/=", min_size=8, max_size=60)
WORDS_OF_OURS = " ".join(
    f"{fault.detail} {fault.found}"
    for wrapping in WRAPPINGS
    for fault in inspect_key(wrapping.format("\x00", "\x00", "\x00"))
)


UNLIKE_OUR_WORDS = st.text("BCDFGJKLMNPQRSVWXYZ0123456789_-.+/=", min_size=8, max_size=60)


@given(UNLIKE_OUR_WORDS, st.sampled_from(WRAPPINGS))
@example("q7Zr4tKw91xV", "{}")
def test_no_four_characters_of_the_key_are_told(key: str, wrapping: str) -> None:
    for fault in inspect_key(wrapping.format(key, key, key)):
        told = f"{fault.detail} {fault.found}"
        for start in range(len(key) - 3):
            part = key[start : start + 4]
            assert part not in told or part in WORDS_OF_OURS


@given(st.text(st.characters(codec=None)) | KEYS, st.sampled_from(WRAPPINGS))
@example("", "{}")
@example("%", "{}")
@example("\udc80", "Bearer {}")
def test_it_never_raises_and_always_says_something(text: str, wrapping: str) -> None:
    for fault in inspect_key(wrapping.format(text, text, text)):
        assert isinstance(fault, KeyFault)
        assert fault.cause.startswith("key-")
        assert fault.found
        assert fault.detail.endswith(".")


@given(st.text(st.characters(codec=None), min_size=1))
def test_what_can_not_be_sent_always_has_a_fault(value: str) -> None:
    if not header_safe(value):
        assert inspect_key(value)
