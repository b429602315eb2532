"""Takes the pictures of all main screens anew: ``python -m tests.pictures [FOLDER] [NAME ...]``.

They come from the real app before the real sandbox, on a clock that stands still, so that the
same app gives the same pictures.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.tui.scenes import SCENES, picture

FOLDER = Path(__file__).parent.parent / "screenshots"


async def take(folder: Path, names: set[str]) -> None:
    for scene in SCENES:
        for size in scene.sizes:
            name = f"{scene.name}-{size}"
            if names and not names & {scene.name, name}:
                continue
            with tempfile.TemporaryDirectory() as empty:
                svg = await picture(scene, size, Path(empty))
            (folder / f"{name}.svg").write_text(svg, "utf-8")
            print(name)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(folder, set(sys.argv[2:])))
