"""How the tests of the command line run the program."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pinned_tui.sandbox.server import Sandbox


@dataclass(frozen=True)
class Result:
    """What a run of the program left: exit code, output, and its folders."""

    code: int
    out: str
    err: str
    home: Path
    work: Path

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def files(self) -> Iterator[Path]:
        for folder in (self.home, self.work):
            if folder.exists():
                yield from (path for path in folder.rglob("*") if path.is_file())


class Program(Protocol):
    def __call__(
        self,
        *words: str,
        key: str | None = None,
        stdin: bytes = b"",
        env: dict[str, str] | None = None,
    ) -> Result: ...


def key_of(sandbox: Sandbox) -> str:
    secret = sandbox.situation.secret
    assert secret is not None
    return secret.reveal()
