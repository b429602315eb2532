"""A pasted API key: shown by its build only, never by its characters."""

import re

from pinned_tui.inspect.key import inspect_key
from pinned_tui.inspect.model import (
    Fault,
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    Span,
)
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.unwrap import outline, unwrap
from pinned_tui.redaction.public_values import is_public
from pinned_tui.redaction.scan import says_secret, secret_values
from pinned_tui.redaction.secret import Secret, may_be_key, shape
from pinned_tui.redaction.tokens import is_readable, is_slug, says_id, token_spans
from pinned_tui.session import Certainty

_LONGEST = 4096
"""Characters of a key at most; servers take headers of 8 KiB, seldom more (RFC 9110, 5.4)."""

_PAIR = re.compile(
    r"(?:export\s+|set\s+|\$env:)?[\"']?(?P<name>[A-Za-z_][\w.-]{0,63})[\"']?\s*[:=](?!//)\s*",
    re.IGNORECASE,
)
_INNER = re.compile(
    r"""[;&?]\s?[\w .-]{1,40}=|[{,]\s?["'][\w.-]{1,40}["']\s?:|</\w|://[^/@\s]+@|s:\d+:|%3[DF]"""
)
"""What a value has inside that is a text of several parts."""

_SEVERAL = re.compile(r"\S[ \t]+\w|\w:/|\A/|[?&;]\w+=")
"""What is left of a text of several parts when the secrets are taken out."""

_LOCATED = re.compile(r"arn:[\w-]+:|[a-z][a-z0-9+]{1,11}://|(?:~|\.{1,2})?/\w")
"""How a path, an address and the name of a resource begin."""

_BESIDE = "\"'`=:/?&@,;#(){}<>[]"
_ADDRESS = re.compile(r"https?://[^\s@]+", re.IGNORECASE)


def inspect(input_text: InputText, _context: InspectionContext) -> Inspection:
    """Say what is wrong with a key, and show how it is built.

    The one line end that ``echo`` and editors add to a file is taken off, as ``--key-file`` does.
    """
    value = input_text.text
    end = next((end for end in ("\r\n", "\n") if value.endswith(end)), "")
    value = value.removesuffix(end)
    if len(value) > _LONGEST:
        return _too_long(value)
    whole = Span(0, len(value))
    faults = tuple(
        Fault(fault.cause, fault.certainty, fault.detail, found=fault.found, span=whole)
        for fault in inspect_key(value)
    )
    core = unwrap(value).core
    public = is_public(core) or _is_address(core) or _is_named_id(value, core)
    hidden: tuple[str, ...] = () if public else tuple(dict.fromkeys((value, core)))
    if not public and (_is_structured(value) or _is_told(value)):
        hidden = _said(value)
    secrets = tuple(
        Secret(text, source="pasted", name=f"key-{number}")
        for number, text in enumerate(hidden, start=1)
        if text
    )
    summary = say("key.summary.empty")
    if value:
        summary = say(
            "key.summary.key",
            length=len(value),
            characters=shape(value),
            outline=outline(value),
        )
    return Inspection(
        InputKind.KEY,
        summary,
        faults,
        secrets=secrets,
        judged=1 if faults or may_be_key(core) else 0,
    )


def _too_long(value: str) -> Inspection:
    """Say that this is no key, and repeat nothing of it."""
    length = f"{len(value):,}"
    detail = say("key.key-too-long.seen", length=length)
    fault = Fault("key-wrong-kind", Certainty.LIKELY, detail)
    return Inspection(InputKind.KEY, say("key.summary.long", length=length), (fault,), judged=1)


def _is_named_id(value: str, core: str) -> bool:
    """Return whether a name in front says that ``core``, which looks like a key, is an ID."""
    return value != core and any(token_spans(core)) and not any(token_spans(value))


def _is_structured(value: str) -> bool:
    """Return whether it is more than a key and its name: pairs, an element, a value in a value.

    Of such a text only what is secret in it is hidden. Where a line could be a part of a key that
    was broken in two, all of it is.
    """
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    if not lines or not all(map(_is_readable, lines)):
        return False
    return len(lines) > 1 or _INNER.search(lines[0]) is not None


def _is_told(value: str) -> bool:
    """Return whether ``value`` is a line with or without a key in it, whose rest can be read.

    A word alone, and what a name says to be a secret while nothing in it looks like one, may be
    the key as a whole.
    """
    text = value.strip()
    found = [one for one in secret_values(text) if one in text]
    rest = text
    for one in sorted(found, key=len, reverse=True):
        rest = rest.replace(one, " ")
    if found:
        told = _SEVERAL.search(rest) and not any(map(may_be_key, rest.split()))
        return bool(told) and all(_stands_apart(text, one) for one in found)
    if not is_readable(text):
        return False
    if _LOCATED.match(text):
        return True
    named = _PAIR.match(text)
    if named is None:
        return len(text.split()) > 1 and may_be_key(text)  # something says what it is
    if says_secret(named["name"]):
        return False
    said = text[named.end() :]
    return says_id(named["name"]) or len(said.split()) > 1 or is_slug(said)


def _stands_apart(text: str, secret: str) -> bool:
    """Return whether nothing beside ``secret`` in ``text`` may belong to it."""
    start = text.index(secret)
    around = text[max(start - 1, 0) : start] + text[start + len(secret) :][:1]
    return all(sign.isspace() or sign in _BESIDE for sign in around)


def _is_readable(line: str) -> bool:
    """Return whether a line is a name with its value, an element, or plain words and numbers."""
    named = _PAIR.match(line)
    if named:
        return len(line[named.end() :].split()) < 2 or _INNER.search(line) is not None
    return line.startswith("<") or not any(may_be_key(word) for word in line.split())


def _said(value: str) -> tuple[str, ...]:
    """Return what is secret in pairs: by the general decision, or because a name says so."""
    found = dict.fromkeys(secret_values(value))
    for line in value.splitlines():
        named = _PAIR.match(line.strip())
        core = unwrap(line.strip()).core
        inside = any(one in line for one in found)
        if named and not inside and says_secret(named["name"]) and not _is_address(core):
            found[core] = None
    return tuple(found)


def _is_address(core: str) -> bool:
    """Tell an address of a page, which is no secret: nothing in it may be a key."""
    if _ADDRESS.fullmatch(core) is None:
        return False
    return not any(may_be_key(part) for part in re.split(r"[/?#&=@:]", core))
