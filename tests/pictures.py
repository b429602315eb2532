"""Takes the pictures of all main screens anew: ``python -m tests.pictures [FOLDER] [NAME ...]``.

They come from the real app before the real sandbox, on a clock that stands still, so that the
same app gives the same pictures; the tests hold the app against them.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.tui.scenes import SCENES, pictures

FOLDER = Path(__file__).parent.parent / "screenshots"


async def take(folder: Path, names: set[str]) -> None:
    for scene in SCENES:
        if names and scene.name not in names:
            continue
        with tempfile.TemporaryDirectory() as empty:
            taken = await pictures(scene, Path(empty))
        for name, svg in taken.items():
            (folder / f"{name}.svg").write_text(svg, "utf-8")
            print(name)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(folder, set(sys.argv[2:])))
