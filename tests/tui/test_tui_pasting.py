"""Pastes, as a terminal sends them, in whatever pieces they arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser

from pinned_tui.tui import terminal
from pinned_tui.tui.terminal import BEGIN, END, WholePastes

texts = st.text(st.characters(exclude_characters="\x00\x1b", codec="utf-8"))


class Clock:
    """What the parser takes for the time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(terminal, "get_time", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def cut(data: str, places: list[int]) -> list[str]:
    ends = sorted({place % (len(data) + 1) for place in places} | {len(data)})
    return [data[a:b] for a, b in zip([0, *ends], ends, strict=False) if b > a]


def said(parser: XTermParser, parts: list[str]) -> list[tuple[str, str | None]]:
    heard: list[tuple[str, str | None]] = []
    for part in parts:
        for event in (*parser.feed(part), *parser.tick()):
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


HOSTILE = "a\x1b[31mred\x1b]52;c;aGk=\x07 q"


@pytest.mark.parametrize("place", range(1, len(BEGIN)))
def test_a_paste_whose_first_mark_comes_in_two_parts_is_text_too(place: int) -> None:
    data = f"{BEGIN}{HOSTILE}{END}q"
    heard = said(WholePastes(), [data[:place], data[place:]])
    assert heard == [("paste", HOSTILE), ("key", "q")]


def test_an_escape_that_nothing_follows_is_a_key(clock: Clock) -> None:
    parser = WholePastes()
    assert said(parser, ["\x1b"]) == []
    clock.now += 0.2
    (event,) = parser.tick()
    assert isinstance(event, events.Key)
    assert event.key == "escape"
    assert said(parser, ["q"]) == [("key", "q")]


def test_a_read_that_took_long_is_no_pause_within_a_mark(clock: Clock) -> None:
    parser = WholePastes()
    heard = list(parser.feed(f"x{BEGIN[:2]}"))
    clock.now += 60
    heard += parser.tick()  # what follows the read at once
    assert [type(one) for one in heard] == [events.Key]
    assert said(parser, [f"{BEGIN[2:]}{HOSTILE}{END}"]) == [("paste", HOSTILE)]


@pytest.mark.parametrize("key", ["\x03", "\x1b[27u", "\x1b[24~"])
def test_a_paste_that_breaks_off_swallows_no_keys(clock: Clock, key: str) -> None:
    parser = WholePastes()
    assert said(parser, [f"{BEGIN}half a te"]) == []
    clock.now += terminal.BROKEN_OFF_S + 0.1
    assert said(parser, [key])[0] == ("paste", "half a te")
    assert said(parser, ["q"]) == [("key", "q")]


def test_the_rest_of_a_paste_that_broke_off_is_not_typed(clock: Clock) -> None:
    parser = WholePastes()
    said(parser, [f"{BEGIN}half a te"])
    clock.now += terminal.BROKEN_OFF_S + 0.1
    said(parser, ["\x03"])
    assert said(parser, [f"xt, quit{END}q"]) == [("paste", "xt, quit"), ("key", "q")]


@pytest.mark.parametrize("rest", [f"xt{END}", f"xt and much more than a key{END}"])
def test_a_paste_that_only_takes_long_is_one(clock: Clock, rest: str) -> None:
    parser = WholePastes()
    said(parser, [f"{BEGIN}half a te"])
    clock.now += 60
    assert said(parser, [rest, "q"]) == [
        ("paste", f"half a te{rest.removesuffix(END)}"),
        ("key", "q"),
    ]
