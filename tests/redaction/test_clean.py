"""Foreign text must be harmless once cleaned, and nothing of it may vanish."""

import json
import sys
import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.redaction.sanitize import CUT, clean, clean_json, clean_line, is_clean, stand_in

ANY_TEXT = st.text(
    st.one_of(
        st.characters(codec=None),
        st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Cn"]),
        st.sampled_from("⟨⟩U+2E…\n\t"),
    )
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner),
)


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("plain text, é 漢字 ✓", "plain text, é 漢字 ✓"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\x1b[2J", "␛[2J"),
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("a\r\nb", "a␍\nb"),
        ("\x00\x7f", "␀␡"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("abc\u202edef", "abc⟨U+202E⟩def"),
        ("\ufeffkey\u200b", "⟨U+FEFF⟩key⟨U+200B⟩"),
        ("soft\u00adhyphen", "soft⟨U+00AD⟩hyphen"),
        ("\u2028\u2029", "⟨U+2028⟩⟨U+2029⟩"),
        ("\udc80", "⟨U+DC80⟩"),
        ("\ufffe\U0010ffff", "⟨U+FFFE⟩⟨U+10FFFF⟩"),
        ("\U000e0041\U000e0100", "⟨U+E0041⟩⟨U+E0100⟩"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("a\u00a0b", "a\u00a0b"),
    ],
)
def test_each_kind_of_unsafe_character(foreign: str, shown: str) -> None:
    assert clean(foreign) == shown


def test_a_line_stays_one_line() -> None:
    assert clean_line("a\r\nb\tc\x85d") == "a␍␊b␉c⟨U+0085⟩d"


def test_nothing_that_a_terminal_obeys_or_hides_is_left_in_all_of_unicode() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    kept = set(clean(everything)) - set("\n\t")
    visible_format = {  # format characters with a glyph of their own
        *map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2)),
        *map(chr, (0x110BD, 0x110CD, *range(0x13430, 0x13440))),
    }
    bad = {c for c in kept if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert bad <= visible_format
    assert not kept & set(map(chr, range(0xE0000, 0xE1000)))


@given(ANY_TEXT)
def test_cleaning_is_idempotent_and_complete(text: str) -> None:
    cleaned = clean(text)
    assert is_clean(cleaned)
    assert clean(cleaned) == cleaned
    assert not {"\x1b", "\x9b", "\u202e", "\r"} & set(cleaned)
    line = clean_line(text)
    assert clean_line(line) == line
    assert line.splitlines() in ([line], [])


@given(ANY_TEXT)
def test_what_is_safe_already_is_left_alone(text: str) -> None:
    assert (clean(text) == text) is is_clean(text)


@given(ANY_TEXT, st.integers(0, 40))
def test_a_limit_holds_and_is_idempotent(text: str, limit: int) -> None:
    cut = clean(text, limit=limit)
    assert len(cut) <= limit
    assert clean(cut, limit=limit) == cut
    if len(clean(text)) <= limit:
        assert cut == clean(text)
    elif limit:
        assert cut.endswith(CUT)


def test_a_cut_never_leaves_half_a_stand_in() -> None:
    assert [clean("ab\u202ecd", limit=n) for n in range(8, 13)] == [
        "ab…",
        "ab…",
        "ab…",
        "ab⟨U+202E⟩…",
        "ab⟨U+202E⟩cd",
    ]


@given(st.characters(codec=None))
def test_a_stand_in_is_visible_and_clean(character: str) -> None:
    shown = stand_in(character)
    assert is_clean(shown)
    assert shown.isprintable()


def test_json_is_cleaned_in_keys_and_values() -> None:
    assert clean_json({"\x1b": ["\x9b", {"a": "\u202e"}], "n": [1, 2.5, True, None]}) == {
        "␛": ["⟨U+009B⟩", {"a": "⟨U+202E⟩"}],
        "n": [1, 2.5, True, None],
    }


def test_keys_that_look_alike_are_kept_apart() -> None:
    value = {"␛": 1, "\x1b": 2, "␛ (2)": 3}
    assert clean_json(value) == {"␛": 1, "␛ (2)": 2, "␛ (2) (2)": 3}


def test_json_is_bounded_in_depth() -> None:
    nested: object = "core"
    for _ in range(5000):
        nested = [nested]
    shown = json.dumps(clean_json(nested, depth=3), ensure_ascii=False)
    assert shown == '[[["…"]]]'


def test_json_is_bounded_in_number() -> None:
    assert clean_json(list(range(10)), items=3) == [0, 1, 2, CUT]
    assert clean_json([[1, 2], [3, 4]], items=3) == [[1, 2], CUT]
    assert clean_json({"a": 1, "b": 2, "c": 3}, items=2) == {"a": 1, "b": 2, CUT: CUT}


def test_numbers_that_a_session_can_not_carry_become_text() -> None:
    value = [*json.loads("[1e999, NaN, 18446744073709551616]"), 10**5000]
    assert clean_json(value) == ["inf", "nan", "18446744073709551616", "a number of 16610 bits"]


@pytest.mark.parametrize("value", [{1: 2}, {"a": {3}}, [b"x"], object()])
def test_what_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="JSON has no form"):
        clean_json(value)


@given(JSON)
def test_cleaned_json_is_clean_idempotent_and_can_be_written(value: object) -> None:
    cleaned = clean_json(value)
    assert clean_json(cleaned) == cleaned
    written = msgspec.json.encode(cleaned)
    assert msgspec.json.decode(written) == cleaned
    assert is_clean(json.dumps(cleaned, ensure_ascii=False))


@given(JSON, st.integers(0, 4), st.integers(0, 12))
def test_bounds_hold_for_any_value(value: object, depth: int, items: int) -> None:
    def size(part: object) -> int:
        if isinstance(part, list):
            return 1 + sum(map(size, part))
        return 1 + sum(map(size, part.values())) if isinstance(part, dict) else 1

    def height(part: object) -> int:
        if isinstance(part, dict):
            part = list(part.values())
        return 1 + max(map(height, part), default=0) if isinstance(part, list) else 0

    bounded = clean_json(value, depth=depth, items=items)
    assert height(bounded) <= depth
    assert size(bounded) <= 2 + items + depth
