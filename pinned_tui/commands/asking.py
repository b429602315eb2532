"""From options to what is asked: address, channel, event, payload, scopes."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from pinned_tui.api.base_url import (
    DEFAULT_BASE_URL,
    ENVIRONMENT_VARIABLE,
    BaseUrl,
    BaseUrlError,
    parse_base_url,
)
from pinned_tui.ask import Ask, AskError, understand
from pinned_tui.commands.frame import CommandError, say
from pinned_tui.privacy.clean import clean_line
from pinned_tui.privacy.secret import Secret

_MOST_PAYLOAD = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Asking:
    """What the command line asks for, checked."""

    base: BaseUrl
    ask: Ask


def read_asking(options: argparse.Namespace, secret: Secret | None) -> Asking:
    """Check what is asked before anything is sent.

    Raises:
        CommandError: an address, ID, scope or file that can't be used; it quotes the input.
    """
    payload = _read_payload(Path(options.payload)) if options.payload is not None else None
    ask = Ask(
        secret=secret,
        channel=options.channel,
        event=options.event,
        needs=frozenset(options.need),
        payload=payload,
        payload_name=Path(options.payload).name if options.payload is not None else None,
    )
    try:
        understand(ask)
    except AskError as error:
        raise CommandError(str(error)) from None
    return Asking(read_base_url(options.base_url), ask)


def read_base_url(given: str | None) -> BaseUrl:
    """Return the base URL from the option, the environment, or the default.

    Raises:
        CommandError: it can't be used.
    """
    try:
        base = parse_base_url(given or os.environ.get(ENVIRONMENT_VARIABLE) or DEFAULT_BASE_URL)
    except BaseUrlError as error:
        raise CommandError(str(error)) from None
    if base.note:
        say(base.note)
    return base


def _read_payload(path: Path) -> bytes:
    shown = clean_line(str(path), limit=200)
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_PAYLOAD + 1)
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise CommandError(
            f"{shown} can't be read: {reason}. Give the file with the JSON that you send."
        ) from None
    if len(content) > _MOST_PAYLOAD:
        raise CommandError(f"{shown} is larger than 4 MB, too large for the body of one event.")
    return content
