"""What a crash file tells: every error of a group and every cause, and no value."""

import pytest

from pinned_tui.crash import describe
from pinned_tui.privacy.secret import Secret

KEY = Secret("pe_live_Zq8sT3vX0aLm7RkYw2NcB5hJ", source="test")
AT = "2026-06-12T10:15:00.000Z"


def failing(words: str) -> None:
    held = f"a local with {KEY.reveal()}"
    raise LookupError(f"{words} {held}")


def caught(words: str) -> Exception:
    with pytest.raises(LookupError) as info:
        failing(words)
    return info.value


def test_each_error_of_a_group_is_told_with_its_place() -> None:
    inner = ExceptionGroup("inner", [caught("second"), ValueError("third")])
    text = describe(ExceptionGroup("outer", [caught("first"), inner]), at=AT, secrets=iter([KEY]))
    for words in ("outer", "inner", "first", "second", "third", "builtins.ValueError"):
        assert words in text
    assert text.count("test_crash.py") >= 2
    assert text.count(":failing") == 2
    assert text.count("[key-1]") == 2
    assert KEY.reveal() not in text
    deeper = next(line for line in text.splitlines() if "builtins.ValueError" in line)
    assert deeper.startswith("    builtins")


def test_the_cause_of_an_error_within_a_group_is_told() -> None:
    error = ValueError("on the surface")
    error.__cause__ = caught("at the bottom of it")
    text = describe(ExceptionGroup("both", [error]), at=AT, secrets=[KEY])
    assert text.index("on the surface") < text.index("because of") < text.index("at the bottom")


def test_errors_in_a_circle_and_without_number_come_to_an_end() -> None:
    error, other = ValueError("one"), ValueError("other")
    error.__context__, other.__context__ = other, error
    assert describe(error, at=AT, secrets=[]).count("builtins.ValueError") == 2
    many = ExceptionGroup("many", [ValueError(str(number)) for number in range(10_000)])
    assert len(describe(many, at=AT, secrets=[])) < 10_000
