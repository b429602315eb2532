"""The guide and the catalogue, read once and off the event loop."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pinned_tui.tui.services import Services

if TYPE_CHECKING:
    from pinned_tui.diagnosis.catalog import Catalog
    from pinned_tui.guide.model import Guide


@dataclass(frozen=True, slots=True)
class ReferenceData:
    """What the words and the ways come from."""

    guide: "Guide"
    catalogue: "Catalog"


async def read(services: Services) -> ReferenceData:
    """Read both in a thread."""
    guide = await asyncio.to_thread(services.guide)
    return ReferenceData(guide, await asyncio.to_thread(services.catalogue))
