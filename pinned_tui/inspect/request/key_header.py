"""Rules about the value of the header that carries the key: its scheme, and the key itself."""

import base64
import binascii
import re

from pinned_tui.inspect.endpoint import reference, unfilled
from pinned_tui.inspect.http_message import Header, HttpRequest
from pinned_tui.inspect.key import inspect_key
from pinned_tui.inspect.model import Fault, Note, Span
from pinned_tui.inspect.request.findings import RequestEdit, RequestFindings, RequestPart
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.unwrap import is_bracketed, named, unwrap
from pinned_tui.redaction.secret_strength import is_placeholder
from pinned_tui.session import Certainty

BEARER = "Bearer"

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9-]{0,19})(?P<sign>[ \t]*[:=])?[ \t]+(?=\S)")
_ODD_BLANK = re.compile(r"bearer(?P<blank>[^\S \t]+[ \t]*|[ \t]+[^\S \t]+)(?=\S)", re.IGNORECASE)
_QUOTED = re.compile(
    r"(?P<quote>[\"'`])bearer[ \t]+(?P<key>[^\s\"'`]{1,8192})(?P=quote)", re.IGNORECASE
)
_SCHEMES = """
    basic token apikey api-key key digest jwt oauth negotiate ntlm hawk secret aws4-hmac-sha256
    bearertoken access-token
"""
_REDACTED = re.compile(
    r"[\[<(]?[*_\s]*(?:redacted|masked|hidden|removed|censored|private|filtered|secure|sensitive|sanitized"
    r"|scrubbed|omitted|obfuscated|concealed)[*_\s]*[\])>]?"
    r"|[*\u2588]|\S{0,24}?(?:[\u2022\u25cf\u2219\u25aa\u25a0\u2588*]{2,}|[xX]{4,}|\u2026|\.{3,})\S{0,12}",
    re.IGNORECASE,
)
_LONGEST = 8192
_HEADER_WORD = re.compile("auth|bearer|header", re.IGNORECASE)
_KEY_WORD = re.compile("key|token|secret", re.IGNORECASE)


def inspect_credential(request: HttpRequest, header: Header, findings: RequestFindings) -> None:
    """Look at the value of an ``Authorization`` or ``x-api-key`` header."""
    value = header.value.strip(" \t")
    if is_redacted(value):
        _note_redaction(header, findings)
        return
    if header.name.lower() == "authorization":
        _authorization(request, header, value, findings)
    else:
        scheme = re.match(r"bearer\s+", value, re.IGNORECASE)
        core = value[scheme.end() :] if scheme else value
        findings.hide(core)
        _key(request, header, core, "", findings, whole=value)


def is_redacted(value: str) -> bool:
    """Return whether the user has hidden the key in ``value`` before pasting it."""
    return len(value) < 100 and _REDACTED.fullmatch(value) is not None


def _note_redaction(header: Header, findings: RequestFindings) -> None:
    summary = say("request.key-masked-in-request.note", header=header.name)
    findings.notes.append(Note("key-masked-in-request", summary, header.value_span))


def _authorization(
    request: HttpRequest, header: Header, value: str, findings: RequestFindings
) -> None:
    quoted = _QUOTED.fullmatch(value)
    if quoted is not None:
        _in_quotes(request, header, quoted, findings)
        return
    match = _SCHEME.match(value)
    odd = _ODD_BLANK.match(value)
    if odd is not None:
        _odd_blank(request, header, odd["blank"], value[odd.end() :], findings)
        return
    if match is None:
        _one_word(request, header, value, findings)
        return
    scheme, rest = match["scheme"], value[match.end() :]
    if scheme.lower() == "bearer" and not match["sign"]:
        again = re.match(r"(?:bearer[ \t]*:?[ \t]+)+", rest, re.IGNORECASE)
        if again is not None:
            rest = rest[again.end() :]
            change = say("request.auth-scheme-doubled.change")
            detail = say("request.auth-scheme-doubled.seen")
            _fault(header, "auth-scheme-doubled", detail, findings)
            _edit(header, f"{BEARER} ", rest, change, findings)
            _key(request, header, rest, None, findings)
        else:
            _key(request, header, rest, f"{scheme} ", findings)
        return
    findings.hide(rest)
    known = scheme.lower() in _SCHEMES.split() or match["sign"]
    if not known and not scheme.isalpha():
        _one_word(request, header, value, findings)
        return
    _wrong_scheme(header, scheme if known else "", rest, match["sign"] or "", findings)
    if scheme.lower() == "basic":
        _hide_login(rest, findings)
    elif not header.filled:
        _key(request, header, rest, None, findings)


def _in_quotes(
    request: HttpRequest, header: Header, quoted: re.Match[str], findings: RequestFindings
) -> None:
    """Find quotes around scheme and key together, so that the scheme begins with one."""
    findings.hide(quoted["key"])
    _fault(header, "key-quoted", say("request.key-quoted.with-scheme"), findings)
    change = say("request.key-quoted.change")
    _edit(header, f"{BEARER} ", quoted["key"], change, findings)
    _key(request, header, quoted["key"], None, findings)


def _odd_blank(
    request: HttpRequest, header: Header, blank: str, rest: str, findings: RequestFindings
) -> None:
    """Find a blank behind Bearer that is no space (RFC 6750, section 2.1, asks for one)."""
    findings.hide(rest)
    detail = say("request.key-whitespace.after-bearer", characters=named(blank))
    _fault(header, "key-whitespace", detail, findings)
    change = say("request.key-whitespace.change")
    _edit(header, f"{BEARER} ", rest, change, findings)
    _key(request, header, rest, None, findings)


def _wrong_scheme(
    header: Header, scheme: str, rest: str, sign: str, findings: RequestFindings
) -> None:
    actual = f"{scheme}{sign.strip()}" or say("request.auth-scheme-wrong.another-word")
    if header.implied:
        detail = say("request.auth-scheme-wrong.login-option", scheme=scheme)
    else:
        detail = say("request.auth-scheme-wrong.written", scheme=actual)
    findings.faults.append(
        Fault(
            "auth-scheme-wrong",
            Certainty.CONFIRMED,
            detail,
            suggestion=BEARER,
            span=_scheme_span(header, len(scheme)),
            values={"actual": actual},
        )
    )
    change = say("request.auth-scheme-wrong.change")
    _edit(header, f"{BEARER} ", "" if header.implied else rest, change, findings)


def _hide_login(rest: str, findings: RequestFindings) -> None:
    """Hide what Basic authentication carries, decoded too (RFC 7617)."""
    findings.hide(*rest.split(":", 1))
    try:
        login = base64.b64decode(rest, validate=True).decode()
    except (binascii.Error, ValueError):
        return
    findings.hide(login, *login.split(":", 1))


def _one_word(request: HttpRequest, header: Header, value: str, findings: RequestFindings) -> None:
    """Look at a value without a scheme in front."""
    if re.fullmatch(r"bearer[:=]?", value, re.IGNORECASE) or not value:
        variant = "after-scheme" if value else "empty"
        _fault(header, "key-missing", say(f"request.key-missing.{variant}"), findings)
        change = say("request.key-placeholder.key-change")
        _edit(header, f"{BEARER} ", "", change, findings)
        return
    glued = re.match(r"bearer[:=]", value, re.IGNORECASE)
    core = value[glued.end() :] if glued else value
    findings.hide(core)
    if glued is not None:
        _wrong_scheme(header, value[:6], core, value[6], findings)
        return
    certainty = Certainty.CONFIRMED
    if header.filled or unfilled(value, request.shell) or is_placeholder(value):
        if _HEADER_WORD.search(value) or not _KEY_WORD.search(value):
            return
        certainty = Certainty.LIKELY
    detail = say("request.auth-scheme-missing.seen")
    findings.faults.append(
        Fault("auth-scheme-missing", certainty, detail, span=header.value_span or header.span)
    )
    change = say("request.auth-scheme-missing.change")
    _edit(header, f"{BEARER} ", core, change, findings)
    _key(request, header, core, None, findings)


def _key(
    request: HttpRequest,
    header: Header,
    core: str,
    before: str | None,
    findings: RequestFindings,
    *,
    whole: str | None = None,
) -> None:
    """Look at the key itself.

    Args:
        request: The request.
        header: The header that holds it.
        core: The key.
        before: What stands before it in the header; None where an edit has been made already.
        findings: Takes what is found.
        whole: The value that is judged where it is more than ``core``.
    """
    if is_redacted(core):
        _note_redaction(header, findings)
        return
    # What the shell takes for a variable may be the key itself, put where its name belongs.
    if not is_bracketed(core) and _is_variable(request, header, core, before, findings):
        return
    faults = inspect_key((whole or core)[:_LONGEST])
    findings.hide(core, unwrap(core[:_LONGEST]).core)
    span = _core_span(header, core)
    for fault in faults:
        if fault.cause == "key-masked":
            _note_redaction(header, findings)
            return
        findings.faults.append(
            Fault(fault.cause, fault.certainty, fault.detail, found=fault.found, span=span)
        )
    if before is not None:
        sure = any(fault.certainty is not Certainty.POSSIBLE for fault in faults)
        change = say("request.key-placeholder.key-change") if sure else None
        findings.edits.append(
            RequestEdit(RequestPart.HEADER, change, header, header.name, before, key=True)
        )


def _is_variable(
    request: HttpRequest, header: Header, core: str, before: str | None, findings: RequestFindings
) -> bool:
    """Return whether ``core`` is a variable, and note where the shell does not fill it in."""
    if _is_filled(header, core):
        return True
    variable = unfilled(core, request.shell)
    if variable is not None and request.shell is not None:
        _fault(header, "key-placeholder", variable.detail, findings)
        if before is not None:
            _fill_in(header, before, variable.reference, findings)
        return True
    if header.filled:
        _half_filled(request, header, core, findings)
    return bool(header.filled)


def _half_filled(
    request: HttpRequest, header: Header, core: str, findings: RequestFindings
) -> None:
    """Find ``$env:NAME`` in bash, where ``$env`` alone is a variable, and an empty one."""
    match = re.fullmatch(r"\$env:(\w+)", core, re.IGNORECASE)
    if match is None or request.shell != "bash":
        return
    detail = say("request.key-placeholder.env-in-bash")
    _fault(header, "key-placeholder", detail, findings)
    _fill_in(header, f"{BEARER} ", reference(match[1], "bash"), findings)


def _fill_in(header: Header, before: str, name: str, findings: RequestFindings) -> None:
    """Write a variable so that the shell fills it in."""
    filled = (Span(len(before), len(before) + len(name)),)
    change = say("request.key-placeholder.variable-change")
    findings.edits.append(
        RequestEdit(RequestPart.HEADER, change, header, header.name, before + name, filled=filled)
    )


def _is_filled(header: Header, core: str) -> bool:
    """Return whether the shell fills in all of ``core``, which ends the header's value."""
    start = len(header.value) - len(core)
    at = header.value.rfind(core)
    start = at if at >= 0 else start
    return any(part.start <= start and part.end >= start + len(core) for part in header.filled)


def _edit(header: Header, before: str, core: str, change: str, findings: RequestFindings) -> None:
    """Rewrite the header: ``before``, then what the shell fills in for ``core``, or the key."""
    if core and _is_filled(header, core) and not is_bracketed(core):
        filled = (Span(len(before), len(before) + len(core)),)
        edit = RequestEdit(
            RequestPart.HEADER, change, header, "Authorization", before + core, filled=filled
        )
    else:
        edit = RequestEdit(RequestPart.HEADER, change, header, "Authorization", before, key=True)
    findings.edits.append(edit)


def _fault(header: Header, cause: str, detail: str, findings: RequestFindings) -> None:
    span = header.value_span or header.span
    findings.faults.append(Fault(cause, Certainty.CONFIRMED, detail, span=span))


def _scheme_span(header: Header, length: int) -> Span | None:
    span = header.value_span
    if span is None or header.implied or span.end - span.start != len(header.value):
        return header.span if header.implied else span
    return Span(span.start, span.start + length) if length else span


def _core_span(header: Header, core: str) -> Span | None:
    span = header.value_span
    if span is None or span.end - span.start != len(header.value):
        return span or header.span
    at = header.value.find(core)
    return Span(span.start + at, span.start + at + len(core)) if at >= 0 else span
