"""Pastes, as a terminal sends them, in whatever pieces they arrive."""

from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser

from pinned_tui.tui.pasting import BEGIN, END, WholePastes

texts = st.text(st.characters(exclude_characters="\x00\x1b", codec="utf-8"))


def cut(data: str, places: list[int]) -> list[str]:
    ends = sorted({place % (len(data) + 1) for place in places} | {len(data)})
    return [data[a:b] for a, b in zip([0, *ends], ends, strict=False) if b > a]


def said(parser: XTermParser, parts: list[str]) -> list[tuple[str, str | None]]:
    heard: list[tuple[str, str | None]] = []
    for part in parts:
        for event in parser.feed(part):
            if isinstance(event, events.Paste):
                heard.append(("paste", event.text))
            elif isinstance(event, events.Key):
                heard.append(("key", event.character))
    return heard


@given(texts, texts, st.text(alphabet="abc", max_size=3), st.lists(st.integers(0, 99), max_size=5))
def test_pastes_read_as_textual_reads_them(
    one: str, other: str, keys: str, places: list[int]
) -> None:
    parts = cut(f"{keys}{BEGIN}{one}{END}{keys}{BEGIN}{other}{END}{keys}", places)
    typed = [("key", key) for key in keys]
    expected = [*typed, ("paste", one), *typed, ("paste", other), *typed]
    heard = said(WholePastes(), parts)
    assert heard == said(XTermParser(), parts)
    assert [one for one in heard if one != ("paste", "")] == [
        one for one in expected if one != ("paste", "")
    ]


def test_an_escape_in_a_paste_is_text() -> None:
    heard = said(WholePastes(), [f"{BEGIN}a\x1b\x1b]52;c;x\x07b", f"\x1b[20{END[4:]}q"])
    assert heard == [("paste", "a\x1b\x1b]52;c;x\x07b"), ("key", "q")]
