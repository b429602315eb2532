"""Settings that an integration reads: an env file, lines of a profile, a few lines of YAML or JSON.

In such a file a name before the key is as it should be, while in the value of the key it is a
mistake. Judged are the key and the address of the API, the only settings that are the API's.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pinned_tui.api_spec.routes import DEFAULT_BASE_URL, NAMESPACE
from pinned_tui.core.labels import plural
from pinned_tui.inspect.http_message import HttpRequest
from pinned_tui.inspect.key import inspect_key
from pinned_tui.inspect.model import (
    Fault,
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    Span,
)
from pinned_tui.inspect.raw_http import METHODS
from pinned_tui.inspect.request.target import HostKind, target_of
from pinned_tui.inspect.request.url import inspect_address
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.redaction.secret import Secret, may_be_key
from pinned_tui.redaction.secret_strength import is_placeholder
from pinned_tui.session import Certainty

_LONGEST = 64 * 1024
_MOST_LINES = 1000
_LINE = re.compile(
    r"""[ \t]*(?P<before>-[ \t]+|(?:export|setx?|ENV|declare[ \t]+-x)[ \t]+|\$env:)?
        (?P<quote>["']?)(?P<name>[A-Za-z_][\w.-]{0,80})(?P=quote)
        (?P<sign>[ \t]*=[ \t]*|[ \t]*:[ \t]+)(?P<value>.*)""",
    re.VERBOSE,
)
_AROUND = re.compile(
    r"(?:(?:[#;]|//|rem[ \t]).*|\[[\w .:\"-]{1,80}\]|[\w.\"'-]{1,80}:|---|[{}],?)?", re.IGNORECASE
)
_OWN_KEY = re.compile(r"pinned.*(?:key|token|secret|auth)", re.IGNORECASE)
_ANY_KEY = re.compile(
    r"(?:[a-z]+[_.-])?(?:x[_-])?(?:api[_-]?(?:key|token|secret)|access[_-]?token|auth[_-]?token"
    r"|bearer(?:[_-]?token)?)|token|secret",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?:proxy-)?authorization|(?:x-)?api-?key", re.IGNORECASE)
_ADDRESS = re.compile(r"url|uri|base|host|endpoint|server|address|api\Z", re.IGNORECASE)
_OTHER_ADDRESS = re.compile(
    r"doc|portal|web|site|public|hook|callback|redirect|image|media|cdn|help|support|status|proxy",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\$\{[^{}]*\}|\$\(.*\)|\$\w+|\$env:\w+|%\w+%|\{\{.*\}\}|!\w+ .*")
_QUOTED = re.compile(r"([\"'])(.*)\1", re.DOTALL)
_SHELL = re.compile(r"export|set|declare|\$env:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Setting:
    """One setting.

    Attributes:
        value: As written, without quotes that belong to the language of the file.
        kept: Whether quotes around it may get into the value.
        written: What stands in the file for the value.
        span: Where that is.
    """

    name: str
    value: str
    kept: bool
    written: str
    span: Span


def is_settings(text: str) -> bool:
    """Return whether ``text`` is settings with the key or the address of the API among them."""
    return bool(_relevant(text))


def inspect(input_text: InputText, _context: InspectionContext) -> Inspection | None:
    """Judge settings; None where the input is something else."""
    found = _relevant(input_text.text)
    if not found:
        return None
    faults: list[Fault] = []
    values: list[str] = []
    judged = 0
    for setting, is_key in found:
        shown = list(_key(setting) if is_key else _address(setting))
        known = is_key and _is_judged(setting)
        judged += known or any(fault.certainty is not Certainty.POSSIBLE for fault in shown)
        faults += shown
        if is_key and (known or may_be_key(setting.value)) and not is_placeholder(setting.value):
            values += map(_uncommented, (setting.written, setting.value))
            values.append(_uncommented(setting.value).strip("\"'"))
    if len(found) == 1 and found[0][1] and judged and not _others(input_text.text):
        faults.append(_name(found[0][0]))
    what = plural(len(found), "setting")
    return Inspection(
        InputKind.KEY,
        say("key.summary.settings", settings=what),
        tuple(faults),
        secrets=tuple(
            Secret(value, source="pasted", name=f"key-{number}")
            for number, value in enumerate(dict.fromkeys(filter(None, values)), start=1)
        ),
        judged=judged,
    )


def _uncommented(value: str) -> str:
    """Return ``value`` without a comment behind it, unless that may be a part of the key."""
    core, sign, comment = value.partition(" # ")
    return core.rstrip() if sign and core.strip() and not may_be_key(comment) else value


def _relevant(text: str) -> list[tuple[_Setting, bool]]:
    """Return the settings that are about the API, each with whether it is the key."""
    settings = _settings(text)
    if any(one.value.upper() in METHODS for one in settings):
        return []  # a request that is written down, not where requests go
    about = "pinned" in text.lower()
    alone = len(settings) == 1
    found = []
    for one in settings:
        if _OWN_KEY.search(one.name) or ((about or alone) and _ANY_KEY.fullmatch(one.name)):
            found.append((one, True))
        elif _is_address(one):
            found.append((one, False))
    return found


def _is_address(setting: _Setting) -> bool:
    name, value = setting.name, setting.value.lower()
    if "://" not in value or not _ADDRESS.search(name) or _OTHER_ADDRESS.search(name):
        return False
    return "pinned" in name.lower() or "pinned.events" in value or NAMESPACE in value


def _settings(text: str) -> list[_Setting]:
    """Return all settings; none where most lines are something else."""
    body = text.lstrip("\ufeff")
    if len(body) > _LONGEST or not body.strip():
        return []
    if body.lstrip()[:1] == "{":
        return list(_members(text))
    found: list[_Setting] = []
    others = 0
    at = len(text) - len(body)
    for line in body.split("\n")[:_MOST_LINES]:
        bare = line.rstrip(" \t\r").removesuffix(";").rstrip(" \t")
        match = _LINE.fullmatch(bare)
        if match is not None:
            if not (match["sign"].strip() == ":" and _HEADER.fullmatch(match["name"])):
                found.append(_setting(match, at))
            else:
                others += 1
        elif _AROUND.fullmatch(bare.lstrip(" \t")) is None:
            others += 1
        at += len(line) + 1
    return found if len(found) > others * 2 else []


def _setting(match: re.Match[str], at: int) -> _Setting:
    """Take a line apart; quotes are the language's own in shells, in code and in YAML."""
    written = match["value"]
    before, sign = match["before"] or "", match["sign"]
    own = bool(_SHELL.match(before)) or sign.strip() == ":" or sign != "="
    if before.startswith("-") and sign == "=":
        own = False
    quoted = _QUOTED.fullmatch(written)
    value = quoted[2] if own and quoted is not None else written
    span = Span(at + match.start("value"), at + max(match.end("value"), match.start("value") + 1))
    return _Setting(match["name"], value, not own, written, span)


def _members(text: str, longest: int = 100) -> Iterator[_Setting]:
    """Return the texts of a JSON object and of the objects in it."""
    try:
        document = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return
    if not isinstance(document, dict):
        return
    inner = [one for one in document.values() if isinstance(one, dict)]
    for holder in (document, *inner):
        for name, value in list(holder.items())[:longest]:
            if isinstance(value, str):
                at = max(text.find(json.dumps(value)), 0)
                yield _Setting(name, value, False, value, Span(at, at + len(value) + 2))


def _others(text: str) -> bool:
    """Return whether the file has more than one setting."""
    return len(_settings(text)) > 1


def _is_judged(setting: _Setting) -> bool:
    return _REFERENCE.fullmatch(setting.value.strip("\"'")) is None


def _key(setting: _Setting) -> Iterator[Fault]:
    """Judge the key: a reference to another variable is as good as that one."""
    if not _is_judged(setting):
        return
    for fault in inspect_key(setting.value):
        certainty, others = fault.certainty, tuple[str, ...]()
        if fault.cause == "key-quoted" and certainty is Certainty.CONFIRMED:
            certainty, others = Certainty.LIKELY, (say("key.key-quoted.or-removed"),)
        yield Fault(
            fault.cause, certainty, fault.detail, found=fault.found, span=setting.span,
            alternatives=others,
        )  # fmt: skip


def _name(setting: _Setting) -> Fault:
    """Say of a line alone that it is a mistake if all of it is the value."""
    return Fault(
        "key-includes-name",
        Certainty.POSSIBLE,
        say("key.key-includes-name.line", length=len(setting.name)),
        span=setting.span,
        alternatives=(say("key.key-includes-name.or-file"),),
    )


def _address(setting: _Setting) -> Iterator[Fault]:
    """Judge the base URL: scheme and host as in a request, and a path that leads to the API."""
    url = setting.value.strip("\"' \t")
    target = target_of(HttpRequest(None, url))
    if target is None or target.kind is HostKind.VARIABLE:
        return
    scheme = f"{target.scheme}://" if target.scheme else ""
    login = f"{target.login}@" if target.login else ""
    called = HttpRequest(None, f"{scheme}{login}{target.authority}{NAMESPACE}/channels")
    asked = target_of(called)
    if asked is not None:
        for fault in inspect_address(called, asked).faults:
            yield replace(fault, span=setting.span)
    if target.kind in {HostKind.API, HostKind.NEAR} and not _leads_to_api(target.path):
        path = clean_line(target.path, 120)
        yield Fault(
            "url-wrong-path",
            Certainty.LIKELY,
            say("request.url-wrong-path.setting", path=f"“{path}”", namespace=NAMESPACE),
            found=path,
            suggestion=DEFAULT_BASE_URL,
            span=setting.span,
        )


_ROUTES = re.compile(
    rf"(?:{NAMESPACE})?(?:/(?:channels|classifications|media|events(?:/[^/]+)?))?/?"
)


def _leads_to_api(path: str) -> bool:
    """Return whether a path is empty, the namespace, or one of the routes below it."""
    if not path.strip("/"):
        return True
    return path.startswith(NAMESPACE) and _ROUTES.fullmatch(path) is not None
