"""Saves sessions one after the other and says which ones are saved; run by tests as a process.

Arguments: the file, the first number, how many (0: without end), and the most bytes that a file may
have (0: no limit).
"""

import sys
from pathlib import Path

from pinned_tui.history.entries import HistoryError
from pinned_tui.history.store import HistoryStore
from tests import samples


def main(path: str, first: str, count: str, most_bytes: str) -> None:
    if int(most_bytes):
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(most_bytes), int(most_bytes)))
    store = HistoryStore.open(Path(path), clock=samples.TurnedClock())
    number = int(first)
    while int(count) == 0 or number < int(first) + int(count):
        session = samples.plain(number, section="words " * 500)
        try:
            store.save(session)
        except HistoryError as error:
            print(f"failed {error}", flush=True)
            return
        print(f"saved {session.id}", flush=True)
        number += 1


main(*sys.argv[1:])
