"""From options to what is asked: address, channel, event, payload, scopes."""

import argparse
import os
from dataclasses import dataclass

from pinned_tui.api_spec.routes import (
    DEFAULT_BASE_URL,
    ENVIRONMENT_VARIABLE,
    BaseUrl,
    BaseUrlError,
    parse_base_url,
)
from pinned_tui.checks.request import CheckRequestError, RawCheckRequest, understand
from pinned_tui.cli.runner import CommandError
from pinned_tui.cli.streams import say
from pinned_tui.core.input_files import read_payload_file
from pinned_tui.redaction.secret import Secret


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What the command line asks for, checked."""

    base: BaseUrl
    ask: RawCheckRequest


def read_asking(options: argparse.Namespace, secret: Secret | None) -> CheckOptions:
    """Check what is asked before anything is sent.

    Raises:
        CommandError: an address, ID or scope that can't be used, which it quotes; or an option
            with the key in it.
        FileProblem: the payload's file can't be read.
    """
    if secret is not None:
        _refuse_secret(options, secret)
    payload, payload_name = None, None
    if options.payload is not None:
        payload, payload_name = read_payload_file(options.payload)
    ask = RawCheckRequest(
        secret=secret,
        channel=options.channel,
        event=options.event,
        event_title=options.event_title,
        event_day=options.event_date,
        expected_start=options.expect_start,
        needs=frozenset(options.need),
        payload=payload,
        payload_name=payload_name,
        twins=getattr(options, "duplicates", False),
        open_links=getattr(options, "open_links", False),
        refused_elsewhere=getattr(options, "refused_elsewhere", False),
        sends=getattr(options, "header", "bearer"),
    )
    if (symptom := getattr(options, "symptom", None)) is not None:
        from pinned_tui.checks.plan import about  # costs start-up

        ask = about(ask, symptom)
    try:
        understand(ask)
    except CheckRequestError as error:
        raise CommandError(str(error)) from None
    return CheckOptions(read_base_url(options.base_url), ask)


def _refuse_secret(options: argparse.Namespace, secret: Secret) -> None:
    """Make sure that no option brings the key to where it would be sent, shown or kept.

    Raises:
        CommandError: one does; it names the option.
    """
    given = [
        ("--channel", options.channel),
        ("--event", options.event),
        ("--event-title", options.event_title),
        ("--event-date", options.event_date),
        ("--expect-start", options.expect_start),
        *(("--need", scope) for scope in options.need),
        ("--payload", options.payload),
        ("--base-url", options.base_url),
        (ENVIRONMENT_VARIABLE, os.environ.get(ENVIRONMENT_VARIABLE)),
        ("--output", getattr(options, "output", None)),
    ]
    values = [(name, value) for name, value in given if value]
    if not values:
        return
    from pinned_tui.redaction.leak_scan import find_leaks  # costs start-up

    for name, value in values:
        if find_leaks(value, [secret]):
            raise CommandError(
                f"{name} contains the key itself. It would be shown and kept with the result, so"
                " nothing was sent. Remove the key from it: the key is passed separately."
            )


def read_base_url(given: str | None) -> BaseUrl:
    """Return the base URL from the option, the environment, or the default.

    An option with an empty text is refused, not passed over: a variable that is not set in the
    person's script must not send the key to the default host.

    Raises:
        CommandError: it can't be used.
    """
    try:
        base = parse_base_url(
            given if given is not None else os.environ.get(ENVIRONMENT_VARIABLE) or DEFAULT_BASE_URL
        )
    except BaseUrlError as error:
        raise CommandError(str(error)) from None
    if base.note:
        say(base.note)
    return base
