"""The ids of sessions: the day, and signs that are drawn."""

import random
import re
from typing import Final

_SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Digits and lower-case letters but those that are taken for one another."""

_DRAWN: Final = 8
"""Of 30 signs, five came out twice within days on a busy machine; eight don't within a lifetime."""


def new_id(day: str, chance: random.Random | None = None) -> str:
    """Return an id such as ``20261123-f2nvsq7k``.

    Args:
        day: The day on which the session begins, or a timestamp of it.
        chance: Where the signs come from; the system's own source by default.
    """
    digits = re.sub(r"\D", "", day, flags=re.ASCII)[:8]
    drawn = (chance or random.SystemRandom()).choices(_SIGNS, k=_DRAWN)
    return f"{digits}-{''.join(drawn)}"
