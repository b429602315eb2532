"""Looks at the key itself, before anything is sent: what can't work needs no request."""

from typing import Any

from pinned_tui.checks.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.checks.observations import observe
from pinned_tui.core.labels import plural
from pinned_tui.inspect.key import header_safe, inspect_key
from pinned_tui.session import Certainty, Status


async def _look(context: ProbeContext) -> list[ProbeObservation]:
    secret = context.asked.secret
    faults = inspect_key(secret.reveal() if secret else None)
    if secret is None or any(fault.cause == "key-missing" for fault in faults):
        context.halt("no-key")
        return [observe("key.missing", Status.FAIL)]
    facts = secret.facts()
    data: dict[str, Any] = {"source": facts.source, "length": facts.length, "shape": facts.shape}
    sure = [fault for fault in faults if fault.certainty is Certainty.CONFIRMED]
    described = [
        {"cause": f.cause, "certainty": f.certainty, "detail": f.detail, "found": f.found}
        for f in faults
    ]
    if sure or (faults and not header_safe(secret.reveal())):
        context.halt("key-malformed")
        detail = (sure or list(faults))[0].detail
        data |= {"faults": described}
        return [observe("key.malformed", Status.FAIL, data, detail=detail)]
    if faults:
        data |= {"faults": described}
        return [observe("key.unusual", Status.WARN, data, detail=faults[0].detail)]
    characters = plural(facts.length, "character")
    return [observe("key.present", Status.PASS, data, characters=characters)]


KEY = Probe(
    id="key",
    title="Look at the key itself",
    route=None,
    could_change="nothing",
    leaves="nothing; it is done on this machine",
    after=(),
    wanted=lambda _: True,
    run=_look,
)
