"""Runs the TUI with a history that fails as no history should, with a secret in hand."""

import os
import sys
from pathlib import Path

from pinned_tui.core.clock import SystemClock
from pinned_tui.history.entries import HistoryPage
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import KeyFacts, Session
from pinned_tui.tui import run
from pinned_tui.tui.services import Services


class FailingHistory:
    def __init__(self, value: str) -> None:
        self.value = value

    def save(self, session: Session) -> None:
        raise RuntimeError(f"can't save with {self.value}")

    def list(self, *, text: str | None = None, limit: int | None = None) -> tuple[()]:
        held = f"local {self.value}"
        raise RuntimeError(f"the list broke: {held}")

    def page(self, *, text: str | None = None, offset: int = 0, limit: int) -> HistoryPage:
        held = f"local {self.value}"
        raise RuntimeError(f"the list broke: {held}")

    def channels_listed(self, *, base_url: str, key: KeyFacts, besides: str) -> dict[int, str]:
        return {}

    def get(self, reference: str) -> Session:
        raise LookupError(reference)

    def delete(self, reference: str) -> str:
        return reference


if __name__ == "__main__":
    key = os.environ["PINNED_EVENTS_API_KEY"]
    secret = Secret(key, source="environment")
    sys.exit(
        run(
            Services(
                clock=SystemClock(),
                history=FailingHistory(key),
                base_url="https://pinned.events",
                data_folder=Path(os.environ["PINNED_TUI_DATA_DIR"]),
                environment=dict(os.environ),
                secret=secret,
                secrets=[secret],
            )
        )
    )
