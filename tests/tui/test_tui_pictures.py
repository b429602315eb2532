"""The app against the pictures in ``screenshots/``, which the README shows.

A picture that differs is not wrong by itself: look at it, and take the pictures anew with
``python -m tests.pictures`` when it is as it should be.
"""

import re
from pathlib import Path

import pytest

from tests.pictures import FOLDER
from tests.tui.scenes import SCENES, Scene, pictures


def lines(svg: str) -> list[str]:
    """Return what is on a picture, line by line, styles and all."""
    return re.findall(r"<text .*?</text>|<rect .*?/>", svg)


@pytest.mark.thorough
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_the_app_looks_as_in_its_pictures(scene: Scene, tmp_path: Path) -> None:
    for name, svg in (await pictures(scene, tmp_path)).items():
        assert lines(svg) == lines(stored(name)), f"{name} looks different"


def stored(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text("utf-8")


def test_every_picture_is_of_a_scene() -> None:
    named = {f"{scene.name}-{size}" for scene in SCENES for size in scene.sizes}
    assert {path.stem for path in FOLDER.glob("*.svg")} == named
