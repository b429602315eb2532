"""Runs the command line in this process, with everything it writes in the hand of the caller."""

import contextlib
import io
import json
import os
import sys
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pinned_tui.cli.parser import main

DATA = Path(__file__).parent / "data"
KEEP = ("PATH", "HOME", "SYSTEMROOT", "TZ")


def sets() -> list[str]:
    """Return the names of the sets, in the order in which they were written."""
    return sorted(path.name for path in DATA.iterdir())


def cases(of: str, name: str) -> list[dict[str, Any]]:
    """Return the cases of a set: those named ``secrets``, ``inspect`` or ``check``."""
    path = DATA / of / f"{name}.json"
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return found


@dataclass
class Written:
    """What commands have written.

    Attributes:
        codes: Their exit codes.
        texts: What they wrote to standard output and standard error, by a name of the caller's.
    """

    codes: list[int] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def json(self, name: str) -> dict[str, object]:
        """Return what was written under ``name`` as the JSON that it is."""
        document: dict[str, object] = json.loads(self.texts[name])
        return document


class _Stream(io.TextIOWrapper):
    """A standard stream in memory."""

    def __init__(self, data: bytes = b"") -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8", errors="surrogateescape", newline="")

    def written(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode("utf-8", "replace")


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update({name: before[name] for name in KEEP if name in before} | dict(values))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def run(
    into: Written,
    name: str,
    *words: str,
    data: Path,
    stdin: str = "",
    environment: Mapping[str, str] | None = None,
) -> int:
    """Run one command; its output goes into ``into`` as ``name`` and ``name!`` (errors)."""
    streams = (_Stream(stdin.encode("utf-8", "surrogatepass")), _Stream(), _Stream())
    real = (sys.stdin, sys.stdout, sys.stderr)
    values = {"PINNED_TUI_DATA_DIR": str(data), **(environment or {})}
    try:
        with _environment(values):
            sys.stdin, sys.stdout, sys.stderr = streams
            code = main(list(words))
    finally:
        sys.stdin, sys.stdout, sys.stderr = real
    into.codes.append(code)
    into.texts[name] = streams[1].written()
    into.texts[f"{name}!"] = streams[2].written()
    return code


def stored(folder: Path) -> bytes:
    """Return every byte below ``folder``, and what is compressed in it once more in plain."""
    raw = b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    plain = []
    at = raw.find(b"\x78")
    while at >= 0:
        with contextlib.suppress(zlib.error):
            plain.append(zlib.decompressobj().decompress(raw[at:]))
        at = raw.find(b"\x78", at + 1)
    return b"\n".join([raw, *plain])
