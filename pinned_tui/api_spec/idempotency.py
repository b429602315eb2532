"""How long the API remembers an idempotency key (page *Idempotency*)."""

from datetime import timedelta
from typing import Final

KEPT_FOR: Final = timedelta(minutes=15)
"""After a success: so long the same key gets the same response, and creates nothing."""

HELD_FOR: Final = timedelta(seconds=45)
"""While a create is in progress: so long the key is held for it."""
