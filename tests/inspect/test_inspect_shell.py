"""Command lines are split as the three shells split them, and quoted back the same."""

import shutil
import subprocess

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pinned_tui.inspect.model import Span
from pinned_tui.inspect.shell.dialects import dialect_of, quote, split
from pinned_tui.inspect.shell.words import Command, Dialect

BASH, CMD, POWERSHELL = Dialect


def _split(text: str, dialect: Dialect) -> Command:
    return split(text, 0, len(text), dialect)


def _words(text: str, dialect: Dialect) -> list[str]:
    return [word.text for word in _split(text, dialect).words]


@pytest.mark.parametrize(
    ("dialect", "line", "words"),
    [
        (BASH, "curl -H 'A: b c' \"d e\" f\\ g", ["curl", "-H", "A: b c", "d e", "f g"]),
        (BASH, "curl \\\n  -s \\\r\n  -S", ["curl", "-s", "-S"]),
        (BASH, "curl -d 'It'\\''s'", ["curl", "-d", "It's"]),
        (BASH, "curl -d $'It\\'s \\u00e4\\n\\x41'", ["curl", "-d", "It's \u00e4\nA"]),
        (BASH, 'curl -d "{\\"a\\": \\"\\$5 \\q\\"}"', ["curl", "-d", '{"a": "$5 \\q"}']),
        (BASH, "curl a # no more", ["curl", "a"]),
        (BASH, "curl a#b", ["curl", "a#b"]),
        (BASH, "curl a | jq .", ["curl", "a"]),
        (BASH, "curl a && echo b", ["curl", "a"]),
        (BASH, "curl 'a?b=1&c=2' > out.json 2>&1", ["curl", "a?b=1&c=2"]),
        (BASH, "curl a 2>/dev/null -s", ["curl", "a", "-s"]),
        (BASH, "curl -d 'two\nlines' a\nnext", ["curl", "-d", "two\nlines", "a"]),
        (BASH, "curl 'not closed", ["curl", "not closed"]),
        (BASH, "curl \\\n> -s a", ["curl", "-s", "a"]),
        (BASH, "curl 'a''b'\"c\"", ["curl", "abc"]),
        (BASH, "curl ''", ["curl", ""]),
        (CMD, 'curl -H "A: b c" ^\n  -s', ["curl", "-H", "A: b c", "-s"]),
        (CMD, 'curl -d "{\\"a\\": 1}"', ["curl", "-d", '{"a": 1}']),
        (CMD, 'curl -d "{""a"": 1}"', ["curl", "-d", '{"a": 1}']),
        (CMD, "curl -H 'A: b'", ["curl", "-H", "'A:", "b'"]),
        (CMD, 'curl ^"a b^" -d ^"^{^\\^"x^\\^": 1^}^"', ["curl", "a b", "-d", '{"x": 1}']),
        (CMD, 'curl "a&b" & echo c', ["curl", "a&b"]),
        (CMD, "curl a^&b", ["curl", "a&b"]),
        (CMD, "curl a > out.txt -s", ["curl", "a", "-s"]),
        (CMD, 'curl "C:\\\\dir\\\\" b', ["curl", "C:\\\\dir\\", "b"]),
        (POWERSHELL, "curl.exe -H 'A: b' `\n  -s", ["curl.exe", "-H", "A: b", "-s"]),
        (POWERSHELL, "curl.exe -d 'It''s'", ["curl.exe", "-d", "It's"]),
        (POWERSHELL, 'curl.exe -d "a `"b`" ""c"" `$d"', ["curl.exe", "-d", 'a "b" "c" $d']),
        (POWERSHELL, "curl.exe -d '{\\\"a\\\": 1}'", ["curl.exe", "-d", '{"a": 1}']),
        (
            POWERSHELL,
            'curl.exe -d \'{"a": "b \\"c\\""}\'',
            ["curl.exe", "-d", '{"a": "b \\"c\\""}'],
        ),
        (POWERSHELL, "curl.exe -d @'\n{\"a\": 1}\n'@ b", ["curl.exe", "-d", '{"a": 1}', "b"]),
        (POWERSHELL, "curl.exe \u201ca b\u201d", ["curl.exe", "a b"]),
        (POWERSHELL, "curl.exe a; echo b", ["curl.exe", "a"]),
        (POWERSHELL, "curl.exe a | ConvertFrom-Json", ["curl.exe", "a"]),
        (POWERSHELL, "curl.exe -d @body.json", ["curl.exe", "-d", "@body.json"]),
    ],
)
def test_a_line_is_split_as_the_shell_does(dialect: Dialect, line: str, words: list[str]) -> None:
    assert _words(line, dialect) == words


@pytest.mark.parametrize(
    ("dialect", "word", "filled"),
    [
        (BASH, '"Bearer $KEY"', ["$KEY"]),
        (BASH, '"Bearer ${KEY:-none}"', ["${KEY:-none}"]),
        (BASH, "'Bearer $KEY'", []),
        (BASH, '"a \\$KEY"', []),
        (BASH, '"$(date +%s)-$(cat "$F")"', ["$(date +%s)", '$(cat "$F")']),
        (BASH, '"`uuidgen`"', ["`uuidgen`"]),
        (BASH, '"costs 5$"', []),
        (CMD, '"Bearer %KEY%"', ["%KEY%"]),
        (CMD, '"100%20more%20"', []),
        (CMD, '"%{http_code}"', []),
        (CMD, '"Bearer $KEY"', []),
        (POWERSHELL, '"Bearer $env:KEY"', ["$env:KEY"]),
        (POWERSHELL, "'Bearer $env:KEY'", []),
        (POWERSHELL, '"a $($b.c) `$d"', ["$($b.c)"]),
        (POWERSHELL, "$body", ["$body"]),
        (POWERSHELL, "(Get-Content a.json -Raw)", ["(Get-Content a.json -Raw)"]),
        (POWERSHELL, '"{\\`"a\\`": \\`"$b\\`"}"', ["$b"]),
    ],
)
def test_what_the_shell_fills_in_is_marked(dialect: Dialect, word: str, filled: list[str]) -> None:
    (read,) = _split(word, dialect).words
    assert [read.text[part.start : part.end] for part in read.filled] == filled


def test_a_here_document_is_standard_input() -> None:
    text = 'curl -d @- a <<\'EOF\'\n{"a": "$b"}\nEOF\nls'
    command = _split(text, BASH)
    assert [word.text for word in command.words] == ["curl", "-d", "@-", "a"]
    assert command.standard_input is not None
    assert command.standard_input.text == '{"a": "$b"}\n'
    assert not command.standard_input.filled
    assert text[command.span.end :].strip() == "ls"


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("curl a", BASH),
        ("$ curl.exe a", BASH),
        ("curl \\\n a", BASH),
        ("curl ^\n a", CMD),
        ('curl "%KEY%"', CMD),
        ("curl a%20b%20c", BASH),
        ("curl a%C3%A4", BASH),
        ("C:\\Users\\a> curl a", CMD),
        ("PS C:\\Users\\a> curl a", POWERSHELL),
        ("curl.exe a", POWERSHELL),
        ("curl.exe ^\n a", CMD),
        ('curl -H "Bearer $env:KEY"', POWERSHELL),
        ("curl `\n a", POWERSHELL),
        ("```powershell\ncurl a\n```", POWERSHELL),
        ("```bat\ncurl a\n```", CMD),
        ("```bash\ncurl.exe a\n```", BASH),
        ('curl -H "X: `date`" a', BASH),
    ],
)
def test_the_shell_is_found_out(text: str, dialect: Dialect) -> None:
    assert dialect_of(text, text.index("curl"), len(text)) is dialect


_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
_TRICKY = st.text(st.sampled_from("ab \\\"'`$^%&|<>()!\n\u2019\u201c@#~*?"), max_size=20)


@given(text=_TEXTS | _TRICKY, dialect=st.sampled_from(Dialect))
@example(text="", dialect=CMD)
@example(text='\\"', dialect=POWERSHELL)
@example(text="\\", dialect=CMD)
def test_what_is_quoted_is_read_back(text: str, dialect: Dialect) -> None:
    (word,) = _split(quote(text, dialect), dialect).words
    assert word.text == text
    assert not word.filled


@given(text=_TEXTS | _TRICKY, dialect=st.sampled_from(Dialect))
def test_a_variable_survives_quoting(text: str, dialect: Dialect) -> None:
    assume("%" not in text and "!" not in text and "\n" not in text and "\r" not in text)
    assume(not (dialect is POWERSHELL and '"' in text))
    name = {BASH: "$KEY", CMD: "%KEY%", POWERSHELL: "$env:KEY"}[dialect]
    quoted = quote(text + name, dialect, [Span(len(text), len(text) + len(name))])
    (word,) = _split(quoted, dialect).words
    assert word.text == text + name
    assert [word.text[part.start : part.end] for part in word.filled][-1:] == [name]


@given(text=_TEXTS | _TRICKY, dialect=st.sampled_from(Dialect))
def test_nothing_raises_and_every_character_has_its_place(text: str, dialect: Dialect) -> None:
    command = _split(text, dialect)
    assert 0 <= command.span.start <= command.span.end <= len(text)
    for word in command.words:
        assert len(word.offsets) == len(word.text)
        assert all(word.span.start <= place < word.span.end for place in word.offsets)
        assert all(part.start <= part.end <= len(word.text) for part in word.filled)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@given(text=_TRICKY)
def test_bash_reads_what_was_quoted_for_it(text: str) -> None:
    line = f"printf %s {quote(text, BASH)}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=True)
    assert done.stdout.decode() == text
