"""Runs the program and has it signalled at a known moment: when it first imports a module."""

import os
import runpy
import signal
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class Signaller(MetaPathFinder):
    """Sends signals when ``module`` is looked for, and leaves finding it to the others."""

    def __init__(self, module: str, numbers: list[int]) -> None:
        self.module = module
        self.numbers = numbers

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == self.module:
            while self.numbers:
                os.kill(os.getpid(), self.numbers.pop(0))
        return None


if __name__ == "__main__":
    module, names, *words = sys.argv[1:]
    numbers = [int(signal.Signals[name]) for name in names.split(",")]
    sys.meta_path.insert(0, Signaller(module, numbers))
    sys.argv = ["pinned-tui", *words]
    runpy.run_module("pinned_tui", run_name="__main__")
