"""The mutation score, on a package that is made for it."""

import sys
from pathlib import Path

import pytest

from tests.mutation import NoScoreError, Score, main, score

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="mutmut forks"),
    pytest.mark.thorough,
]

CODE = '''"""Prices."""

from functools import cache


def noticed(price):
    return price + 1


class Offer:
    def unnoticed(self, price):
        # Nothing asks for it.
        return (
            price - 1
        )


@cache
def table():
    return _remembered()


def _remembered():
    return 7
'''
TESTS = """from shop.prices.offer import Offer, noticed, table


def test_noticed():
    assert noticed(1) == 2


def test_unnoticed():
    Offer().unnoticed(1)


def test_that_fills_the_cache():
    assert table() == 7
"""
BROKEN = """from shop.broken.code import one


def test_one():
    assert one() == 2
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("checkout")
    for name, text in {
        "pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['.']\n",
        "shop/__init__.py": "",
        "shop/prices/__init__.py": "",
        "shop/prices/offer.py": CODE,
        "tests/prices/test_offer.py": TESTS,
        "shop/broken/code.py": "def one():\n    return 1\n",
        "tests/broken/test_code.py": BROKEN,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


@pytest.fixture(autouse=True)
def bare_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the programs of these tests come up without plugins, which takes half their time."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def test_what_a_test_notices_is_killed_and_what_none_notices_survives(shop: Path) -> None:
    before = sorted(shop.rglob("*"))
    found = score(shop, "shop", "prices", sample=100, jobs=2)
    # Among them is a mutant of what fills the cache: it is the second try that notices it.
    assert found.tried == found.mutants == found.killed + len(found.survivors)
    assert found.killed == 3
    assert [(one.place, one.change) for one in found.survivors] == [
        ("shop/prices/offer.py:14", ("- price - 1", "+ price + 1")),
        ("shop/prices/offer.py:14", ("- price - 1", "+ price - 2")),
    ]
    assert sorted(shop.rglob("*")) == before


@pytest.mark.parametrize(("room", "why"), [("broken", "assert 1 == 2"), ("empty", "nothing to")])
def test_without_tests_that_pass_or_code_there_is_no_score(shop: Path, room: str, why: str) -> None:
    with pytest.raises(NoScoreError, match=why):
        score(shop, "shop", room, sample=1)


def test_the_score_is_the_share_that_was_noticed() -> None:
    assert str(Score(9, 2, 1, ())) == (
        "3 of 9 mutants tried: 2 killed, 0 survived, 1 timed out. Score: 100.0 %"
    )


def test_an_unknown_room_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["kitchen"])
    assert "Unknown room: kitchen" in capsys.readouterr().err
