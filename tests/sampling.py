"""Which of many like cases are always tried; the others are left to the thorough run."""

from collections.abc import Iterable
from typing import Any

import pytest


def one_in(every: int, cases: Iterable[Any]) -> list[Any]:
    """Return the ``cases`` for a parametrisation, of which one in ``every`` is always run.

    Args:
        every: How many cases there are for each that is always run: the first of them is.
        cases: What is tried; the values of a case of several are a tuple.
    """
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=() if number % every == 0 else pytest.mark.thorough,
        )
        for number, case in enumerate(cases)
    ]
