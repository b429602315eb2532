"""The Markdown report: complete, in order, and closed to foreign text."""

import re

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pinned_tui.core.labels import MARK
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.report import markdown
from pinned_tui.report.blocks import (
    AttemptRow,
    Attempts,
    Block,
    Bullets,
    Code,
    CodeBlock,
    Excerpt,
    FactList,
    Heading,
    InlineLine,
    Link,
    Paragraph,
    Rule,
    Signed,
    SignedRow,
    Steps,
    Strong,
    Styled,
    Table,
)
from pinned_tui.report.content import content
from pinned_tui.session import Outcome, Session, replace
from tests import samples
from tests.strategies import any_text, sessions

FRAGMENTS = (
    *("|", "\\", "\\|", "`", "``", "```sh", "~~~", "\n", "\r\n", "\t", " ", "    code", "*", "**"),
    *("_", "__x__", "# x", "#12", "GH-12", "- x", "+ x", "1. x", "2) x", "> q", "***", "---"),
    *("===", "~~x~~", "$x$", "[^1]", "[a]: http://evil.example", "](http://evil.example)"),
    *("![x](http://evil.example/a.png)", "[x](javascript:alert(1))", "<https://evil.example>"),
    *("<script>alert(1)</script>", "<img src=x onerror=y>", "<!-- ", "-->", "<b", "&lt;", "&copy;"),
    *("http://evil.example", "https://evil.example/a|b", "www.evil.example", "evil.example"),
    *("//evil.example", "ftp://evil.example", "mailto:a@evil.example", "a@evil.example"),
    *("@everyone", "a/b#1", ":smile:", "\u202e", "\x1b[31m", "\u200b", "\u2028", "\u00a0", "é"),
)
hostile = st.lists(st.sampled_from(FRAGMENTS) | any_text, max_size=6).map("".join)

PARSER = MarkdownIt("gfm-like", {"html": True, "linkify": True})
PLAIN_STRUCTURE = frozenset(
    {
        *("inline", "text", "code_inline", "softbreak", "hr"),
        *(f"{name}_{end}" for name in ("heading", "paragraph") for end in ("open", "close")),
        *(f"{name}_{end}" for name in ("bullet_list", "ordered_list") for end in ("open", "close")),
        *(f"{name}_{end}" for name in ("list_item", "strong") for end in ("open", "close")),
        *(f"{part}_{end}" for part in ("table", "thead", "tbody") for end in ("open", "close")),
        *(f"{cell}_{end}" for cell in ("tr", "th", "td") for end in ("open", "close")),
    }
)

spans = st.one_of(
    hostile.map(lambda text: (text,)),
    hostile.map(lambda text: (Code(text),)),
    hostile.map(lambda text: (" ", Strong(text), " ")),
    hostile.map(lambda text: (Link(text),)),
    hostile.map(lambda text: (Styled(text, "muted"),)),
)
lines = st.lists(spans, max_size=3).map(lambda many: tuple(span for part in many for span in part))
tables = st.integers(1, 3).flatmap(
    lambda width: st.builds(
        Table,
        head=st.tuples(*[st.just("head")] * width),
        rows=st.lists(st.tuples(*[lines] * width), max_size=3).map(tuple),
    )
)
named = st.sampled_from(["", "What it is"])
blocks = st.one_of(
    st.builds(Heading, level=st.integers(1, 3), line=lines),
    st.builds(Paragraph, line=lines, label=named),
    st.builds(Bullets, lines=st.lists(lines, min_size=1, max_size=3).map(tuple), label=named),
    st.builds(
        FactList,
        rows=st.lists(st.tuples(st.just("Found"), lines), min_size=1, max_size=3).map(tuple),
    ),
    st.builds(
        SignedRow,
        sign=st.builds(Styled, text=hostile, role=st.just("ok")),
        line=lines,
        below=st.lists(lines, max_size=2).map(tuple),
    ).map(lambda row: Signed((row,))),
    st.builds(
        AttemptRow,
        **dict.fromkeys(("line", "when", "request", "status", "key", "about"), hostile),
        gap=st.booleans(),
        mark=st.sampled_from(list(MARK.values())),
    ).map(lambda row: Attempts((row,))),
    st.builds(Excerpt, text=hostile, mark=st.none()),
    st.just(Rule()),
    st.builds(Steps, lines=st.lists(lines, min_size=1, max_size=3).map(tuple)),
    tables,
)


def plain(line: InlineLine) -> str:
    """What a reader should see of a line, white space aside."""
    texts = (span if isinstance(span, str) else getattr(span, "text", None) for span in line)
    urls = (getattr(span, "url", "") for span in line)
    seen = "".join(url if text is None else text for text, url in zip(texts, urls, strict=True))
    return re.sub(r"\s+", "", clean_line(seen))


def cells(row: AttemptRow) -> tuple[str, ...]:
    return row.line, row.when, row.request, row.status, str(row.mark), row.key, row.about


def expected(block: Block) -> list[str]:
    match block:
        case Heading(_, line) | Paragraph(line, ""):
            return [plain(line)]
        case Paragraph(line, label):
            return [plain((f"{label}:", *line))]
        case Bullets(lines, label):
            return [plain((f"{label}:",)) if label else "", *(plain(line) for line in lines)]
        case Steps(lines):
            return [plain(line) for line in lines]
        case FactList(facts):
            return [plain((f"{name}:", *line)) for name, line in facts]
        case Signed(signed):
            return ["".join(map(plain, ((s.sign,), s.line, *s.below))) for s in signed]
        case Attempts(attempts):
            head = ("Line", "When", "Request", "Status", "Cameto", "Key", "About")
            return [*head, *(plain((cell,)) for row in attempts for cell in cells(row))]
        case Excerpt(text):
            return [plain((text,))]
        case Rule():
            return []
        case Table(head, rows):
            return [*head, *(plain(cell) for row in rows for cell in row)]
        case CodeBlock():
            return []


def inlines(tokens: list[Token]) -> list[Token]:
    return [token for token in tokens if token.type == "inline"]


def seen(token: Token) -> str:
    return re.sub(r"\s+", "", "".join(child.content for child in token.children or ()))


def everything(tokens: list[Token]) -> list[Token]:
    return [one for token in tokens for one in (token, *(token.children or ()))]


def assert_nothing_broke_out(tokens: list[Token]) -> None:
    links = [one for one in everything(tokens) if one.type == "link_open"]
    assert all(str(link.attrs["href"]).startswith("https://pinned.events/") for link in links)
    kinds = {one.type for one in everything(tokens)} - {"link_open", "link_close"}
    assert kinds <= PLAIN_STRUCTURE, kinds - PLAIN_STRUCTURE


@given(blocks)
@example(Paragraph(("` `",)))
@example(Table(("head",), ((("\\", Code("a\\|b`|")),),)))
@example(Steps((("1. ", Code("``")), ("   ", "    x"))))
@example(Paragraph(("\x1f.AL",)))
def test_every_text_is_seen_as_it_is_and_is_never_markup(block: Block) -> None:
    tokens = PARSER.parse(markdown.write([block]))
    assert_nothing_broke_out(tokens)
    shown = [text for text in map(seen, inlines(tokens)) if text]
    assert shown == [text for text in expected(block) if text]


@given(st.lists(blocks, min_size=2, max_size=4))
def test_a_block_does_not_reach_into_the_next(many: list[Block]) -> None:
    tokens = PARSER.parse(markdown.write([*many, Paragraph(("The end.",))]))
    assert_nothing_broke_out(tokens)
    assert seen(inlines(tokens)[-1]) == "Theend."
    assert tokens[-1].type == "paragraph_close"
    assert tokens[-1].level == 0


@given(sessions(hostile))
@settings(suppress_health_check=list(HealthCheck))
def test_a_hostile_session_has_the_shape_of_a_report(session: Session) -> None:
    tokens = PARSER.parse(markdown.render(session))
    assert_nothing_broke_out(tokens)
    headings = [block for block in content(session) if isinstance(block, Heading)]
    assert len([t for t in tokens if t.type == "heading_open"]) == len(headings)
    rows = [len(block.rows) + 1 for block in content(session) if isinstance(block, Table)]
    assert len([t for t in tokens if t.type == "tr_open"]) == sum(rows)


@pytest.mark.parametrize("sign", ["@everyone", "a@evil.example", "https://evil.example", "#12"])
def test_what_a_forge_would_bring_to_life_is_code(sign: str) -> None:
    assert f"`{sign}`" in markdown.write([Paragraph((f"see {sign} now",))])


def test_identifiers_are_code_instead_of_full_of_backslashes() -> None:
    written = markdown.write([Paragraph(("It said insufficient_scope twice",))])
    assert written == "It said `insufficient_scope` twice\n"


def test_what_ends_a_sentence_is_no_part_of_what_is_copied() -> None:
    written = markdown.write([Paragraph(("The requestId is req_4F_x.",))])
    assert written == "The requestId is `req_4F_x`.\n"
    written = markdown.write([Paragraph(("See https://a.example/b?c, please.",))])
    assert written == "See `https://a.example/b?c`, please.\n"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://pinned.events.evil.example/a",
        "https://pinned.events@evil.example/",
        "https://pinned.events/a)b",
        "https://pinned.events/>x",
    ],
)
def test_only_the_vendors_pages_become_links(url: str) -> None:
    tokens = everything(PARSER.parse(markdown.write([Paragraph((Link(url),))])))
    assert "link_open" not in {token.type for token in tokens}


def test_the_docs_page_of_a_verdict_is_a_link() -> None:
    tokens = everything(PARSER.parse(markdown.render(samples.failing())))
    links = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
    assert links == [samples.SCOPE_MISSING.docs]


def test_sentences_stay_readable_as_they_are() -> None:
    sentence = "Sent at 22:04:05 (UTC), took 1.2 s; events:read is missing - 2.5 % of 12!"
    assert markdown.write([Paragraph((sentence,))]) == f"{sentence}\n"


def test_the_answer_comes_first_and_then_what_to_do() -> None:
    report = markdown.render(samples.failing())
    order = [
        "# ✗ The key lacks the scope events:read",
        "The API accepts the key",
        "**Outcome:** ✗ problem",
        "`scope-missing`, ● confirmed",
        "## What was asked",
        "## What to do",
        "1. Open the key in the Developer Portal.",
        "2. Add the scope events:read, and only that one.",
        "**How to check the fix:** Run the same check again",
        "## What we can't tell from outside",
        "- A proxy answers in the API's name.",
        "Only the key's owner sees its scopes",
        "## What was seen",
        "| `obs-2` | ✗ fail | events | 403: events:read is missing. | `x-1` |",
        "## What was not checked, and why",
        "- Payload: not done, not agreed to.",
        "## Scopes of the key",
        "| `events:read` | ✗ missing |",
        "## Channels that the key can use",
        "| `42` | Jazz &amp; Blues | `jazz` |",
        "## Requests sent",
        "`insufficient_scope`: The key has no events:read | `req_7` | 84 ms |",
        "## Answers to the guide's questions",
        "## Checks that do more than read",
        "not agreed to, not sent",
        "## About this report",
        "pinned-tui 0.1.0",
    ]
    places = [report.find(text) for text in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_a_verified_fix_shows_before_and_after() -> None:
    report = markdown.render(samples.told())
    assert report.startswith("# ✓ All checks passed\n")
    assert "**Fixed:** The key lacks the scope events:read." in report
    assert "| Outcome | ✗ problem | ✓ healthy |" in report
    assert "| Read the list of events | ✗ fail | ✓ pass |" in report
    assert "| events:read | ✗ missing | ✓ present |" in report
    assert "## What was wrong before" in report
    assert "## Before and after" not in markdown.render(samples.failing())


def test_what_the_person_says_of_their_deployment_is_in_it() -> None:
    session = samples.plain()
    target = msgspec.structs.replace(session.target, refused_elsewhere=True)
    said = "**Elsewhere:** your deployment gets 401 with what should be this key, as you say"
    assert said in markdown.render(replace(session, target=target))
    assert "Elsewhere" not in markdown.render(session)


@pytest.mark.parametrize("outcome", [*Outcome, None])
def test_a_session_without_a_verdict_says_what_that_means(outcome: Outcome | None) -> None:
    report = markdown.render(replace(samples.plain(), outcome=outcome, finished_at=None))
    assert report.splitlines()[2].endswith(".")
    assert "not finished" in report


def test_words_for_answers_come_from_whoever_knows_them() -> None:
    report = markdown.render(samples.told(), words=lambda _: ("Which scope?", "I can't tell"))
    assert "1. Which scope? **I can't tell**: `list` (the user's choice)" in report


def test_a_long_table_says_what_it_leaves_out() -> None:
    session = samples.told()
    many = replace(session, channels=session.channels * 103)
    report = markdown.render(many)
    assert "3 more are left out here" in report
