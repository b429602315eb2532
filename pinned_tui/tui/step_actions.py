"""What a step of the guide can carry out here: at the demo's portal, or live with a key.

Replacing a lost key is the one flow in which the program does more than look: in the demo it
uses the portal in place of the user, and everywhere it can try the new key and the old one.
"""

from dataclasses import dataclass, replace

from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Session
from pinned_tui.tui.controller import Controller


@dataclass(frozen=True, slots=True)
class StepOffer:
    """What a step offers to carry out.

    Attributes:
        label: What the button says.
        typed: What the field for a key asks for, where the key has to be typed first.
        option: The answer, by its id, that holds only once this was carried out, if there is one:
            the demo has no other portal to do it at.
        first: What to say where that answer is given before it was carried out.
    """

    label: str
    typed: str | None = None
    option: str | None = None
    first: str = ""


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What came of it.

    Attributes:
        text: In one or two sentences.
        good: Whether it is what was hoped for.
        option: The answer to the step that follows from it, by its id.
    """

    text: str
    good: bool
    option: str | None = None


def offered(action: str | None, controller: Controller) -> StepOffer | None:
    """Return what can be done for ``action`` here and now, or None."""
    demo = controller.services.demo is not None
    match action:
        case "create-key" if demo and not controller.demo.replaced:
            return _at_the_portal("Create it in the demo's portal")
        case "verify-new-key":
            # Outside the demo, what is in hand is the key that the checks began with.
            created = demo and controller.demo.replaced
            return StepOffer("Try the new key", None if created else "Paste or type the new key")
        case "revoke-old-key" if demo and controller.demo.replaced and not controller.demo.revoked:
            return _at_the_portal("Revoke it in the demo's portal")
        case "verify-old-key-dead":
            return StepOffer("Try the old key", None if demo else "Paste or type the old key")
        case _:
            return None


def _at_the_portal(label: str) -> StepOffer:
    first = f"In the demo you do this here: press p, “{label}”."
    return StepOffer(label, option="done", first=first)


async def carry_out(action: str, controller: Controller, typed: Secret | None) -> StepOutcome:
    """Carry out ``action``.

    Args:
        action: One that :func:`offered` offers.
        controller: Runs the checks.
        typed: The key that was typed for it, if one was.
    """
    if action in {"verify-new-key", "verify-old-key-dead"} and controller.wait_until is not None:
        return StepOutcome(
            "The API asks you to wait, so nothing was sent. Try again later.", good=False
        )
    match action:
        case "create-key":
            secret = await controller.demo.create_key()
            facts = secret.facts()
            return StepOutcome(
                f"Created: {facts.length} characters, {facts.shape}. It is held in memory, and"
                " the next checks use it.",
                good=True,
                option="done",
            )
        case "revoke-old-key":
            await controller.demo.revoke_old_key()
            return StepOutcome("Revoked in the demo's portal.", good=True, option="done")
        case "verify-new-key":
            return await _try_new(controller, typed)
        case _:
            return await _try_old(controller, typed)


async def _try_new(controller: Controller, typed: Secret | None) -> StepOutcome:
    ask = replace(controller.state.request, consented=frozenset())
    await controller.run("verify", ask if typed is None else replace(ask, secret=typed))
    await controller.ended()
    if saw(controller.state.session, "authentication.accepted"):
        return StepOutcome("The API accepts the new key.", good=True, option="works")
    if saw(controller.state.session, "authentication.rejected", "key.malformed", "key.missing"):
        return StepOutcome("The API rejects this key.", good=False, option="refused")
    return StepOutcome("The checks could not find out; see them beside the question.", good=False)


async def _try_old(controller: Controller, typed: Secret | None) -> StepOutcome:
    """Try the old key, and then the key in hand again, whose state is what counts."""
    kept = replace(controller.state.request, consented=frozenset())
    old = typed or await controller.demo.old_key()
    await controller.run("verify", replace(kept, secret=old))
    await controller.ended()
    seen = controller.state.session
    await controller.run("verify", kept)
    await controller.ended()
    if saw(seen, "authentication.rejected"):
        return StepOutcome(
            "The API rejects the old key (401), as it should.", good=True, option="dead"
        )
    if saw(seen, "authentication.accepted"):
        return StepOutcome("The API still accepts the old key.", good=False, option="alive")
    return StepOutcome("The checks could not find out; see the exchanges.", good=False)


def saw(session: Session | None, *codes: str) -> bool:
    """Return whether the latest run observed one of ``codes``."""
    return session is not None and any(one.code in codes for one in session.latest())
