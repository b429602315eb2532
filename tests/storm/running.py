"""Takes walks, one after the other, each in a fresh folder."""

import random
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from pinned_tui.sandbox.server import Sandbox
from tests.storm.places import Places
from tests.storm.walk import Outcome, Walk


class Storm:
    """Everything that the walks of one run share."""

    def __init__(self, *, sessions: int) -> None:
        """Prepare a run whose largest history holds ``sessions``."""
        self._folder = tempfile.TemporaryDirectory(prefix="storm-")
        self._places = Places(Path(self._folder.name), sessions=sessions)
        self._sandbox = Sandbox()

    def walk(self, kind: str, seed: str, keys: int) -> Outcome:
        """Take the walk of ``kind`` that ``seed`` stands for."""
        with tempfile.TemporaryDirectory(prefix="storm-walk-") as own:
            folder = Path(own)
            walk = Walk(kind, seed, folder)
            chance = random.Random(f"start {seed}")
            start = self._places.start(kind, folder / "data", self._sandbox, chance)
            return walk.take(start, keys)

    def __enter__(self) -> Self:
        self._sandbox.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._sandbox.stop()
        self._folder.cleanup()
