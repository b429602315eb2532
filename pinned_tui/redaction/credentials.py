"""Recognises credentials by where they stand, whether or not they are known.

In a pasted request there may be keys of other people and of other systems: after ``Bearer``, in an
``x-api-key`` field, in the query of a signed URL. The name of the place stays readable, the value
becomes ``[redacted]``. Placeholders stay: that someone sent ``YOUR_API_KEY`` is the finding.
"""

import re
from collections.abc import Iterator

from pinned_tui.redaction.secret_strength import is_placeholder

REDACTED = "[redacted]"

_CREDENTIAL_FIELDS = """
    access_token api-key api_key apikey authorization client_secret cookie id_token passwd password
    private_key proxy-authorization refresh_token secret set-cookie token x-api-key
"""
_PROSE_AFTER_BEARER = """
    after and are as at authentication authorisation because before but by challenge credentials
    followed form format has if in is it missing not on once only plus prefix scheme so space
    spelling style then twice was were
"""
_LONGEST_WORD = {"bearer": 8, "basic": 15}
"""Letters of a word in small letters that is taken for prose after the name of a scheme."""
_COMMAND = re.compile(r"\(?[A-Z][a-z]+-[A-Z][A-Za-z]+")
"""A command of PowerShell, which puts the value there when it runs."""

_CODE = re.compile(r"[A-Za-z_][A-Za-z_.:]{0,60}!?\(")
"""A function that puts the value together: ``format!(``, ``fmt.Sprintf(``."""

_QUERY_NAMES = (
    "access_?token|api[-_]?key|auth|client_?secret|credential|id_?token|key|passw(?:or)?d"
    "|refresh_?token|secret|session_?(?:id|token)|sig|signature|token"
    "|x-(?:amz|goog)-(?:credential|security-token|signature)"
)
_QUOTES = r"""[\\"'`]{0,4}"""
_OPEN = rf"""[ \t]*(?:[bfru]{{1,2}}(?=["']))?{_QUOTES}"""
"""What opens a value: blanks, a prefix of Python's, quotes."""
_PAIR = rf"""["'][ \t]*,(?:[ \t]*{_QUOTES}value{_QUOTES}[ \t]*:)?"""
"""What is between a name and its value in a tuple, or in a HAR file's pair."""
_ASSIGNED = rf"""{_QUOTES}\]?[ \t]*[:=]{_OPEN}"""
_IS = rf"""(?:{_QUOTES}\]?[ \t]*[:=]|{_PAIR}){_OPEN}"""
_QUOTED_VALUE = r"""(?<=")[^"\\\r\n]{4,200}(?=\\?")|(?<=')[^'\\\r\n]{4,200}(?=\\?')"""
"""In quotes a password goes on to their end, blanks and all."""
_VALUE = r"""(?:\$\([^()\r\n]*\)|\$?\{\{?[^{}\r\n"']*\}\}?|[^\s"'`,;<>\\&#])+"""
"""A value has no blanks in it, unless a template brings them: ``{{ api key }}``."""

_NAMED = re.compile(
    rf"""
    (?P<place>authorization{_IS}(?:[a-z][\w-]*[ \t]+)?
      |(?<![\w-])(?:x-)?api[-_]?key{_PAIR}{_OPEN}|api[-_]?key{_ASSIGNED}
      |(?:token|secret|passw(?:or)?d)(?:[\\"']+[ \t]*:|[ \t]*=){_OPEN})
    (?P<value>{_VALUE})
    """,
    re.VERBOSE | re.IGNORECASE,
)
_IN_QUOTES = re.compile(
    rf"(?P<place>passw(?:or)?d(?:[\\\"']+[ \t]*:|[ \t]*=){_OPEN})(?P<value>{_QUOTED_VALUE})",
    re.IGNORECASE,
)
_QUERY = re.compile(
    rf"(?P<place>[?&#;%](?:3f|26)?(?:{_QUERY_NAMES})(?:=|%3d))(?P<value>{_VALUE})", re.IGNORECASE
)
_SCHEME = re.compile(
    r"(?P<place>\b(?P<scheme>bearer|basic)[ \t]+)"
    rf"(?!(?:realm|error|error_description|scope|charset)=)(?P<value>{_VALUE})",
    re.IGNORECASE,
)
_COOKIE = re.compile(rf"""(?P<place>cookie{_IS})(?P<value>[^\r\n"'\\]+)""", re.IGNORECASE)
_LOGIN = re.compile(r"""(?P<place>://)(?P<value>[^\s/@"'<>]{1,256})(?=@)""")
_SIGNED_TOKEN = re.compile(
    r"(?P<place>)(?:(?<![\w-])|(?<=%20))(?P<value>eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*)"
)

_BOT = re.compile(r"(?P<place>(?:\b|\bbot))(?P<value>[0-9]{6,12}:[A-Za-z0-9_-]{30,64})(?![\w-])")
"""A bot's token, whose first part is its number; it stands in paths: ``/bot123456:AA…/send``."""

_PLACES = (
    (("passw",), _IN_QUOTES),
    (("authorization", "api", "token", "secret", "passw"), _NAMED),
    (("=", "%3d"), _QUERY),
    (("bearer", "basic"), _SCHEME),
    (("cookie",), _COOKIE),
    (("://",), _LOGIN),
    (("eyj",), _SIGNED_TOKEN),
    ((":aa", "bot"), _BOT),
)
"""Where credentials stand, each with texts of which one must be there: these are quick to find."""

_ANY_CUE = re.compile("|".join(re.escape(cue) for cues, _ in _PLACES for cue in cues))
"""Most texts hold none of these, and one look tells."""

_CREDENTIAL_FIELD_SET = frozenset(_CREDENTIAL_FIELDS.split())
_MOST_ROUNDS = 8

_STAND_IN = re.compile(r"\[[\w-]+\]")
_CLOSING = ".)]}"
_SCOPE = re.compile(
    r"(?:Credential=)?(?P<key>[A-Z0-9]{12,40})(?:/|%2F)[0-9]{8}(?:/|%2F)", re.IGNORECASE
)
_LONGEST_MESSAGE = 200
_MESSAGE_WORDS = """
    a an and are as at be been can cannot contain empty expired field for has have in incorrect
    invalid is least may mismatch missing must no not of or please required reset should the this
    to too was were with wrong your
"""
_MESSAGE = frozenset(_MESSAGE_WORDS.split())
"""Words of what is said about a password, as in a list of invalid fields."""


def is_secret_field(name: str) -> bool:
    """Return whether a field of this name holds a credential wherever it stands."""
    return name.strip().lower() in _CREDENTIAL_FIELD_SET


def hide_credentials(text: str) -> str:
    """Return ``text`` with what stands where credentials do replaced by ``[redacted]``.

    What was replaced may have hidden a further place, so it looks again until nothing changes.
    """
    for _ in range(_MOST_ROUNDS):
        hidden = _hide_once(text)
        if hidden == text:
            break
        text = hidden
    return text


def _hide_once(text: str) -> str:
    lowered = text.lower()
    if not _ANY_CUE.search(lowered):
        return text
    for cues, pattern in _PLACES:
        if any(cue in lowered for cue in cues):
            text = pattern.sub(_hidden, text)
    return text


def hide_value(value: str) -> str:
    """Return what may be shown of the value of a secret field.

    A placeholder stays; so does what already stands in for a secret, without what is around it.
    """
    if is_placeholder(value):
        return value
    stand_in = _STAND_IN.search(value)
    return stand_in[0] if stand_in else REDACTED


def credential_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where :func:`hide_credentials` finds a credential at its first look, in no order.

    Where a stand-in stands already, nothing is found.
    """
    lowered = text.lower()
    for cues, pattern in _PLACES:
        if any(cue in lowered for cue in cues):
            for match in pattern.finditer(text):
                core = _core(match)
                if core is not None and not _STAND_IN.search(core):
                    start = match.start("value")
                    yield start, start + len(core)


def bot_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where ``text`` has the token of a bot, number and all."""
    return (match.span("value") for match in _BOT.finditer(text) if ":" in text)


def _hidden(match: re.Match[str]) -> str:
    core = _core(match)
    if core is None:
        return match[0]
    value: str = match["value"]
    return match["place"] + hide_value(core) + value[len(core) :]


def _core(match: re.Match[str]) -> str | None:
    """Return the credential that ``match`` is about, without what closes it; None if it is none."""
    value: str = match["value"]
    scheme = match.groupdict().get("scheme")
    if (
        is_message(_in_quotes(match))
        or is_placeholder(value)
        or _is_prose(value, scheme)
        or _COMMAND.fullmatch(value)
        or _CODE.fullmatch(value)
    ):
        return None
    stand_ins = [found.end() for found in _STAND_IN.finditer(value)]
    end = max([len(value.rstrip(_CLOSING)), *stand_ins[-1:]])  # a stand-in keeps its bracket
    return without_scope(value[:end])


def _in_quotes(match: re.Match[str]) -> str:
    """Return the value, up to the end of the quotes that it stands in."""
    quote = match["place"][-1:]
    if not quote or quote not in "\"'":
        return match["value"]
    start = match.start("value")
    line = match.string[start : start + _LONGEST_MESSAGE].partition("\n")[0]
    return line.partition(quote)[0]


def is_message(value: str) -> bool:
    """Return whether ``value`` is a sentence about a password instead of one."""
    words = value.split()
    return len(words) > 1 and not _MESSAGE.isdisjoint(map(str.lower, words))


def without_scope(value: str) -> str:
    """Return the ID of an access key of AWS without the date, region and service behind it."""
    found = _SCOPE.match(value)
    return value[: found.end("key")] if found else value


def _is_prose(value: str, scheme: str | None) -> bool:
    """Return whether ordinary words go on here, as in *basic checks* or *Bearer once*."""
    word = value.rstrip(".:)!?")
    if word.lower() in _PROSE_AFTER_BEARER.split():
        return True
    plain = word.isalpha() and word[1:].islower()
    return scheme is not None and plain and len(word) <= _LONGEST_WORD[scheme.lower()]
