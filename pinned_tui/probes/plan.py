"""Which probes there are, and which of them a question calls for."""

from pinned_tui.ask import CheckRequest
from pinned_tui.probes.authentication import AUTHENTICATION
from pinned_tui.probes.channels import CHANNELS
from pinned_tui.probes.classifications import CLASSIFICATIONS
from pinned_tui.probes.contract import CONTRACT
from pinned_tui.probes.controls import CONTROLS
from pinned_tui.probes.event import EVENT
from pinned_tui.probes.events import EVENTS
from pinned_tui.probes.key import KEY
from pinned_tui.probes.links import LINKS
from pinned_tui.probes.model import Probe
from pinned_tui.probes.network import NETWORK
from pinned_tui.probes.payload import PAYLOAD, PAYLOAD_FORM, PAYLOAD_SLUGS
from pinned_tui.probes.scopes import CREATE_SCOPE, MEDIA_SCOPE, UPDATE_SCOPE

PROBES: tuple[Probe, ...] = (
    KEY,
    PAYLOAD_FORM,
    NETWORK,
    AUTHENTICATION,
    CONTROLS,
    CHANNELS,
    EVENTS,
    EVENT,
    LINKS,
    CLASSIFICATIONS,
    CONTRACT,
    PAYLOAD_SLUGS,
    CREATE_SCOPE,
    PAYLOAD,
    UPDATE_SCOPE,
    MEDIA_SCOPE,
)
"""Every probe, in the order in which results are shown: the order of the layers."""


def narrowed(planned: tuple[Probe, ...], deciding: frozenset[str]) -> tuple[Probe, ...]:
    """Return of ``planned`` only those that decide, and those that they build on.

    Args:
        planned: What a question calls for.
        deciding: Ids of the probes that decide.
    """
    wanted: set[str] = set()
    for probe in reversed(planned):  # what comes before is earlier in the order of the layers
        if probe.id in deciding or probe.id in wanted:
            wanted |= {probe.id, *probe.after, *probe.awaits}
    return tuple(probe for probe in planned if probe.id in wanted)


def plan(asked: CheckRequest) -> tuple[Probe, ...]:
    """Return the probes that ``asked`` calls for, those that need consent among them."""
    return tuple(probe for probe in PROBES if probe.wanted(asked))
