"""What a check would do, told before it does it, and what each probe is good for."""

from dataclasses import dataclass, replace

from pinned_tui.checks.model import Probe
from pinned_tui.checks.probes.authentication import AUTHENTICATION, CONTROLS
from pinned_tui.checks.probes.channels import CHANNELS
from pinned_tui.checks.probes.event import EVENT
from pinned_tui.checks.probes.events import EVENTS
from pinned_tui.checks.probes.key import KEY
from pinned_tui.checks.probes.links import LINKS, destination
from pinned_tui.checks.probes.network import NETWORK
from pinned_tui.checks.probes.payload import PAYLOAD, PAYLOAD_FORM, PAYLOAD_SLUGS
from pinned_tui.checks.probes.reference_data import CLASSIFICATIONS, CONTRACT
from pinned_tui.checks.probes.scopes import CREATE_SCOPE, MEDIA_SCOPE, UPDATE_SCOPE
from pinned_tui.checks.request import CheckRequest, RawCheckRequest, understand
from pinned_tui.diagnosis.differential import ProbeOption
from pinned_tui.guide.loader import symptoms
from pinned_tui.session import NOT_SURE, Cost, Session, Symptom

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


def about(ask: RawCheckRequest, symptom: Symptom | None) -> RawCheckRequest:
    """Return ``ask`` as it is for a user who came with ``symptom``, whichever face they came to.

    What the symptom's section of the guide needs in order to read is asked for as well.
    """
    head = next((one for one in symptoms() if one.named == symptom), None) if symptom else None
    return replace(
        ask,
        symptom=symptom,
        everything=symptom == NOT_SURE,
        twins=ask.twins or symptom == "duplicates",
        needs=ask.needs | frozenset(head.needs if head is not None else ()),
    )


def symptom_of(section: str | None) -> Symptom | None:
    """Return the symptom that choosing a section of the guide names; no section is *not sure*."""
    if section is None:
        return NOT_SURE
    return next((head.named for head in symptoms() if head.id == section), None)


@dataclass(frozen=True, slots=True)
class ProbeCard:
    """What a probe would do, to be shown before it does it.

    Attributes:
        route: Method and path below the API's namespace; None where nothing is sent over HTTP.
        consent: Whether it does more than read, so that the user has to agree.
        scope: The scope that the route needs, if one is known.
    """

    id: str
    title: str
    method: str | None
    route: str | None
    could_change: str
    leaves: str
    consent: bool
    scope: str | None


def planned(ask: RawCheckRequest, session: Session | None = None) -> tuple[ProbeCard, ...]:
    """Return the ledger of what a check would do, in order, before anything is sent.

    Args:
        ask: What is asked.
        session: What was seen until now, which may tell more of where something would be sent.

    Raises:
        CheckRequestError: what is asked for can't be meant.
    """
    asked = understand(ask)
    return tuple(
        ProbeCard(
            id=probe.id,
            title=probe.title,
            method=probe.method,
            route=destination(probe, session, asked.event_id),
            could_change=probe.could_change,
            leaves=probe.leaves,
            consent=probe.needs_consent,
            scope=probe.route.scope if probe.route else None,
        )
        for probe in plan(asked)
    )


def _cost(probe: Probe) -> Cost:
    if probe.needs_consent:
        return "consent"
    return "reads" if probe.route is not None else "free"


MEANS = tuple(
    ProbeOption(
        probe=probe.id,
        title=probe.title,
        cost=_cost(probe),
        scope=probe.route.scope if probe.route is not None else None,
        though_halted=probe.though_halted,
    )
    for probe in PROBES
)
"""All probes, as means to tell causes apart."""


def asking_too(ask: RawCheckRequest, probe: str) -> RawCheckRequest | None:
    """Return ``ask`` widened as little as possible so that ``probe`` is among its checks.

    Args:
        ask: What was asked so far.
        probe: The id of a probe.

    Returns:
        None where the probe needs something that only the user can give, such as a payload.
    """
    scope = next((m.scope for m in MEANS if m.probe == probe), None)
    widened = [
        ask,
        replace(ask, needs=ask.needs | ({scope} if scope else set())),
        replace(ask, open_links=True),
        replace(ask, everything=True),
    ]
    return next((one for one in widened if probe in {card.id for card in planned(one)}), None)
