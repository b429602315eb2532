"""Tells values that are worth guarding from placeholders and everyday words.

A key is looked for in many forms and in parts. A value such as ``YOUR_API_KEY`` or ``test`` looked
for in that way would be found in every report, and a key's readable prefix in every sentence about
Pinned Events. So each character of a value has a weight: those of everyday words weigh nothing.

What looks like a key is told by chance: letters and digits in no order of words. A template of the
documentation with such a text inside it (``<pe_live_…>``) is no placeholder: someone put the key
in and left the brackets.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import compress, pairwise

from pinned_tui.redaction.public_values import is_public

FRAGMENT = 12
"""From this many characters on a part of a key is taken for a leak of it."""

_PLAIN_FRAGMENT = 20
"""The same for a part that is all digits or all letters of one case, as words are."""

_WORTHY = 8
_WORTHY_DIGITS = 16
_LITERAL = 6
_DISTINCT = 5

_WORDS = """
    absent access account actual add admin and api apikey apis app application auth
    authorization bar basic baz bearer change changeme channel channels check classification
    classifications client com create credential credentials default demo dev developer
    development dummy empty enter env environment event events example fake false foo for from
    goes header here hidden http https id insert integration integrations internal invalid is
    key keys known live local localhost masked me media missing my name new nil none null object of
    old or org our pass password paste pe pinned pk placeholder portal private prod production
    public put read real redacted removed replace rk sample sandbox scope scopes secret
    secrets server service set sk some stage staging test testing tests that the this to todo
    token tokens true tui undefined unset update user username value web webhook with write
    wrong www you your
"""
_WORD_RUN = re.compile(
    f"(?>{'|'.join(sorted(_WORDS.split(), key=len, reverse=True))}|x{{3,}}|[avx](?![a-z]))++",
    re.IGNORECASE,
)
_DIGIT = re.compile("[0-9]")
_LETTER = re.compile("[A-Za-z]")
_LETTERS = re.compile("[A-Za-z]+")
_FREE_STANDING = 4
"""Letters from which on a word counts even where it runs into digits."""

_TEMPLATE = re.compile(
    r"""\$\{[^{}]*\} | \{\{[^{}]*\}\} | \#\{[^{}]*\}       # ${…}, {{…}} and #{…}, anywhere
      | \A(?: <[^<>]*> | \[[^\[\]]*\] | \{\w+\} | __\w+__  # <…>, […], {…} and __…__, as a whole
      | \$[A-Za-z_]\w* | \$env:\w+ | \$\([^()]*\) | %\w+% | %env\(\w+\)%
      | (?:process|import\.meta)\.env\b\S* | os\.(?:environ|getenv)\b\S* | ENV\[\S* | op://\S*
        )\Z""",
    re.VERBOSE | re.IGNORECASE,
)


_ENOUGH = 8
"""Letters and digits in no order from which on a piece of text may be a key."""

_LONGEST_WORD = 19
"""Letters; longer runs of them in one case are taken for no word."""

_LONGEST_NUMBER = 15
"""Digits; dates, times and IDs have up to 14."""

_SHORTEST_KEY = 12
_TOGETHER = re.compile(r"[A-Za-z0-9]+")
_RUN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_NO_VOWELS = re.compile(r"[^aeiouy]{6}", re.IGNORECASE)
_VOWEL = re.compile("[aeiouy]", re.IGNORECASE)
_PAIRS = """
    abcdefgiklmnprstuvwxy baeilorsuy cacehiklmorstu dacdefilorstu eabcdefghiklmnopqrstuvwxy
    faefilorstu gaeghilnorsu haeiortu iabcdefgklmnoprstvxz jae kaeios lacdeilopstuy mabeilmopsu
    nacdefgiklnoprstuv oabcdefgiklmnoprstuvw pacdehiloprstuy qu rabcdefgiklmnoprstuvy
    sacdefhiklmnopstuwy tabcdefhilmnoprstuwy uabcdefgilmnprst vaeio waeior xept yaelnpst zaei
"""
"""For each letter those that often follow it in words of European languages."""

_COMMON = frozenset(row[0] + letter for row in _PAIRS.split() for letter in row[1:])
_ODD_PAIRS_EACH = 6
"""Letters of a word that may have one odd pair among them, as names of places do."""

_KEY_PREFIX = re.compile(
    r"(?:pe|pk|rk|sk|gh[oprsu]|glpat|xox[abeprs]|npm|whsec)[_-]"
    r"|[A-Za-z]{1,16}(?:[_-][A-Za-z]{1,16})?[_-](?:live|test|prod|sandbox)[_-]",
    re.IGNORECASE,
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_OPENED_CALL = re.compile(r"(?:[$#]?\{{1,2}|<%=|\$\()\s*(?P<path>[A-Za-z_][\w.:]{0,80})[(\[]")
_BRACKETED = re.compile(r"[A-Za-z0-9_.~+/=-]{12,}")


class Grade(StrEnum):
    """How a value is looked for."""

    FULL = "full"
    """In every form, and in parts."""
    LITERAL = "literal"
    """Only as a whole word, as it is written."""
    NONE = "none"
    """Not at all."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each octet of a value tells; see :func:`weigh`.

    Attributes:
        octets: The value in UTF-8.
        telling: Which octets are letters or digits outside everyday words.
        weighing: The same with the signs beside them.
    """

    octets: bytes
    telling: tuple[bool, ...]
    weighing: tuple[bool, ...]

    @property
    def told(self) -> bytes:
        """The letters and digits that tell something."""
        return self.told_within(0, len(self.octets) - 1)

    def told_within(self, first: int, last: int) -> bytes:
        """Return those of :attr:`told` that lie from ``first`` to ``last``."""
        span = slice(first, last + 1)
        return bytes(compress(self.octets[span], self.telling[span]))

    def gives_away(self, first: int, last: int) -> bool:
        """Return whether the octets from ``first`` to ``last`` give the value away.

        That is so when nothing that tells is missing, or for a part of at least
        :data:`FRAGMENT` characters of which not all are digits or letters of one case. Signs
        beside the part count with it. A part of one kind must be longer, and most of the value.
        """
        told = self.told_within(first, last)
        if len(told) == len(self.told):
            return True
        first, last = self._with_signs(first, last)
        weight = sum(self.weighing[first : last + 1])
        if weight < FRAGMENT or len(set(told.lower())) < _DISTINCT:
            return False
        if len(set(map(_kind, told))) > 1:
            return True
        return weight >= _PLAIN_FRAGMENT and 3 * len(told) >= 2 * len(self.told)

    def _with_signs(self, first: int, last: int) -> tuple[int, int]:
        while first > 0 and _kind(self.octets[first - 1]) is None:
            first -= 1
        while last + 1 < len(self.octets) and _kind(self.octets[last + 1]) is None:
            last += 1
        return first, last


@lru_cache(maxsize=64)
def weigh(value: str) -> Weights:
    """Return the weights of ``value``: its letters and digits tell, but those of everyday words.

    A sign weighs when it is beside a letter or digit that tells.
    """
    octets = value.encode("utf-8", "surrogatepass")
    text = octets.decode("latin-1")
    telling = [_kind(octet) is not None for octet in octets]
    for run in _LETTERS.finditer(text):
        if _is_words(run, text):
            telling[run.start() : run.end()] = [False] * len(run[0])
    padded = (False, *telling, False)
    weighing = (
        told or (_kind(octet) is None and (padded[index] or padded[index + 2]))
        for index, (octet, told) in enumerate(zip(octets, telling, strict=True))
    )
    return Weights(octets, tuple(telling), tuple(weighing))


def grade(value: str) -> Grade:
    """Decide how ``value`` is looked for.

    - ``full``: at least 8 letters and digits that belong to no everyday word, at least 5 of them
      different; 16 where all are digits, since dates and IDs have up to 14.
    - ``literal``: what is shorter or all digits, 5 of them different; from 6 characters on if
      they are of two kinds (small letters, capitals, digits, signs), else from 8.
    - ``none``: everyday words, masks, what is shorter still, and what is public (see
      :func:`pinned_tui.redaction.public_values.is_public`). Whoever uses such a value as a key
      has no secret in it, and looking for it would find it in our own sentences.
    """
    value = value.strip()
    if is_wordy(value) or is_public(value):
        return Grade.NONE
    weights = weigh(value)
    told = weights.told
    enough = _WORTHY_DIGITS if told.isdigit() else _WORTHY
    if len(told) >= enough and len(set(told.lower())) >= _DISTINCT:
        return Grade.FULL
    mixed = len(set(map(_kind, weights.octets))) > 1
    if len(value) >= (_LITERAL if mixed else _WORTHY) and len(set(value)) >= _DISTINCT:
        return Grade.LITERAL
    return Grade.NONE


def is_secret_worthy(value: str) -> bool:
    """Return whether ``value`` is looked for in every form and in parts; see :func:`grade`."""
    return grade(value) is Grade.FULL


def is_placeholder(value: str) -> bool:
    """Return whether ``value`` looks as if it stood for a secret instead of being one.

    So do templates that nothing was put into (``${KEY}``, ``{{key}}``, ``<key>``, ``$KEY``,
    ``[key-1]``), the beginning of one whose quotes end the value (``${getenv(``), and what
    :func:`is_wordy`. Where a real key was put between the brackets, it is no placeholder.
    """
    value = value.strip()
    if is_wordy(value):
        return True
    call = _OPENED_CALL.fullmatch(value)
    if call is not None:
        return not any(map(is_like_key, re.split(r"[.:]+", call["path"])))
    template = _TEMPLATE.search(value)
    return template is not None and not any(map(is_like_key, _BRACKETED.findall(template[0])))


def is_like_key(text: str) -> bool:
    """Return whether ``text``, one word, looks like a real key: long, mixed, of pure chance.

    UUIDs don't: records have them as IDs. Names and phrases don't, whatever their length.
    """
    if len(text) < _SHORTEST_KEY or not _is_mixed(text):
        return False
    return has_key_prefix(text) or (chance(text) >= _ENOUGH and not _UUID.fullmatch(text))


def has_key_prefix(text: str) -> bool:
    """Return whether ``text`` begins as keys do (``sk_``, ``pe_live_``) and goes on by chance."""
    match = _KEY_PREFIX.match(text)
    return match is not None and chance(text[match.end() :]) >= _ENOUGH


def is_random(text: str) -> bool:
    """Return whether ``text`` has enough letters and digits in no order to be a key."""
    return chance(text) >= _ENOUGH


@lru_cache(maxsize=4096)
def chance(text: str) -> int:
    """Count the letters and digits of ``text`` that belong to no word and no number."""
    text = text.encode("ascii", "replace").decode()  # a character an octet, as weights have them
    telling = weigh(text).telling
    return sum(
        _chance_together(together[0], telling[together.start() : together.end()])
        for together in _TOGETHER.finditer(text)
    )


def _chance_together(text: str, telling: tuple[bool, ...]) -> int:
    """Count in ``text``, letters and digits without a sign between them."""
    runs = list(_RUN.finditer(text))
    if len(runs) == 1 and text.isdigit():
        return len(text) if len(text) > _LONGEST_NUMBER else 0
    odd = [
        run[0].isalpha() and any(telling[run.start() : run.end()]) and not _is_word(run, text)
        for run in runs
    ]
    padded = [False, *odd, False]
    return sum(
        len(run[0])
        for place, run in enumerate(runs)
        if odd[place] or (run[0].isdigit() and (padded[place] or padded[place + 2]))
    )


def _is_word(run: re.Match[str], text: str) -> bool:
    """Return whether letters could be a word, or the part of a name such as ``startAt``."""
    word = run[0]
    if len(word) > _LONGEST_WORD or _NO_VOWELS.search(word):
        return False
    if word == text:
        return True
    beside = text[max(run.start() - 1, 0) : run.start()] + text[run.end() : run.end() + 1]
    least = 4 if any(sign.isdigit() for sign in beside) else 3
    return len(word) >= least and (text.isalpha() or is_spoken(word))


def is_spoken(word: str) -> bool:
    """Return whether letters can be spoken, as those of words can."""
    pairs = map("".join, pairwise(word.lower()))
    odd = sum(pair not in _COMMON for pair in pairs)
    return odd <= len(word) // _ODD_PAIRS_EACH and _VOWEL.search(word) is not None


def _is_mixed(text: str) -> bool:
    if text.isascii():  # a value may be as long as the text, and a pattern is quick
        return _DIGIT.search(text) is not None and _LETTER.search(text) is not None
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text))


def is_wordy(value: str) -> bool:
    """Return whether ``value`` is all everyday words (``YOUR_API_KEY``) or a mask (``***``)."""
    signs = {character for character in value if not character.isalnum()}
    foreign = any(character.isalnum() and not character.isascii() for character in value)
    return not (weigh(value).told or foreign or len(signs) >= _DISTINCT)


def _is_words(run: re.Match[str], text: str) -> bool:
    if not _WORD_RUN.fullmatch(run[0]):
        return False
    around = text[max(run.start() - 1, 0) : run.start()] + text[run.end() : run.end() + 1]
    return len(run[0]) >= _FREE_STANDING or not any(character.isdigit() for character in around)


@cache
def _kind(octet: int) -> str | None:
    """Name the kind of an ASCII letter or digit; None for every other octet."""
    character = chr(octet)
    if octet >= 0x80 or not character.isalnum():
        return None
    if character.isdigit():
        return "digit"
    return "capital" if character.isupper() else "small letter"
