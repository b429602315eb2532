"""Finds passwords: what a user has made up, so that only its place tells what it is.

A password may look like words with a number behind, or like nothing at all, and have blanks in it.
So the place has to be a sure one: a name that says *password* and one of the ways in which programs
write down pairs; or the second part of a login. In prose, and where nothing but a blank is between
the two, the value has to look made up, since *password expired* and *password: required* are no
passwords.
"""

import re
from collections.abc import Iterator

from pinned_tui.redaction.credentials import is_message
from pinned_tui.redaction.public_values import is_public
from pinned_tui.redaction.secret_strength import is_placeholder, weigh
from pinned_tui.redaction.settings import is_code
from pinned_tui.redaction.tokens import without_ids

__all__ = ["password_spans"]

_CUES = (
    "pass",
    "pwd",
    "pw",
    "kennwort",
    "contrase",
    "senha",
    "wachtwoord",
    "securestring",
    "auth",
    "cred",
    "login",
    "user",
    " -u",
    " -p",
    "@",
)
_LONGEST = 200
_SHORTEST = 4
_QUOTES = r"""(?:[\\"'`]{0,4}|&quot;)"""
_GAP = r"(?:[ \t]{0,40}(?:\r?\n[ \t]{1,40})?)"

_NAME = re.compile(
    r"""(?: passw(?:or)?[dt] | passwd | passphrase | pwd | kennwort | mot[ ]de[ ]passe
          | contrase(?:n|ñ)a | (?<![a-z])senha | wachtwoord | (?-i:(?<=[a-z])Pass)
          | (?<![A-Za-z])(?:pass|pw) | securestring )
        (?: [_-]?(?:[0-9]{1,2}|value|text|new|old|plain|plaintext|base64) )? (?![A-Za-z0-9_-])""",
    re.VERBOSE | re.IGNORECASE,
)
_SURE = re.compile(
    rf"""{_QUOTES} [\])]?
    (?: {_GAP} (?::=|=>|[:=]) {_GAP} (?:[\[{{(]{_GAP})?                  # password: …
      | [\s,]{{0,40}} {_QUOTES} (?:value|val) {_QUOTES} [ \t]* [:=] {_GAP}  # …, "value": …
      | [ \t]* , [ \t]* (?=["'`])                                         # ("password", "…")
      | [ \t]* \( [ \t]* (?=["'`\\])                                      # setPassword("…")
      | </\w{{1,20}}>\s{{0,40}}(?:<\w{{1,20}}>\s{{0,40}}){{1,2}}            # <name>…</name><value>
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_ELEMENT = re.compile(r"(?:[ \t\r\n][^<>]{0,300})?>")
_WEAK = re.compile(
    rf"(?:[ \t]+-(?:AsPlainText|Force|String))*{_QUOTES}"
    r"(?:[ \t]+(?:for|of|to|für|zum|du|de|del)[ \t]+(?:the|das|la|le|el)?[ \t]*[^\W\d_]{2,20})?"
    r"(?:[ \t]{1,40}(?:\|[ \t]+)?(?:(?:is|was|ist|lautet|est|es)[ \t]?:?[ \t]+)?)",
    re.IGNORECASE,
)
_OPENING = re.compile(r"""(?:[bfru]{1,2}(?=["']))?(?P<quote>\\{0,4}["'`]|&quot;|&\#39;|«|“)""")
_CLOSED_BY = {"«": "»", "“": "”"}
_BARE = re.compile(
    r"""[^\s"'`<>]{1,200}?(?=[;,&](?:[\w .%-]{1,40}=|\s|\Z)|["'`<>\s]|\\[nrt"']|\Z)"""
)
_VALUE_FIRST = re.compile(
    r"""(?<!\w)(?:value|val)["']?[ \t]*[:=][ \t]*(?P<quote>["'`]?)(?P<value>[^"'`\s]{4,200})
        (?P=quote)[\s,]{1,60}(?:-[ ])?["']?(?:name|key|id)["']?[ \t]*[:=][ \t]*["']?
        (?P<name>[\w.:-]{1,64})""",
    re.VERBOSE | re.IGNORECASE,
)
_LOGINS = tuple(
    re.compile(pattern, re.VERBOSE | re.IGNORECASE)
    for pattern in (
        r"""(?:auth|basic|credentials?|login|authenticate)["']?[ \t]*(?:[=:,][ \t]*)?[\[(][ \t]*
            (?P<q>["'`])[^"'`\s]{1,64}(?P=q)[ \t]*,[ \t]*(?P<r>["'`])(?P<value>[^"'`\r\n]{4,200})
            (?P=r)""",
        r"""(?:(?<=\s)-u|--user|--proxy-user|userpwd["']?[ \t]*(?:=>?|,))[ \t=]{0,4}["'`]?
            [^\s:"'`]{1,64}:(?P<value>[^\s"'`]{4,200})""",
        r"""(?:login|user(?:name)?|accounts?|cred(?:ential)?s?|access|pass(?:word)?)[ \t]?
            (?:data)?[ \t]?[:=][ \t]+[^\s/|]{2,64}[ \t]*[/|:][ \t]*(?P<value>[^\s/|]{6,64})""",
        r"""(?:mysql\w{0,8}|mariadb|sshpass|plink|7z)\b[^\n|;]{0,200}?\s-pw?[ \t]?["']?
            (?P<value>[^\s"'`]{6,64})""",
        r"""[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}[ \t]+[/|:][ \t]+(?P<value>[^\s/|]{6,64})""",
    )
)
_MADE_UP_SIGNS = frozenset("!@#$%^&*+?~§€£")


def password_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where ``text`` has a password, by its place."""
    lowered = text.lower()
    if not any(cue in lowered for cue in _CUES):
        return
    for name in _NAME.finditer(text):
        found = _after(text, name.start(), name.end())
        if found is not None:
            yield found
    if "val" in lowered:
        for pair in _VALUE_FIRST.finditer(text):
            named = _NAME.search(pair["name"])
            if named and named.end() == len(pair["name"]) and is_made_up(pair["value"]):
                yield pair.span("value")
    for pattern in _LOGINS:
        for login in pattern.finditer(text):
            value = login["value"].rstrip(".,;:)")
            if is_made_up(value):
                yield login.start("value"), login.start("value") + len(value)


def _after(text: str, begin: int, at: int) -> tuple[int, int] | None:
    """Return where the value of a password's name, which ends at ``at``, stands."""
    sure = _element(text, begin, at) or _SURE.match(text, at)
    between = sure or _WEAK.match(text, at)
    if between is None:
        return None
    start = between.end()
    opening = _OPENING.match(text, start)
    if opening is not None:
        quote = opening["quote"]
        start = opening.end()
        end = text.find(_CLOSED_BY.get(quote, quote), start, start + _LONGEST)
        value = text[start:end] if end >= 0 else ""
        if value and "\n" not in value and _may_be(value, quoted=sure is not None):
            return start, end
        return None
    bare = _BARE.match(text, start)
    if bare is None:
        return None
    value = bare[0].rstrip(".,;:)")
    return (start, start + len(value)) if _may_be(value, quoted=False) else None


def _element(text: str, begin: int, at: int) -> re.Match[str] | None:
    """Return the rest of the tag that is called so: ``<wsse:Password Type="…">``."""
    head = text[max(begin - 40, 0) : begin]
    opened = re.search(r"<[\w.:-]*\Z", head)
    return _ELEMENT.match(text, at) if opened else None


def _may_be(value: str, *, quoted: bool) -> bool:
    """Return whether ``value`` is a password, where its place says so.

    Args:
        value: The value.
        quoted: Whether it stands in quotes and a sure place, so that any word may be one.
    """
    if " " in value.strip():
        told = not (is_message(value) or is_placeholder(value) or is_code(value))
        return quoted and told
    if quoted and len(value) >= _SHORTEST and not is_code(value):
        return not (is_placeholder(value) or is_public(value))
    return is_made_up(value)


def is_made_up(value: str) -> bool:
    """Return whether ``value`` looks like what people take for passwords.

    That is letters, of which some are in no everyday word, with digits or signs among them.
    """
    if len(value) < _SHORTEST or is_code(value) or is_placeholder(value) or is_public(value):
        return False
    rest = without_ids(value)
    told = weigh(rest).told
    lettered = any(chr(octet).isalpha() for octet in told)
    signed = not _MADE_UP_SIGNS.isdisjoint(rest[:-1])
    return lettered and (signed or any(chr(octet).isdigit() for octet in told))
