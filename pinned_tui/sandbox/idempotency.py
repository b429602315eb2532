"""Idempotency of creates, as the vendor's page *idempotency* documents it.

A key that succeeded replays its answer for 15 minutes; a key in progress is held for 45 seconds;
a create that is refused never takes its key. After a window the key is forgotten, and the same
request creates again: that is why a stable key alone does not keep late retries from duplicating.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec

from pinned_tui.clock import Clock
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.refusals import conflict
from pinned_tui.sandbox.wire import ApiResponse

_EXACT = 2.0**53
_LARGEST = 2**63 - 1


@dataclass(eq=False, slots=True)
class StoredResponse:
    """One idempotency key in use; ``answer`` is None while its create is in progress."""

    payload: str
    expires_at: float
    answer: ApiResponse | None = None


class IdempotencyStore:
    """The idempotency keys in use, each owner's apart from the others'."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[tuple[str, str], StoredResponse] = {}
        self.replays = 0

    def in_progress(self) -> int:
        """Count the creates that have begun and neither finished nor run out of time."""
        self._forget()
        return sum(entry.answer is None for entry in self._entries.values())

    def begin(
        self, owner: str, key: str, payload: str, behaviour: Behaviour
    ) -> StoredResponse | ApiResponse:
        """Reserve ``key`` for a create of ``payload`` (from :func:`canonical`).

        Returns:
            The entry to settle once the create has succeeded, or the answer to replay.

        Raises:
            RefusalError: 409, when the key was used with another payload or is in progress.
        """
        self._forget()
        held = self._entries.get((owner, key))
        if held is None:
            window_s = behaviour.in_progress_window_s
            entry = StoredResponse(payload=payload, expires_at=self._clock.monotonic() + window_s)
            self._entries[owner, key] = entry
            return entry
        if held.payload != payload:
            raise conflict("This key was used with a different payload. Use a new key for it.")
        if held.answer is None:
            raise conflict("A request with this key is still in progress. Retry it later.")
        self.replays += 1
        return held.answer

    def settle(
        self, owner: str, key: str, entry: StoredResponse, answer: ApiResponse, behaviour: Behaviour
    ) -> None:
        """Keep the success of ``entry``, unless another create has taken its key meanwhile."""
        if self._entries.setdefault((owner, key), entry) is entry:
            entry.answer = answer
            entry.expires_at = self._clock.monotonic() + behaviour.succeeded_window_s

    def _forget(self) -> None:
        now = self._clock.monotonic()
        over = [at for at, entry in self._entries.items() if entry.expires_at <= now]
        for at in over:
            del self._entries[at]


def canonical(body: dict[str, Any]) -> str:
    """Return a digest that is the same for payloads of equal meaning.

    The order of keys, white space and the spelling of whole numbers don't count, as in RFC 8785.
    """
    return hashlib.sha256(msgspec.json.encode(body, order="sorted")).hexdigest()


def whole_numbers(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with ``204.0`` written as ``204``: JSON has one kind of number.

    Raises:
        OverflowError: a number is too large to be kept or sent on exactly.
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise OverflowError
    if isinstance(value, dict):
        return {key: whole_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [whole_numbers(item) for item in value]
    return value
