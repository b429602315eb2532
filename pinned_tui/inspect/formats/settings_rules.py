"""Settings of an integration: which is the key, which the address, and what is wrong with them.

In such a file a name before the key is as it should be, while in the value of the key it is a
mistake. Judged are the key and the address of the API, the only settings that are the API's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pinned_tui.api_spec.routes import DEFAULT_BASE_URL, NAMESPACE
from pinned_tui.core.labels import plural
from pinned_tui.inspect.formats.settings_source import Origin, Setting, settings_in
from pinned_tui.inspect.http_message import HttpRequest
from pinned_tui.inspect.key import KeyFault, inspect_key
from pinned_tui.inspect.model import (
    Fault,
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    Note,
)
from pinned_tui.inspect.raw_http import METHODS
from pinned_tui.inspect.request.key_header import is_redacted
from pinned_tui.inspect.request.target import HostKind, target_of
from pinned_tui.inspect.request.url import inspect_address
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.redaction.secret import Secret, may_be_key
from pinned_tui.redaction.secret_strength import is_placeholder
from pinned_tui.session import Certainty

_OWN_KEY = re.compile(r"pinned.*(?:key|token|secret|auth)", re.IGNORECASE)
_OWN_API_KEY = re.compile(r"pinned.*(?:api|access|bearer).*(?:key|token|secret)", re.IGNORECASE)
_NOT_THE_KEY = re.compile(
    r"webhook|signing|session|cookie|jwt|idempot|encrypt"
    r"|[._-]?(?:file|path|name|id|header|arn|prefix|url|uri|scheme|type)\Z",
    re.IGNORECASE,
)
_ANY_KEY = re.compile(
    r"(?:[a-z]+[_.-])?(?:x[_-])?(?:api[_-]?(?:key|token|secret)|access[_-]?token|auth[_-]?token"
    r"|bearer(?:[_-]?token)?)|token|secret",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"url|uri|base|host|endpoint|server|address|api\Z", re.IGNORECASE)
_OTHER_ADDRESS = re.compile(
    r"doc|portal|web|site|public|hook|callback|redirect|image|media|cdn|help|support|status|proxy",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\$\{[^{}]*\}|\$\(.*\)|\$\w+|\$env:\w+|%\w+%|\$?\{\{.*\}\}|!\w+ .*|<set to .*|\(sensitive.*"
    r"|(?:var|data|local|module)\.[\w.\[\]\"]+|(?:op|vault|secret|arn|ssm|awssm|gcpsm):\S+"
    r"|@Microsoft\.KeyVault\(.*|#\{[^{}]*\}#?|Encrypted|ENC\[.*",
    re.IGNORECASE,
)
"""What stands for a value that is kept elsewhere."""

_SPELT = {
    Origin.TEXT: "text",
    Origin.PROCESS: "process",
    Origin.SECRET: "secret",
}


@dataclass(frozen=True, slots=True)
class SettingsVerdict:
    """What settings came to.

    Attributes:
        notes: What is worth knowing of them.
        judged: How many of them were held against the rules.
        secrets: Values that nothing may repeat.
    """

    summary: str
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]
    secrets: tuple[str, ...]
    judged: int


def kind_of_settings(text: str) -> InputKind | None:
    """Return what settings with the key or the address among them count as, None where none are.

    A line alone counts as the key: it may be all that someone has put where the key belongs.
    """
    settings = settings_in(text)
    if not _relevant(settings, text):
        return None
    return InputKind.KEY if len(settings) == 1 and _is_line(text) else InputKind.SETTINGS


def inspect(input_text: InputText, _context: InspectionContext) -> Inspection | None:
    """Judge a line with the key or the address; None where the input is something else."""
    settings = settings_in(input_text.text)
    verdict = judge(settings, input_text.text)
    if verdict is None:
        return None
    faults = verdict.faults
    if len(settings) == 1 and verdict.judged and _relevant(settings, input_text.text)[0][1]:
        faults = (*faults, _name(settings[0]))
    return Inspection(
        InputKind.KEY,
        verdict.summary,
        faults,
        verdict.notes,
        secrets=tuple(
            Secret(value, source="pasted", name=f"key-{number}")
            for number, value in enumerate(verdict.secrets, start=1)
        ),
        judged=verdict.judged,
    )


def judge(settings: Sequence[Setting], text: str) -> SettingsVerdict | None:
    """Judge the settings of a text; None where none of them are the API's."""
    found = _relevant(settings, text)
    if not found:
        return None
    faults: list[Fault] = []
    values: list[str] = []
    judged = 0
    for setting, is_key in found:
        shown = list(_key(setting) if is_key else _address(setting))
        known = is_key and _is_judged(setting)
        judged += known or (not is_key and (bool(shown) or _is_api(setting)))
        faults += shown
        value = setting.value or ""
        if is_key and (known or may_be_key(value)) and not is_placeholder(value):
            values += map(_uncommented, (setting.written, value, value.strip()))
            values.append(_uncommented(value).strip("\"' \t\r\n"))
    notes = [
        Note(
            "key-masked-in-request",
            say("settings.key-masked.note", name=clean_line(one.name, 60)),
            one.span,
        )
        for one, is_key in found
        if is_key and _is_hidden((one.value or "").strip("\"' \t\r\n"))
    ]
    notes += _several([setting for setting, is_key in found if is_key])
    what = plural(len(found), "setting")
    return SettingsVerdict(
        say("key.summary.settings", settings=what),
        tuple(faults),
        tuple(notes),
        tuple(dict.fromkeys(filter(None, values))),
        judged,
    )


def _is_line(text: str) -> bool:
    return len(text.strip().splitlines()) == 1 and text.strip()[:1] not in {"{", "["}


def _uncommented(value: str) -> str:
    """Return ``value`` without a comment behind it, unless that may be a part of the key."""
    core, sign, comment = value.partition(" # ")
    return core.rstrip() if sign and core.strip() and not may_be_key(comment) else value


def _relevant(settings: Sequence[Setting], text: str) -> list[tuple[Setting, bool]]:
    """Return the settings that are about the API, each with whether it is the key.

    The names that say most decide: where a key is called after the API, another service's isn't
    one, and where one is called its API key, its webhook secret isn't.
    """
    if any((one.value or "").upper() in METHODS for one in settings):
        return []  # a request that is written down, not where requests go
    keys = [one for one in settings if _OWN_KEY.search(one.name)]
    keys = [one for one in keys if not _NOT_THE_KEY.search(one.name)]
    keys = [one for one in keys if _OWN_API_KEY.search(one.name)] or keys
    if not keys and ("pinned" in text.lower() or len(settings) == 1):
        keys = [one for one in settings if _ANY_KEY.fullmatch(one.name)]
        plain = [one for one in keys if re.match(r"(?:x[_-])?(?:api|access|auth|bearer)", one.name,
                                                 re.IGNORECASE)]  # fmt: skip
        keys = plain or keys
    chosen = set(map(id, keys))
    return [(one, id(one) in chosen) for one in settings if id(one) in chosen or _is_address(one)]


def _is_address(setting: Setting) -> bool:
    name, value = setting.name, (setting.value or "").lower()
    if "://" not in value or not _ADDRESS.search(name) or _OTHER_ADDRESS.search(name):
        return False
    return "pinned" in name.lower() or "pinned.events" in value or NAMESPACE in value


def _is_judged(setting: Setting) -> bool:
    """Return whether the value itself stands there; a process gets no references."""
    value = (setting.value or "").strip("\"' \t\r\n")
    refers = setting.origin is not Origin.PROCESS and _REFERENCE.fullmatch(value) is not None
    return not refers and not _is_hidden(value)


def _is_hidden(value: str) -> bool:
    """Return whether the user has hidden the key before pasting; ``xxxx`` is a placeholder."""
    return is_redacted(value) and re.search("x{4}", value, re.IGNORECASE) is None


def _key(setting: Setting) -> Iterator[Fault]:
    """Judge the key: a reference to another variable is as good as that one."""
    if not _is_judged(setting):
        return
    if setting.value is None:
        detail = say("settings.key-encoded.not-base64")
        yield Fault("key-encoded", Certainty.LIKELY, detail, span=setting.span)
        return
    for fault in inspect_key(setting.value):
        certainty, others = _certainty(setting, fault)
        spelling = _SPELT.get(setting.origin)
        detail = fault.detail
        if spelling is not None and fault.cause == "key-quoted":
            detail = f"{detail} {say(f'settings.key-quoted.{spelling}')}"
        elif spelling is not None and fault.cause == "key-whitespace":
            detail = f"{detail} {say(f'settings.key-whitespace.{spelling}')}"
        yield Fault(
            fault.cause, certainty, detail, found=fault.found, span=setting.span,
            alternatives=others,
        )  # fmt: skip


def _certainty(setting: Setting, fault: KeyFault) -> tuple[Certainty, tuple[str, ...]]:
    """Return how sure a fault is where the program that reads the file may undo it."""
    loose = setting.origin in {Origin.LINE, Origin.TAKEN_OFF}
    if not loose or fault.certainty is not Certainty.CONFIRMED:
        return fault.certainty, ()
    if fault.cause == "key-quoted":
        return Certainty.LIKELY, (say("key.key-quoted.or-removed"),)
    if fault.cause == "key-whitespace":
        return Certainty.LIKELY, (say("settings.key-whitespace.or-trimmed"),)
    return fault.certainty, ()


def _several(keys: Sequence[Setting]) -> Iterator[Note]:
    """Note keys that differ, of which the program can use one only."""
    judged = [one for one in keys if one.value and _is_judged(one)]
    values = {(one.value or "").strip("\"' \t\r\n") for one in judged}
    if len(values) > 1 and not any(map(is_placeholder, values)):
        names = ", ".join(dict.fromkeys(clean_line(one.name, 60) for one in judged))
        summary = say("settings.keys-differ.note", count=len(values), names=names)
        yield Note("keys-differ", summary, judged[-1].span)


def _name(setting: Setting) -> Fault:
    """Say of a line alone that it is a mistake if all of it is the value."""
    return Fault(
        "key-includes-name",
        Certainty.POSSIBLE,
        say("key.key-includes-name.line", length=len(setting.name)),
        span=setting.span,
        alternatives=(say("key.key-includes-name.or-file"),),
    )


def _is_api(setting: Setting) -> bool:
    """Return whether an address is the API's own base, whose being right says something.

    Under the name ``url`` alone an address may be that of a request in a file of another tool.
    """
    target = target_of(HttpRequest(None, (setting.value or "").strip("\"' \t\r\n")))
    if target is None or target.kind is not HostKind.API or setting.name in {"url", "uri"}:
        return False
    return target.path.rstrip("/") in {"", NAMESPACE}


def _address(setting: Setting) -> Iterator[Fault]:
    """Judge the base URL: scheme and host as in a request, and a path that leads to the API."""
    url = (setting.value or "").strip("\"' \t\r\n")
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
