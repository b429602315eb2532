"""An ordinary account for tests about permissions, which mean nothing to root."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

NOBODY = 65534


@contextlib.contextmanager
def unprivileged_folder() -> Iterator[Path]:
    """Make a folder of an ordinary account's, and be that account inside.

    The folder above it is the account's own only where the tests don't run as root.
    """
    with tempfile.TemporaryDirectory() as above:
        Path(above).chmod(0o755)
        folder = Path(above) / "own"
        folder.mkdir()
        if sys.platform == "win32" or os.geteuid() != 0:
            yield folder
        else:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
            try:
                yield folder
            finally:
                os.seteuid(0)
        folder.chmod(0o700)
