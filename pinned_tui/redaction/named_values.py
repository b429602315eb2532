"""Finds secrets by the place that they stand in: a name that says so, and what it is the name of.

The name may be spelt in any way (``authToken``, ``X-Api_Key``, ``Authorisation``) and stand before
its value in any of the ways in which programs write down pairs: as a field, a pair of name and
value, a list, an object in an object, an option of a command, the argument of a call, in prose.
A name alone is not enough: ``token_type`` and *the key is missing* have one too. So the value has
to look as if it was made by chance; long ones are found without any name (see
:mod:`pinned_tui.redaction.tokens`), so this is for short ones, and for IDs that serve as keys.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from pinned_tui.redaction.credentials import without_scope
from pinned_tui.redaction.secret_strength import (
    chance,
    has_key_prefix,
    is_like_key,
    is_placeholder,
    is_wordy,
)
from pinned_tui.redaction.tokens import without_ids

_CUES = ("auth", "key", "token", "secret", "passw", "passphrase", "pwd", "credential", "bearer",
         "jwt", "autor", "salt", "cookie")  # fmt: skip
_NAME_SIGN = re.compile(r"[\w.-]")
_LONGEST_NAME = 60
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SECRETS = """
    apikey apitoken auth authkey authorisation authorization authtoken bearer cookie credential
    credentials jwt passphrase passwd password pwd secret token
"""
_OWNERS = """
    access account api app application auth authorization client consumer events live master pe
    pinned private secret service signing subscription x
"""
_OTHERS = """
    arn cache count endpoint
    expires expiry file foreign header idempotency idempotent id index length
    missing name object partition path primary public ref required scheme sort status ttl type uri
    url version
"""
_SECRET_WORDS, _KEY_OWNERS, _OTHERWISE = (
    frozenset(words.split()) for words in (_SECRETS, _OWNERS, _OTHERS)
)
"""Words of a credential's name; those before *key* in one; and those that make a name one of
something else: the file, the type, the expiry of a key."""

_LIKE = ("authorization", "apikey", "xapikey")
_LIKENESS = 0.86

_QUOTES = r"""[\\"'`]{0,6}"""
_VALUE_NAMES = "value|val|content|contents|data|text|plaintext|raw|token|key|secret|current"
_SCHEME = r"(?:(?:bearer|basic|token|api-?key|key)[ \t:]{1,4})?"
_VALUE = r"""(?P<value>[^\s\x00-\x1f"'`,;<>\\&#(){}\[\]|]{6,4096})"""
_GAP = r"""(?:[ \t]{0,80}(?:\r?\n(?:[ \t]{1,80}|(?=["'\\])))?)"""
"""Blanks; the end of a line too, where the next one is indented or begins with a quote."""

_AFTER_NAME = re.compile(
    rf"""{_QUOTES} [\])]? {_GAP}
    (?: [:=]>? | := | > | \( | , {_GAP} {_QUOTES} (?:{_VALUE_NAMES}) {_QUOTES} {_GAP} [:=]
      | {_QUOTES} (?:{_VALUE_NAMES}) {_QUOTES} {_GAP} [:=] | ,(?=[ \t]{{0,40}}["'\\]) | (?=\S) )
    {_GAP}
    (?: (?:[\[{{(] {_GAP})+
      (?: {_QUOTES} (?:{_VALUE_NAMES}) {_QUOTES} {_GAP} [:=] {_GAP} )? )?
    (?:is[ \t]|was[ \t])? (?:[bfru]{{1,2}}(?=["']))? [\\"'`«<$%]{{0,8}} [{{\[(<]{{0,2}}
    {_SCHEME} {_VALUE}""",
    re.VERBOSE | re.IGNORECASE,
)
_IN_QUOTES = re.compile(
    r"""["'`]?\]?[ \t]{0,40}(?::=|=>|[:=,])[ \t]{0,40}(?P<quote>["'`])"""
    r"""(?P<value>(?:(?!(?P=quote))[^\r\n\\]|\\.){12,200})(?P=quote)"""
)
_SALTED = re.compile(r"(?:key|salt)\Z", re.IGNORECASE)
_SIGNS = frozenset("!#$%&()*+,.;<=>?@[]^_`{|}~")
_MANY_SIGNS = 4
_SHORT_OPTION = re.compile(
    r"""(?<![\w-])-[aAkKpPsStTu][ \t=]{1,4}["'`]?(?:[^\s:"'`]{1,64}:)?"""
    r"""(?P<value>[^\s"'`,;:]{8,300})"""
)
_CALL = re.compile(
    r"""(?:client|api|pinned\w{0,20}|login|connect|configure|init)\("""
    r"""[ \t]*(?:[^()\n]{0,120}?,[ \t]*)?["'`](?P<value>[^\s"'`]{8,300})["'`]""",
    re.IGNORECASE,
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ARN = re.compile(r"arn:[\w:/-]*\Z")
"""A resource of a cloud's, whose name is no secret: ``arn:aws:secretsmanager:…:secret:…``."""

_SOME_CHANCE = 6
_CLOSING = ".:!?"


def place_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where ``text`` has a value that its place says to be a secret."""
    lowered = text.lower()
    cues = tuple(cue for cue in _CUES if cue in lowered)
    done = 0
    for cue in _cue_pattern(cues).finditer(text) if cues else ():
        if cue.start() < done:
            continue
        start, done = _name_around(text, cue.start(), cue.end())
        found = _value_after(text, text[start:done], done)
        if found is not None:
            yield found
    for pattern, sign in ((_SHORT_OPTION, "-"), (_CALL, "(")):
        for match in pattern.finditer(text) if sign in text else ():
            if is_like_key(match["value"]) and "://" not in match["value"]:
                yield match.span("value")


@lru_cache(maxsize=256)
def _cue_pattern(cues: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds those of the cues that are there: one word is quicker than ten."""
    return re.compile("|".join(cues), re.IGNORECASE)


@lru_cache(maxsize=4096)
def says_secret(name: str) -> bool:
    """Return whether ``name`` is that of a credential, near misses included."""
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or not _OTHERWISE.isdisjoint(words):
        return False
    if not _SECRET_WORDS.isdisjoint(words):
        return True
    joined = "".join(words)
    if words[-1] == "key" and not _KEY_OWNERS.isdisjoint(words[:-1]):
        return True
    return any(SequenceMatcher(None, joined, one).ratio() >= _LIKENESS for one in _LIKE)


def may_be_value(value: str) -> bool:
    """Return whether ``value`` may be the credential that its name promises."""
    if is_placeholder(value) or is_wordy(value):
        return False
    return (
        chance(without_ids(value)) >= _SOME_CHANCE
        or has_key_prefix(value)
        or _UUID.fullmatch(value) is not None
    )


def _name_around(text: str, start: int, end: int) -> tuple[int, int]:
    first = max(start - _LONGEST_NAME, 0)
    while start > first and _NAME_SIGN.match(text, start - 1):
        start -= 1
    last = min(end + _LONGEST_NAME, len(text))
    while end < last and _NAME_SIGN.match(text, end):
        end += 1
    return start, end


def _value_after(text: str, name: str, at: int) -> tuple[int, int] | None:
    """Return where the value of ``name``, which ends at ``at``, stands, if it is a secret."""
    alone = name.strip(".-_").lower() in {"key", "keys"}
    signed = _IN_QUOTES.match(text, at) if _SALTED.search(name) or says_secret(name) else None
    if signed is not None and _is_signed(signed["value"]):
        return signed.span("value")
    if not (alone or says_secret(name)):
        return None
    match = _AFTER_NAME.match(text, at)
    if match is None or _ARN.search(text, max(at - _LONGEST_NAME * 2, 0), at):
        return None
    value = without_scope(match["value"].rstrip(_CLOSING))
    if not (is_like_key(value) if alone else may_be_value(value)):
        return None
    return match.start("value"), match.start("value") + len(value)


def _is_signed(value: str) -> bool:
    """Return whether ``value``, in quotes, is a salt or a generated password full of signs."""
    if "://" in value or is_placeholder(value) or len(_SIGNS.intersection(value)) < _MANY_SIGNS:
        return False
    return chance(without_ids(value)) >= _SOME_CHANCE
