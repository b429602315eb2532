"""What is shown of a pasted text, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.sanitize import is_clean
from pinned_tui.redaction.secret import Secret
from pinned_tui.tui.masking import SHOWN_CHARACTERS, SHOWN_LINES, Masked, mask

KEY = "pe_live_Zq8sT3vX0aLm7RkYw2NcB5hJ"
OTHER = "rk_9fK2mQ7xW4tB8nZ1cV6yH3jD"


def secret(value: str = KEY, name: str = "key-1") -> Secret:
    return Secret(value, source="pasted", name=name)


def whole(masked: Masked) -> str:
    return masked.restored(masked.shown) + masked.rest


pieces = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [KEY, OTHER, "[key-1]", "[secret-1]", "␛", "\x1b", "\r\n", "\n", "⟨U+202E⟩", "\u202e"]
    ),
    st.just(f"Authorization: Bearer {OTHER}\n"),
)


@given(st.lists(pieces, max_size=12).map("".join))
def test_what_is_shown_leads_back_to_the_text_and_shows_no_secret(text: str) -> None:
    masked = mask(text, [secret()])
    assert whole(masked) == text
    assert KEY not in masked.shown
    assert is_clean(masked.shown)


@given(st.lists(pieces, max_size=12).map("".join), st.integers(0, 400), st.integers(0, 40))
def test_a_place_in_the_text_is_found_in_what_is_shown(text: str, start: int, length: int) -> None:
    masked = mask(text, [secret()])
    span = masked.span(min(start, len(text)), min(start + length, len(text)))
    assert span is not None
    assert 0 <= span[0] <= span[1] <= len(masked.shown)


def test_places_behind_stand_ins_are_shifted() -> None:
    text = f"key={KEY}\x1b, title: Open studio"
    masked = mask(text, [secret()])
    at = text.index("title")
    shown = masked.span(at, at + 5)
    assert shown is not None
    assert masked.shown[slice(*shown)] == "title"
    inside = masked.span(10, 12)
    assert inside is not None
    assert masked.shown[slice(*inside)] == "[key-1]"


def test_edits_around_a_stand_in_keep_what_it_stands_for() -> None:
    masked = mask(f"Authorization: {KEY}", [secret()])
    assert masked.shown == "Authorization: [key-1]"
    edited = masked.shown.replace(": ", ": Bearer ")
    assert masked.restored(edited) == f"Authorization: Bearer {KEY}"


def test_a_stand_in_that_is_in_the_text_itself_is_not_taken() -> None:
    masked = mask(f"[key-1] {KEY} {OTHER}", [secret(), secret(OTHER)])
    assert masked.shown == "[key-1] [key-2] [key-3]"


def test_what_stands_where_credentials_stand_is_hidden_too() -> None:
    masked = mask(f"curl -H 'x-api-key: {OTHER}' https://u:hunter2hunter2@pinned.events", [])
    assert not find_leaks(masked.shown.encode(), [secret(OTHER)])
    assert "hunter2" not in masked.shown
    assert "[secret-1]" in masked.shown


@pytest.mark.parametrize("value", ["abc", "changeme", f" {KEY}\n{KEY}"])
def test_a_key_alone_is_hidden_whatever_it_is(value: str) -> None:
    assert mask(f"{value}\n", [secret(value)]).shown == "[key-1]\n"


def test_short_values_are_hidden_as_words_only() -> None:
    assert mask("ab abc cab: abc", [secret("abc")]).shown == "ab [key-1] cab: [key-1]"


def test_windows_line_ends_come_back() -> None:
    text = f"one\r\n{KEY}\r\nthree\r\n"
    masked = mask(text, [secret()])
    assert masked.shown == "one\n[key-1]\nthree\n"
    assert masked.restored("one\n[key-1]\n3\n") == f"one\r\n{KEY}\r\n3\r\n"


def test_of_a_long_text_the_first_lines_are_shown() -> None:
    text = "GET /events 200\n" * 10_000
    masked = mask(text, [])
    assert masked.line_count == SHOWN_LINES
    assert whole(masked) == text


def test_of_a_long_line_the_beginning_is_shown_and_no_half_secret() -> None:
    text = "x" * (SHOWN_CHARACTERS - 10) + " " + KEY + "y" * 100_000
    masked = mask(text, [secret()])
    assert masked.shown.startswith("xxx")
    assert not find_leaks(masked.shown.encode(), [secret()])
    assert KEY[:6] not in masked.shown
    assert whole(masked) == text


def test_long_lines_are_broken_and_lead_back() -> None:
    text = "y" * 10 + "\n" + "x" * 30_000 + f" {KEY} " + "z" * 3000 + "\nend ↩\n"
    masked = mask(text, [secret()])
    assert whole(masked) == text
    assert max(map(len, masked.shown.split("\n"))) < 1100
    assert masked.line_count == 3
    at = text.index("zz")
    shown = masked.span(at, at + 1)
    assert shown is not None
    assert masked.shown[shown[0]] == "z"
    assert masked.shown[shown[0] - 1] == " "


@given(st.lists(st.integers(0, 2500), max_size=6), st.integers(0, 12_000))
def test_places_in_long_lines_are_found(lengths: list[int], at: int) -> None:
    text = "\n".join("".join(chr(97 + n % 26) for n in range(length)) for length in lengths)
    masked = mask(text, [])
    assert whole(masked) == text
    if at < len(text) and text[at] != "\n":
        assert masked.shown[masked.place(at)] == text[at]


def test_many_different_credentials_take_no_long_time() -> None:
    lines = (f"Authorization: Bearer tok{n}Zq8sT3vX0aL\n" for n in range(2000))
    masked = mask("".join(lines), [])
    assert "[secret-1500]" in masked.shown or masked.rest
    assert "Zq8sT3vX0aL" not in masked.shown
