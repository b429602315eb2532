"""``pinned-tui demo`` and ``pinned-tui sandbox``: the local Pinned Events API."""

import argparse
import sys

from pinned_tui.commands.frame import CommandError


def demo(options: argparse.Namespace) -> int:
    """Open the app against a sandbox that lives as long as the app does."""
    from pinned_tui.commands.app import open_demo
    from pinned_tui.sandbox.demo import SandboxDemo
    from pinned_tui.sandbox.scenarios import UnknownScenarioError

    try:
        with SandboxDemo(chosen=options.scenario) as running:
            return open_demo(running, running.base_url)
    except UnknownScenarioError as error:
        raise CommandError(str(error)) from None


def sandbox(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from pinned_tui.sandbox.scenarios import UnknownScenarioError
    from pinned_tui.sandbox.serve import list_scenarios, serve

    if options.list:
        list_scenarios(sys.stdout, format=options.format)
        return 0
    try:
        return serve(
            options.scenario,
            port=options.port,
            out=sys.stdout,
            err=sys.stderr,
            format=options.format,
        )
    except UnknownScenarioError as error:
        raise CommandError(str(error)) from None
