"""Looks at the key itself, before anything is sent: what can't work needs no request."""

from pinned_tui.checks.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.core.labels import plural
from pinned_tui.inspect.key import header_safe, inspect_key
from pinned_tui.session import Certainty, Status


async def _look(context: ProbeContext) -> list[ProbeObservation]:
    secret = context.asked.secret
    faults = inspect_key(secret.reveal() if secret else None)
    if secret is None or any(fault.cause == "key-missing" for fault in faults):
        context.halt("there is no key")
        return [ProbeObservation("key.missing", Status.FAIL, "There is no key to check.")]
    facts = secret.facts()
    data = {"source": facts.source, "length": facts.length, "shape": facts.shape}
    sure = [fault for fault in faults if fault.certainty is Certainty.CONFIRMED]
    told = [
        {"cause": f.cause, "certainty": f.certainty, "detail": f.detail, "found": f.found}
        for f in faults
    ]
    if sure or (faults and not header_safe(secret.reveal())):
        context.halt("the key as given can't work")
        summary = f"The key can't work as it is: {(sure or list(faults))[0].detail}"
        return [ProbeObservation("key.malformed", Status.FAIL, summary, data | {"faults": told})]
    if faults:
        summary = f"The key looks unusual: {faults[0].detail}"
        return [ProbeObservation("key.unusual", Status.WARN, summary, data | {"faults": told})]
    summary = f"A key is there: {plural(facts.length, 'character')}, {facts.shape}."
    return [ProbeObservation("key.present", Status.PASS, summary, data)]


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
