"""The command line: commands and options. What they do is in :mod:`pinned_tui.cli`."""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from pinned_tui import __version__
from pinned_tui.cli import signals, streams

USAGE = 2
_KEY_OPTIONS = ("--key", "--api-key", "--apikey", "--token", "--secret", "--bearer", "--password")
_KEY_SOURCES = (
    "Put it into the environment variable PINNED_EVENTS_API_KEY, or use --key-file FILE or"
    " --key-stdin. In an argument, every user of this machine and the shell's history would see it."
)
_SYMPTOMS = ("401", "403", "scope", "channel", "validation", "duplicates", "429", "not-visible")
"""Those of :data:`pinned_tui.session.SYMPTOMS`, whose import costs start-up."""

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction["_Parser"]  # noqa: SLF001 - it has no public name

_WORD = re.compile(r"[A-Za-z][A-Za-z-]{0,20}")


class UsageError(Exception):
    """The command line is invalid; the message says why and what to write instead."""


class _Parser(argparse.ArgumentParser):
    """A parser that raises, and never repeats what might be a key."""

    def error(self, message: str) -> NoReturn:
        from pinned_tui.redaction.secret import may_be_key

        if may_be_key(message):  # what names the option comes first
            message = f"{message.partition(':')[0]}: invalid value (not shown: it may be a key)"
        raise UsageError(f"{message}\nSee '{self.prog} --help'.")

    def _check_value(self, action: argparse.Action, value: Any) -> None:  # noqa: ANN401 - any type
        if action.choices is None or value in action.choices:
            return
        from pinned_tui.redaction.secret import quoted

        known = ", ".join(map(str, action.choices))
        shown = quoted(str(value))
        raise argparse.ArgumentError(action, f"unknown value {shown}; choose from: {known}")

    def _print_message(self, message: str, file: object = None) -> None:
        del file  # only what was asked for is printed: help and the version
        streams.put(message)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (the table in the README)."""
    signals.install()
    streams.complete()
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        _refuse_keys(words)
        options = _parse(words)
    except (UsageError, streams.OutputError) as error:
        streams.tell(f"pinned-tui: {error}\n")
        return USAGE
    from pinned_tui.cli.runner import guarded

    module, function = options.does.split(":")
    return guarded(lambda: import_module(f"pinned_tui.cli.{module}"), function, options)


def _refuse_keys(words: Sequence[str]) -> None:
    for word in words:
        name = word.partition("=")[0].lower()
        if name in _KEY_OPTIONS:
            raise UsageError(
                f"{name} is not an option: a key never goes into an argument.\n{_KEY_SOURCES}"
            )


def _parse(words: list[str]) -> argparse.Namespace:
    bare = bool(words) and words[0].startswith("-") and words[0] not in {"-h", "--help"}
    if words and not bare and words[0] not in {*_COMMANDS, "-h", "--help"}:
        raise UsageError(_unknown_command(words[0]))
    options, extra = _make_parser(with_commands=not bare).parse_known_args(words)
    if extra:
        raise UsageError(_unknown_words(extra))
    return options


def _unknown_command(word: str) -> str:
    from pinned_tui.redaction.secret import may_be_key

    if not _WORD.fullmatch(word) or may_be_key(word):
        return (
            "Unknown command (not shown: it may be a key).\n"
            f"{_KEY_SOURCES}\nThe commands are: {', '.join(_COMMANDS)}."
        )
    from difflib import get_close_matches

    near = get_close_matches(word, _COMMANDS, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"Unknown command '{word}'.{hint}\nThe commands are: {', '.join(_COMMANDS)}."


def _unknown_words(extra: Sequence[str]) -> str:
    options = [word.partition("=")[0] for word in extra if word.startswith("-")]
    if options:
        from pinned_tui.redaction.secret import may_be_key

        plain = re.fullmatch(r"--?[A-Za-z][A-Za-z-]{0,30}", options[0])
        safe = plain and not may_be_key(options[0])
        shown = options[0] if safe else "(not shown: it may be a key)"
        return f"Unknown option {shown} for this command. See 'pinned-tui --help'."
    if extra[0] in _COMMANDS:
        return f"The command comes first: 'pinned-tui {extra[0]} …', then its options."
    return f"Unexpected argument (not shown: it may be a key).\n{_KEY_SOURCES}"


def _make_parser(*, with_commands: bool) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="pinned-tui",
        description="Finds out why a Pinned Events integration fails, and proves the fix.",
        epilog="Without a command it opens the guided terminal app.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"pinned-tui {__version__}")
    parser.set_defaults(does="app:open_app")
    _add_asking(parser)
    if not with_commands:
        return parser
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser, title="commands")
    for add in _COMMANDS.values():
        add(commands)
    return parser


def _command(commands: "_Commands", name: str, does: str, text: str) -> _Parser:
    parser = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.set_defaults(does=does)
    return parser


def _add_asking(parser: argparse.ArgumentParser) -> None:
    """Add what says where the API is, where the key comes from and what is asked for."""
    key = parser.add_argument_group(
        "the key", "By default it comes from the environment variable PINNED_EVENTS_API_KEY."
    )
    source = key.add_mutually_exclusive_group()
    source.add_argument("--key-file", metavar="FILE", help="read the key from FILE")
    source.add_argument("--key-stdin", action="store_true", help="read the key from standard input")
    asking = parser.add_argument_group("what is asked")
    asking.add_argument("--channel", metavar="ID", help="the channel (a slug or name is looked up)")
    asking.add_argument("--event", metavar="ID", help="the event")
    asking.add_argument("--event-title", metavar="TEXT", help="the event's title, or a part of it")
    asking.add_argument("--event-date", metavar="DAY", help="the day it starts: 2026-12-24")
    asking.add_argument(
        "--expect-start",
        metavar="TIME",
        help="when it should start, in local time at the venue: '2026-12-24 19:00'",
    )
    asking.add_argument("--payload", metavar="FILE", help="the body of a create request, JSON")
    asking.add_argument(
        "--need", metavar="SCOPE", action="append", default=[], help="a scope the key must have"
    )
    asking.add_argument(
        "--base-url", metavar="URL", help="where the API is (default: https://pinned.events)"
    )


def _add_check(commands: "_Commands") -> None:
    parser = _command(
        commands, "check", "check:check", "Check a key, channel, event or payload; no screen."
    )
    _add_asking(parser)
    parser.add_argument(
        "--symptom",
        choices=_SYMPTOMS,
        help="what you see; the outcome explains it, or says what to rule out next",
    )
    parser.add_argument(
        "--allow-write-probes",
        action="store_true",
        help="agree in advance to the probes that do more than read (they create nothing)",
    )
    parser.add_argument(
        "--open-links",
        action="store_true",
        help="agree to open the event's ticket links and image (other hosts, without your key)",
    )
    parser.add_argument(
        "--duplicates",
        action="store_true",
        help="look for duplicate events, on all pages of the list",
    )
    parser.add_argument(
        "--header",
        choices=("bearer", "x-api-key"),
        default="bearer",
        help="the header that your own code sends the key in (bearer)",
    )
    parser.add_argument(
        "--refused-elsewhere",
        action="store_true",
        help="your deployment answers 401 with what should be this key",
    )
    parser.add_argument(
        "--timeout", metavar="SECONDS", type=_seconds, help="budget of the whole check (30)"
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="after a problem, check again until it passes; Ctrl+C stops",
    )
    parser.add_argument(
        "--every", metavar="SECONDS", type=_seconds, help="how often to check (30; at least 10)"
    )
    parser.add_argument(
        "--watch-for", metavar="MINUTES", type=_minutes, help="how long to watch at most (60)"
    )
    _add_output(parser, ("text", "json", "markdown"))
    parser.add_argument("--no-history", action="store_true", help="don't keep the session")


def _add_inspect(commands: "_Commands") -> None:
    parser = _command(
        commands,
        "inspect",
        "inspect:inspect",
        "Find what is wrong with a key, request, response, log, settings or code; sends nothing.",
    )
    parser.add_argument("file", metavar="FILE", nargs="?", help="the input; - is standard input")
    # Words alone: the kinds themselves are loaded when something is inspected.
    kinds = (
        *("key", "curl", "httpie", "request", "response", "har", "payload", "answer", "log"),
        *("settings", "collection", "workflow", "code"),
    )
    parser.add_argument("--kind", choices=kinds, help="what it is (default: detected)")
    _add_output(parser, ("text", "json", "markdown"))
    parser.add_argument("--no-history", action="store_true", help="don't keep the session")


def _add_history(commands: "_Commands") -> None:
    parser = _command(commands, "history", "history:list_sessions", "Earlier sessions.")
    actions = parser.add_subparsers(metavar="ACTION", parser_class=_Parser, title="actions")
    listing = _command(actions, "list", "history:list_sessions", "List them, newest first.")
    _add_listing(parser, default=None)
    _add_listing(listing, default=argparse.SUPPRESS)  # what stands before the action counts too
    show = _command(actions, "show", "history:show_session", "Show one, as check printed it.")
    show.add_argument("session", metavar="SESSION", help="its id, the id's beginning, or 'last'")
    show.add_argument(
        "--format", type=_format, choices=("text", "json", "markdown"), default=argparse.SUPPRESS
    )
    delete = _command(actions, "delete", "history:delete_session", "Delete one.")
    delete.add_argument("session", metavar="SESSION", help="its id or the id's beginning")
    prune = _command(actions, "prune", "history:prune_sessions", "Delete old ones.")
    prune.add_argument("--older-than", metavar="DAYS", type=_count, help="older than DAYS days")
    prune.add_argument("--keep", metavar="N", type=_count, help="all but the newest N")


def _add_listing(parser: argparse.ArgumentParser, default: str | None) -> None:
    """Add what says which sessions are listed, and how."""
    add = parser.add_argument
    outcomes = ("healthy", "problem", "inconclusive")
    add("--filter", metavar="TEXT", default=default, help="only those that mention TEXT")
    add("--outcome", choices=outcomes, default=default, help="only those")
    add("--limit", metavar="N", type=_count, default=default, help="at most N")
    add("--format", choices=("text", "json"), default=default or "text")


def _add_report(commands: "_Commands") -> None:
    parser = _command(commands, "report", "history:report", "Write a report of a session.")
    parser.add_argument("session", metavar="SESSION", help="its id, the id's beginning, or 'last'")
    _add_output(parser, ("markdown", "json"), default="markdown")


def _add_open(commands: "_Commands") -> None:
    parser = _command(commands, "open", "app:open_file", "Look at a session file, read-only.")
    parser.add_argument("file", metavar="FILE", help="a JSON report")


def _add_explain(commands: "_Commands") -> None:
    parser = _command(
        commands, "explain", "explain:explain_code", "Explain a cause, a status or an error code."
    )
    parser.add_argument(
        "code",
        metavar="CODE",
        nargs="+",
        help="a cause (scope-missing), a status (403), an error code, or a section of the guide",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")


def _add_demo(commands: "_Commands") -> None:
    parser = _command(commands, "demo", "sandbox:demo", "The app against a local sandbox.")
    parser.add_argument("--scenario", metavar="NAME", help="start in this situation and stay in it")


def _add_sandbox(commands: "_Commands") -> None:
    parser = _command(
        commands, "sandbox", "sandbox:sandbox", "A local Pinned Events API to test against."
    )
    parser.add_argument("--scenario", metavar="NAME", default="healthy", help="the situation")
    parser.add_argument("--port", metavar="PORT", type=_port, default=0, help="default: a free one")
    parser.add_argument(
        "--behaviour",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a choice that the API's documents leave open, such as order=body,scope,channel",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--list", action="store_true", help="list the situations and stop")


def _add_output(
    parser: argparse.ArgumentParser, formats: tuple[str, ...], default: str = "text"
) -> None:
    parser.add_argument("--format", type=_format, choices=formats, default=default)
    parser.add_argument(
        "--output", metavar="FILE", help="write to FILE, not to standard output (-)"
    )
    parser.add_argument("--force", action="store_true", help="replace FILE if it exists")


_COMMANDS = {
    "check": _add_check,
    "inspect": _add_inspect,
    "explain": _add_explain,
    "history": _add_history,
    "report": _add_report,
    "open": _add_open,
    "demo": _add_demo,
    "sandbox": _add_sandbox,
}


def _format(text: str) -> str:
    return "markdown" if text == "md" else text


def _number(most: float, says: str) -> Callable[[str], float]:
    """Return what reads a number above 0 up to ``most``; ``says`` what to give."""

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = 0.0
        if not 0 < number <= most:
            raise argparse.ArgumentTypeError(says)
        return number

    return read


_seconds = _number(3600, "give seconds between 0 and 3600")
_minutes = _number(1440, "give minutes between 0 and 1440, which is a day")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise argparse.ArgumentTypeError("give a whole number")
    return int(text)


def _port(text: str) -> int:
    number = _count(text)
    if number > 65535:
        raise argparse.ArgumentTypeError("give a port from 0 to 65535")
    return number
