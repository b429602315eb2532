"""How long and how much: no answer may hold a person up or fill the memory."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of a check.

    Attributes:
        request_s: Seconds for one request, from the name look-up to the last byte.
        check_s: Seconds for the whole check.
        name_s: Seconds for looking up the host name.
        connect_s: Seconds for a connection to come about.
        wire_bytes: Bytes of one body as it comes over the wire.
        decoded_bytes: Bytes of one body after decompression.
        pages: Pages of one list.
        pages_of_events: Pages of the list of events where duplicates are looked for.
        parallel: Pages of one list at the same time.
        at_once: Requests at the same time, of all lists and probes, where the API tells that
            there are enough left (:mod:`pinned_tui.api.gate`).
        at_once_untold: The same where it tells nothing.
    """

    request_s: float = 10.0
    check_s: float = 30.0
    name_s: float = 5.0
    connect_s: float = 5.0
    wire_bytes: int = 8 * 1024 * 1024
    decoded_bytes: int = 16 * 1024 * 1024
    pages: int = 50
    pages_of_events: int = 200
    parallel: int = 24
    at_once: int = 32
    at_once_untold: int = 10
