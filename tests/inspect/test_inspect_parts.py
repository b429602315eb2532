"""Several inputs in one text, and texts that mails rewrote: the same verdicts, in place."""

import re
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import InputKind, InspectionContext, Span, read_text
from pinned_tui.inspect.parts.mapped import MappedText, TextEdit
from pinned_tui.inspect.parts.restoring import restore
from pinned_tui.inspect.parts.splitting import BlockKind, grouped, split
from pinned_tui.session import Session
from tests.corpus.judging import session_of
from tests.corpus.reading import NOW, Item, items
from tests.sampling import one_in

API = "https://pinned.events/api/public/v1"
COMMAND = f'curl {API}/channels -H "Authorization: Token $PINNED_EVENTS_API_KEY"'


def _session(text: str) -> Session:
    pasted = read_text(text)
    return session_of(pasted, look(pasted, InspectionContext(now=NOW)))


def _verdicts(text: str) -> tuple[object, str | None]:
    session = _session(text)
    return session.outcome, session.first_cause


def _line(text: str) -> object:
    session = _session(text)
    return next(o.data["line"] for o in session.observations if o.code == "pasted.fault")


# -- frames ----------------------------------------------------------------------------------------


def _quoted(text: str) -> str:
    return "".join(f"> {line}" for line in text.splitlines(keepends=True))


def _quoted_twice(text: str) -> str:
    return _quoted(_quoted(text))


def _fenced(text: str) -> str:
    return f"Hi, why does this fail?\n\n```\n{text.rstrip()}\n```\n\nThanks!\n"


def _noformat(text: str) -> str:
    return f"{{noformat}}\n{text.rstrip()}\n{{noformat}}\n"


def _marked_links(text: str) -> str:
    return re.sub(
        r"https://pinned\.events[\w/.?=&-]*", lambda match: f"<{match[0]}|{match[0]}>", text
    )


def _coloured(text: str) -> str:
    return "".join(f"\x1b[33m{line.rstrip()}\x1b[0m\n" for line in text.splitlines())


FRAMES: dict[str, Callable[[str], str]] = {
    "quoted in a mail": _quoted,
    "quoted twice": _quoted_twice,
    "fenced in a question": _fenced,
    "in a tracker": _noformat,
    "with the link marks of a chat": _marked_links,
    "with colours": _coloured,
}
FRAMED = [
    item
    for item in items()
    if item.folder in {"curl", "httpie"}
    and item.forced is None
    and not re.search(
        rb"[\x1b\xe2\xc2]|^[ \t]*[>+`]|```|\r|<http|[>%$#] |\^\n|`\n", item.data, re.MULTILINE
    )
]


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("item", one_in(4, FRAMED), ids=lambda item: item.file)
def test_what_stands_around_a_command_changes_no_verdict(
    item: Item, frame: Callable[[str], str]
) -> None:
    text = item.data.decode()
    assert _verdicts(frame(text)) == _verdicts(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"> We call\n>\n> {COMMAND}\n", 3),
        (f"Why?\n\n```bash\n{COMMAND}\n```\n", 4),
        (f"{{code}}\n{COMMAND}\n{{code}}", 2),
        (f"set -x\n+ {COMMAND}\n", 2),
    ],
)
def test_a_place_is_one_of_the_text_that_was_pasted(text: str, line: int) -> None:
    assert _line(text) == line


# -- restoring -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        COMMAND,
        '{"title": "Tom &amp; Jerry", "note": "a &quot;b&quot; c"}',
        "> GET /api/public/v1/channels HTTP/2\n> Host: pinned.events\n>\n< HTTP/2 200\n<\n",
        "link: <https://pinned.events/api/public/v1/events?page=2>; rel=next",
        "curl -d 'a=b&c=3' https://pinned.events/api/public/v1/events",
        "a = b\n+ c\n",
        "",
    ],
)
def test_what_was_not_rewritten_stays(text: str) -> None:
    restored = restore(text)
    assert (restored.mapped.text, restored.undone) == (text, ())


SAFE_LINK = "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fpinned.events%2Fa"
DEFENDED = "https://urldefense.com/v3/__https://pinned.events/a__;!!abc$"
FOUND = "https://www.google.com/url?q=https%3A%2F%2Fpinned.events%2Fa&sa=D"
PLAIN = "https://pinned.events/a"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (f"see {SAFE_LINK}&data=05%7C02&reserved=0 please", f"see {PLAIN} please"),
        (DEFENDED, PLAIN),
        (FOUND, PLAIN),
        (f"[{PLAIN}]({PLAIN})", PLAIN),
        (f"{PLAIN}<{PLAIN}>", PLAIN),
        ("-H &quot;A: b&quot; -d &#39;x&#39;", "-H \"A: b\" -d 'x'"),
        ("a=3Db and so =\non=20and =E2=80=99s", "a=b and so on and \u2019s"),
        ("curl%20https://pinned.events/a", f"curl {PLAIN}"),
    ],
)
def test_what_was_rewritten_is_restored(text: str, plain: str) -> None:
    assert restore(text).mapped.text == plain


@given(st.text(st.sampled_from("<>|[]()&quot;=3D\n> \x1b[m%20+ h:/pinned.events"), max_size=200))
def test_each_sign_keeps_a_place_in_the_input(text: str) -> None:
    mapped = restore(text).mapped
    assert len(mapped.places) == len(mapped.text)
    assert all(0 <= place <= len(text) for place in mapped.places)
    assert list(mapped.places) == sorted(mapped.places)


@given(st.text(max_size=60), st.data())
def test_an_edit_leaves_the_places_of_what_it_does_not_touch(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    edited = MappedText.of(text).edited([TextEdit(start, end, "xyz")])
    assert edited.text == text[:start] + "xyz" + text[end:]
    kept = range(start + 3, len(edited.text))
    assert all(text[edited.places[at]] == edited.text[at] for at in (*range(start), *kept))
    assert edited.original(Span(0, start)) == Span(0, start)


# -- splitting -------------------------------------------------------------------------------------


ERROR = '{"error":{"code":"conflict","message":"x"}}'
LINES = [COMMAND, ERROR, "Hello there,", "", "```", "HTTP/1.1 401 No", "PINNED_EVENTS_API_KEY=x"]


@example(["```", ERROR, COMMAND])
@given(st.lists(st.sampled_from(LINES)))
def test_blocks_follow_each_other(lines: list[str]) -> None:
    text = "\n".join(lines)
    blocks = split(text).blocks
    assert all(0 <= one.span.start < one.span.end <= len(text) for one in blocks)
    ends = [0, *(one.span.end for one in blocks)]
    assert all(end <= one.span.start for end, one in zip(ends, blocks, strict=False))


def test_what_came_back_stands_beside_its_command() -> None:
    text = f"{COMMAND}\n{ERROR}\n\n{COMMAND}\nHTTP/1.1 401 No\n\n"
    groups = grouped(split(text).blocks)
    assert [[one.kind for one in group] for group in groups] == [
        [BlockKind.COMMAND, BlockKind.ANSWER],
        [BlockKind.COMMAND, BlockKind.RESPONSE],
    ]


def test_one_input_is_not_taken_apart() -> None:
    inspection = look(read_text(COMMAND), InspectionContext(now=NOW))
    assert inspection.kind is InputKind.CURL
    assert not inspection.notes
