"""Finds what looks like a key by itself, wherever it stands: long, mixed, of pure chance.

A text of twenty signs or more with letters and digits in no order of words may be a key, whatever
is around it. What people need to read is made of chance too, so these stay: UUIDs and other IDs of
a known shape, dates, versions, names and slugs with numbers, and hashes and IDs of requests where
a name before them says that they are that. What begins as keys do (``sk_``, ``pe_live_``) is one,
whatever the name before it says.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from pinned_tui.redaction.secret_strength import chance, has_key_prefix, is_random, is_spoken

LONGEST_NAME = 96
"""How far before a token its name is looked for."""

_SHORTEST = 20
_SHORTEST_PREFIXED = 14
_LONGEST = 8192
_RUN = re.compile(r"[A-Za-z0-9_~+=./-]{14,}")
_PIECE = re.compile(r"[A-Za-z0-9_~+-]+(?:={1,2}(?![A-Za-z0-9]))?")
_LETTER, _DIGIT = re.compile("[A-Za-z]"), re.compile("[0-9]")
_MIXED = re.compile("[A-Za-z][0-9]|[0-9][A-Za-z]")
"""A letter beside a digit: quick to look for, and missing in most of what a log holds."""

_CASED = re.compile("[a-z]+|[A-Z]+|[A-Z]?[a-z]{2,}(?:[A-Z][a-z]+)*")
_SCATTERED = re.compile(r"(?=[A-Za-z0-9]{20})[A-Za-z]*(?:[0-9]+[A-Za-z]+){3}[A-Za-z0-9]*")
"""Digits in three places of one long word: no name is written like that."""

_HEX = re.compile("(?i:[0-9a-f]{20,})")
_SHORTEST_ODD = 6
_SLUG_PART = r"(?:[a-z]{1,20}|[0-9]{1,8}|[0-9]{1,4}[a-z]{1,2}|[a-z]{1,2}[0-9]{1,4})"
_SLUG = re.compile(rf"{_SLUG_PART}(?:-{_SLUG_PART})+")
_KNOWN = re.compile(
    r"""(?<![A-Za-z0-9])(?:
      (?i:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})            # UUID
    | (?i:00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})                 # W3C Trace Context
    | 1-[0-9a-f]{8}-[0-9a-f]{24}                                      # AWS X-Ray
    | (?:[a-z]{2,12}_)?(?:0[0-9][0-9A-HJKMNP-TV-Z]{24}|0[0-9][0-9a-hjkmnp-tv-z]{24}) # ULID
    | (?:req|request|evt|event|chan|chn|channel|job|run|msg|trace|span|corr|import|batch|order|doc
        |rec|org|usr|user|acct|cus|client_req)_[A-Za-z0-9]{4,40}        # IDs with a prefix
    | ChIJ[\w-]{23}                                                     # a place of Google Maps
    | \d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?
    | \d{8}T\d{4,15}Z?
    | \d{4}-\d\d-\d\dT\d\d(?:-?\d\d){0,2}Z?
    | 20\d{6}-[0-9a-z]{4,10}                                          # sessions of our own
    | (?:[a-z]{2,20}-){1,5}[a-z0-9]{4,10}-[a-z0-9]{3,5}(?!-)      # pods of Kubernetes
    | (?i:[a-z]{2,20}-[0-9a-f]{8}(?!-))                               # files with a short hash
    | (?i:sha-?\d{1,3}|aes-?\d{3}|[rhep]s\d{3}|x\d{2,3}|md5|base\d\d|utf-?\d{1,2}|http\d
        |oauth\d|(?:arm|amd|win|x86_)\d\d|ip?v\d{1,3}|ec2|rfc\d+|iso\d+|cp\d+|ed25519)
    )(?![A-Za-z0-9])""",
    re.VERBOSE,
)
_UUID = re.compile(r"(?i:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_HASH_NAMES = re.compile(
    r"(?:sha-?\d{0,3}|md5|hash|digest|etag|checksum|fingerprint|thumbprint|integrity|commit"
    r"|revision|tree|blob|idempotency-?key|(?:if-)?none-match|if-match|\bh1\b)",
    re.IGNORECASE,
)
_HASH_OF_SECRET = re.compile(
    r"(?<!idempotency)(?<!idempotency[-_])(?<!cache)(?<!cache[-_])(?:key|secret|token|passw|pwd)"
    r"\w{0,8}[-_.]?(?:hash|digest|sha|md5)|(?:hash|digest|sha-?\d*|md5)(?:ed)?[-_.]?(?:of[-_.]?)?"
    r"(?:api[-_]?)?(?:key|secret|token|passw|pwd)",
    re.IGNORECASE,
)
"""The hash of a key can be tried against a list of keys, and some services take it for the key."""
_HASH = re.compile(
    r"(?i:(?:W/)?[0-9a-f]{7,32}(?:[-:]?[0-9a-f]{1,32}){0,7}(?:-gzip)?)"
    r"|(?:sha\d{3}-)?(?:[A-Za-z0-9+/_-]{22}==|[A-Za-z0-9+/_-]{27}=|[A-Za-z0-9+/_-]{43}=?"
    r"|[A-Za-z0-9+/_-]{64}|[A-Za-z0-9+/_-]{86}==)"
)
_WHOLE_HASH = re.compile("(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})")
_LONG_HASH = re.compile("[0-9a-fA-F]{32,128}")
_SUM_BEFORE = re.compile(
    r"(?:SHA-?\d{1,3}|MD5|BLAKE2\w{0,4}) ?\([^()\n]{1,200}\) ?= ?\Z", re.IGNORECASE
)
_SUM_AFTER = re.compile(
    r"[ \t][ \t*](?:\.{0,2}/)?[\w./+@-]{0,200}\.[A-Za-z]\w{0,7}[ \t\r]*$", re.MULTILINE
)
"""A line that ``sha256sum`` writes, and one of BSD's, before and after the hash."""

_BUNDLE = re.compile(
    r"(?:[A-Za-z]\w{0,30}[.~-]){0,5}[0-9a-f]{8,64}|(?:[a-z]{2,30}[.~-]){1,5}[A-Za-z0-9_-]{8}"
)
_BUNDLE_AFTER = re.compile(r"(?:\.(?:chunk|min|bundle))*\.(?:m?js|css|map|woff2?|wasm|svg|png)\b")
_STORE_PATH = re.compile(r"[0-9a-z]{32}-[\w.+-]+")
_STORE = "/nix/store/"
_GIT_BEFORE = re.compile(
    r"(?:^From |^index |HEAD(?: is now at |[=:] ?| )|[Cc]hecking out |^Updating |^Merge: ?(?:\w+ )?"
    r"|\[new \w+\] |\bgit [a-z-]+ (?:[a-z-]+ )*|refs/[\w./-]+[ \t=:]+|^parents? (?:\w+ )?"
    r"|\.(?:tgz|git)#|[0-9a-f]{7,40}\.{2,3}|[Cc]ontainer(?: ?ID)?[ :=]+|/blob/)\Z"
)
_TOLD_AFTER = re.compile(
    r"[ \t]+refs/|[ \t]Mon Sep 17 |\.{2,3}[0-9a-f]{7,40}\b"
    r"|(?:[._-]\w{1,20})?\.(?:jpe?g|png|webp|gif|svg|avif|mp4|pdf|js|css|map|woff2?|tgz|tar)\b"
)
_ID_NAMES = re.compile(
    r"(?:(?:x-)?(?:amzn?-)?(?:request|req|trace|tracking|span|parent|correlation|transaction"
    r"|operation|invocation|message|delivery|cf|apigw|vercel|azure|fastly|place"
    r"|job|run)[ _-]?(?:id|ref|i ?d)|(?:cf-)?ray(?:[ _-]?id)?|traceparent|tracestate"
    r"|x-b3-\w+|x-amzn?-trace-id|(?<![a-z])root|served-by|x-cloud-trace-context|request|trace"
    r"|operation)",
    re.IGNORECASE,
)
_RECORD_NAMES = re.compile(r"(?:_?id|oid|uid|uuid|guid|events|channels|media)", re.IGNORECASE)
_OBJECT_ID = re.compile("(?i:[0-9a-f]{24})")
_EVENT_ID = re.compile("(?i:[0-9a-f]{32})")
_LOGS_IN = re.compile("session|client|access|key|secret|token|auth|login|api", re.IGNORECASE)
"""With an ID that is called so, someone may log in."""
_NAME_BACKWARDS = re.compile(
    r"""(?:[-:]\d{3}ahs)? [\\"'`(\[<*]{0,6} (?:/W|=tooR|>[a-z]{1,8}<)? [ \t]*
    (?:>=|=:|[:=/]|si\b|[ \t]) [ \t]* [\\"'`\])*]{0,6}
    (?P<name>(?:[Dd][Ii][ ])?[\w-]{1,64})""",
    re.VERBOSE,
)
"""A name and what stands between it and its value, read from the value on: that is quick."""

_PAIR_VALUES = frozenset({"value", "val", "content"})
_PAIR_BACKWARDS = re.compile(r"[\s\"'\\,{]{1,60}(?P<name>[\w-]{1,64})")
"""In a pair of name and value the name that counts is the value of the first."""

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def token_spans(text: str, name: str = "") -> Iterator[tuple[int, int]]:
    """Yield where ``text`` holds what looks like a key.

    Args:
        text: Any text.
        name: The name of the field whose value the text is, where it is the value of one.
    """
    for run in _RUN.finditer(text):
        if not _MIXED.search(run[0]):
            continue
        for start, end in _random_parts(run[0][:_LONGEST]):
            start, end = start + run.start(), end + run.start()
            if not is_named_id(text, start, end, name):
                yield start, end


def without_ids(text: str) -> str:
    """Return ``text`` with dates and IDs of a known shape taken out."""
    return _KNOWN.sub("-", text)


def _is_told_hash(text: str, start: int, end: int) -> bool:
    """Return whether what is around a hash says that it is Git's or a file's."""
    if _is_file_hash(text, start, end):
        return True
    if not _WHOLE_HASH.fullmatch(text, start, end):
        return False
    line = text[max(text.rfind("\n", 0, start) + 1, start - LONGEST_NAME) : start]
    return bool(_GIT_BEFORE.search(line) or _TOLD_AFTER.match(text, end))


def _is_file_hash(text: str, start: int, end: int) -> bool:
    """Return whether it stands in a list of checksums, or is part of the name of a file."""
    line = text.rfind("\n", 0, start) + 1
    if _LONG_HASH.fullmatch(text, start, end):
        listed = not text[line:start].strip() and _SUM_AFTER.match(text, end)
        if listed or _SUM_BEFORE.search(text[max(line, start - 2 * LONGEST_NAME) : start]):
            return True
    if _STORE_PATH.fullmatch(text, start, end) and text.endswith(_STORE, 0, start):
        return True
    return bool(_BUNDLE.fullmatch(text, start, end) and _BUNDLE_AFTER.match(text, end))


def is_hash_name(text: str) -> bool:
    """Return whether ``text`` says that what follows is a hash."""
    return _HASH_NAMES.search(text) is not None


def says_id(name: str) -> bool:
    """Return whether ``name`` is that of an ID that people need to read to each other."""
    return _ID_NAMES.search(_WORDS.sub("-", name)) is not None


def is_known_id(value: str) -> bool:
    """Return whether ``value`` is a date, or an ID of a known shape that is not a UUID."""
    return not (without_ids(value).strip("- ") or _UUID.fullmatch(value.strip()))


def is_key_token(token: str) -> bool:
    """Return whether ``token``, taken as a whole and without a name, looks like a key."""
    return (0, len(token)) in _random_parts(token[:_LONGEST])


@lru_cache(maxsize=16384)
def _random_parts(run: str) -> tuple[tuple[int, int], ...]:
    """Return the parts of ``run`` that look like keys; the same runs come again and again."""
    found: list[tuple[int, int]] = []
    odd: list[tuple[int, int]] = []
    for piece in _PIECE.finditer(run):
        if odd and not _goes_on(run[odd[-1][1] : piece.start()], piece[0]):
            found += _joined(run, odd)
            odd = []
        if is_odd(piece[0]):
            odd.append(piece.span())
    return (*found, *_joined(run, odd))


def _goes_on(sign: str, piece: str) -> bool:
    """Return whether ``piece`` belongs to the key before it, with ``sign`` in between."""
    return sign in {"/", "."} and (sign == "/" or not piece.isalpha()) and is_odd(piece)


def _joined(run: str, odd: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pieces as one key, as base64 and signed tokens have ``/`` and ``.`` in them."""
    if not odd:
        return []
    start, end = odd[0][0], odd[-1][1]
    whole = run[start:end]
    if any(_is_key(run[first:last]) for first, last in odd) or (len(odd) > 1 and _is_key(whole)):
        return [(start, end)]
    return []


def _is_key(piece: str) -> bool:
    if len(piece) >= _SHORTEST_PREFIXED and has_key_prefix(piece):
        return True
    if len(piece) < _SHORTEST or not (_DIGIT.search(piece) and _LETTER.search(piece)):
        return False
    joined = without_ids(piece.replace("/", ""))
    return is_random(joined) or bool(_HEX.fullmatch(joined) or _SCATTERED.search(joined))


def is_readable(text: str) -> bool:
    """Return whether every word of ``text`` is words and numbers, or named as an ID or a hash."""
    return all(
        not is_odd(piece[0]) or is_named_id(text, *piece.span())
        for piece in _PIECE.finditer(text)
        if len(piece[0]) >= _SHORTEST_ODD
    )


def is_slug(piece: str) -> bool:
    """Return whether ``piece`` is words and short numbers between dashes, most of it words."""
    if not _SLUG.fullmatch(piece) or has_key_prefix(piece):
        return False
    words = [word for word in piece.split("-") if word.isalpha()]
    spoken = sum(len(word) for word in words if len(word) > 2 and is_spoken(word))
    return 2 * spoken >= sum(map(str.isalnum, piece))


def is_odd(piece: str) -> bool:
    """Return whether more of ``piece`` is chance than words and numbers."""
    if is_slug(piece):
        return False
    if piece.isalpha():
        return not (_CASED.fullmatch(piece) and is_spoken(piece))
    unknown = without_ids(piece)
    if _HEX.fullmatch(unknown) or _SCATTERED.search(unknown):
        return True
    told = chance(unknown)
    return told >= 8 or (told > 1 and 2 * told >= sum(map(str.isalnum, piece)))


def is_named_id(text: str, start: int, end: int, name: str = "") -> bool:
    """Return whether a name before the token says that it is an ID or a hash, and it can be one."""
    token = text[start:end]
    if has_key_prefix(token):
        return False
    if _is_told_hash(text, start, end):
        return True
    before = text[max(start - LONGEST_NAME, 0) : start]
    if name and start <= LONGEST_NAME // 2:
        before = f"{name}: {before}"
    found = _NAME_BACKWARDS.match(before[::-1])
    if found is None:
        return False
    if found["name"][::-1].lower() in _PAIR_VALUES:
        found = _PAIR_BACKWARDS.match(before[::-1], found.end()) or found
    said = _WORDS.sub("-", found["name"][::-1])
    if _HASH_NAMES.search(said):
        return _HASH.fullmatch(token) is not None and not _HASH_OF_SECRET.search(said)
    if _ID_NAMES.search(said):
        return True
    qualified = said
    said = said.rpartition("-")[2].rpartition("_")[2] if not _RECORD_NAMES.fullmatch(said) else said
    if not _RECORD_NAMES.fullmatch(said):
        return False
    if _OBJECT_ID.fullmatch(token):
        return True
    told = qualified != said and not _LOGS_IN.search(qualified)
    return told and _EVENT_ID.fullmatch(token) is not None
