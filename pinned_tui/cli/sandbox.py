"""``pinned-tui demo`` and ``pinned-tui sandbox``: the local Pinned Events API."""

import argparse
import contextlib
import json
import sys
from typing import TYPE_CHECKING

from pinned_tui.cli.runner import CommandError
from pinned_tui.cli.streams import give_up, put

if TYPE_CHECKING:
    from pinned_tui.sandbox.demo import SandboxDemo


def demo(options: argparse.Namespace) -> int:
    """Open the app against a sandbox that lives as long as the app does.

    Raises:
        CommandError: there is no such situation; it names the nearest one.
    """
    from pinned_tui.cli.app import open_demo

    with contextlib.closing(_demo(options.scenario)) as running:
        return open_demo(running, options.secrets)


def _demo(chosen: str | None) -> "SandboxDemo":
    from pinned_tui.sandbox.demo import SandboxDemo

    if chosen is None:
        return SandboxDemo()
    from pinned_tui.sandbox.scenarios import UnknownScenarioError  # takes long to import

    try:
        return SandboxDemo(chosen)
    except UnknownScenarioError as error:
        raise CommandError(str(error)) from None


def sandbox(options: argparse.Namespace) -> int:
    """Serve until interrupted.

    Raises:
        CommandError: there is no such choice of behaviour.
    """
    from pinned_tui.sandbox.behaviour import BehaviourError, read_behaviour
    from pinned_tui.sandbox.serve import serve

    if options.list:
        return _list(options.format)
    try:
        behaviour = read_behaviour(options.behaviour)
    except BehaviourError as error:
        raise CommandError(str(error)) from None
    try:
        return serve(
            options.scenario,
            out=sys.stdout,
            err=sys.stderr,
            port=options.port,
            format=options.format,
            behaviour=behaviour,
        )
    except OSError as error:  # no one can be told what to use
        give_up(error)
        return 0


def _list(shape: str) -> int:
    from pinned_tui.sandbox.scenarios import load_scenario, scenario_names

    scenarios = {name: load_scenario(name) for name in scenario_names()}
    if shape == "json":
        rows = [{"name": n, "title": s.title, "story": s.story} for n, s in scenarios.items()]
        put(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        return 0
    put("".join(f"{name:<20} {scenario.title}\n" for name, scenario in scenarios.items()))
    return 0
