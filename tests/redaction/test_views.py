"""Each reading of a text must know where its characters come from."""

import re
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.redaction.decoded_views import views

FOREIGN = st.lists(
    st.sampled_from(
        [
            "a", "B", "7", " ", "\n", "é", "\0", "\uff21", "%41", "%2541", "\\u0041", "\\\\x41",
            "\\n", "&#65;", "&amp;#x41;", "&lt;", "&shy;", "&unknown;", "&", "%", "\\", "0x41",
            "<b>", "<br/>", "<", ">", "\x1b[1m", "⟨U+200B⟩", "=41", "=\r\n", "\\101", "\udc80",
            "00000000: 4142 43  ABC\n", "&#9999999;", "\\u{110000}", "\\U00110000",
        ]
    )
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("%41b", "Ab"),
        ("%2541b", "Ab"),
        ("\\u0041 \\x42 \\103 \\u{44} \\U00000045", "A B C D E"),
        ("&#65;&#x42;&amp;#67;&lt;&lowbar;", "ABC<_"),
        ("&lt;b&gt;A&lt;/b&gt;", "A"),
        ("<b>A</b>", "A"),
        ("\x1b[31mA\x1b[0m", "A"),
        ("A=\r\nB=43", "ABC"),
        ("\uff21\U0001d401\u24b8", "ABC"),
        ("A\0B\0", "AB"),
        ("A⟨U+200B⟩B", "AB"),
        ("00000010: 4142 4344  ABCD", "4142 4344"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
    ],
)
def test_readings(text: str, read: str) -> None:
    assert read in [view.text for view in views(text)]


def test_a_span_is_found_again_through_all_layers() -> None:
    text = "x &lt;b&gt;%2541\\u0042&lt;/b&gt; y"
    deepest = next(view for view in views(text) if view.text == "x AB y")
    start, end = deepest.span(2, 4)
    assert text[start:end] == "%2541\\u0042"
    assert deepest.skeleton == b"xaby"
    assert deepest.skeleton_span(1, 3) == (start, end)


@given(FOREIGN)
def test_every_character_has_an_origin_and_they_are_in_order(text: str) -> None:
    for view in views(text):
        origins = [view.span(place, place + 1) for place in range(len(view.text))]
        assert all(0 <= start < end <= len(text) for start, end in origins)
        assert origins == sorted(origins)
        for character, (start, end) in zip(view.text, origins, strict=True):
            assert end - start > 1 or text[start] == character or not text[start].isascii()


@given(FOREIGN)
def test_the_skeleton_lines_up_with_the_text(text: str) -> None:
    for view in views(text):
        for place, octet in enumerate(view.skeleton):
            start, end = view.skeleton_span(place, place + 1)
            assert end > start
            assert chr(octet).isalnum()


@given(FOREIGN)
def test_what_is_read_once_only_has_no_other_reading(text: str) -> None:
    """The quick look that spares most texts the further readings must not lose one."""
    with mock.patch("pinned_tui.redaction.decoded_views._READ_TWICE", re.compile("")):
        thorough = [view.text for view in views(text)]
    assert [view.text for view in views(text)] == thorough
