"""Starts checks from the pages: not while the API asks to wait, and not without consent."""

from dataclasses import replace
from typing import TYPE_CHECKING

from pinned_tui.core.labels import wait
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Purpose, Session
from pinned_tui.tui.context import AppContext
from pinned_tui.tui.controller import Controller

if TYPE_CHECKING:
    from pinned_tui.checks.plan import ProbeCard
    from pinned_tui.checks.request import CheckRequest, RawCheckRequest
    from pinned_tui.guide.model import Step


def _is_whole(session: Session) -> bool:
    """Return whether the list of channels was read to its end."""
    listed = (one for one in session.latest() if one.code == "channels.listed")
    return all(one.data.get("complete") is not False for one in listed)


class CheckStarter:
    """Asks the user what has to be asked before a check starts."""

    def __init__(self, app: AppContext, controller: Controller) -> None:
        """Ask over the pages of ``app``."""
        self._app = app
        self._controller = controller
        self._state = controller.state

    async def start(self, purpose: Purpose, request: "RawCheckRequest") -> None:
        """Run the checks for ``request``; where nothing is to be sent, keep it for the next one."""
        waiting = self.must_wait("The next check will include it.")
        consented = None if waiting else await self.with_consent(request)
        if consented is None:
            self._state.note(request)
        else:
            await self._controller.run(purpose, consented)

    def must_wait(self, then: str) -> bool:
        """Return whether the API asks to wait; if so, say it, and what comes ``then``."""
        until = self._controller.wait_until
        if until is None:
            return False
        left = wait(until - self._controller.services.clock.now())
        self._app.say(
            f"The API asks you to wait {left} more, so nothing was sent. {then}", severity="warning"
        )
        return True

    async def with_consent(self, request: "RawCheckRequest") -> "RawCheckRequest | None":
        """Return ``request`` with the user's consent to each check that does more than read.

        Each run asks anew: consent is to one request, not to those of later runs. None is Escape:
        nothing is to be sent at all.
        """
        from pinned_tui.checks.plan import planned

        cards = planned(request, self._state.session)
        agreed: set[str] = set()
        for card in cards:
            if card.consent:
                answer = await self.agrees_to(card)
                if answer is None:
                    return None
                agreed |= {card.id} if answer else set()
        return replace(request, consented=frozenset(agreed))

    async def agrees_to(self, card: "ProbeCard") -> bool | None:
        """Return whether the user consents to the check of ``card``; None is Escape."""
        from pinned_tui.tui.screens.dialogs import ConfirmScreen

        return await self._app.pages.ask(
            ConfirmScreen(
                f"May this be sent? {card.title}",
                "This check does more than read, so it asks you first. Without it, the others"
                " still run. Esc sends nothing at all.",
                facts=[
                    ("Request", f"{card.method} {card.route}"),
                    ("Could change", card.could_change),
                    ("Leaves behind", card.leaves),
                ],
                yes="Send it",
                no="Don't send it",
            )
        )

    async def take_input(self, step: "Step", text: str | None, secret: Secret | None) -> bool:
        """Check with what was typed, and return whether it can be used."""
        from pinned_tui.checks.request import CheckRequestError, event_or_title, understand

        current = self._state.request
        if step.input == "key":
            if secret is None:
                self._app.say("Paste or type the key first.", severity="warning")
                return False
            await self.start("verify", replace(current, secret=secret))
            return True
        if not text:
            self._app.say("Type something first, or choose another answer.", severity="warning")
            return False
        if step.input == "channel":
            request = replace(current, channel=text)
        elif step.input == "event":
            event, title = event_or_title(text)
            request = replace(current, event=event, event_title=title)
        elif step.input == "moment":
            request = replace(current, expected_start=text)
        else:
            return True
        try:
            understood = understand(request)
        except CheckRequestError as error:
            self._app.say(str(error), severity="warning")
            return False
        if step.input == "channel" and (problem := self._refused(understood)) is not None:
            self._app.say(problem, severity="warning")
            return False
        if request != current:
            await self.start("check", request)
        return True

    def _refused(self, understood: "CheckRequest") -> str | None:
        """Return why the channel can't be the one to use instead; a name is left to the checks."""
        session, _ = self._state.active()
        channel = understood.channel_id
        if channel is None or any(one.id == channel for one in session.channels):
            return None
        if session.channels and _is_whole(session):
            return (
                f"Channel {channel} is not in the list. Type an ID from it, or choose another"
                " answer."
            )
        if channel == session.target.channel_id:
            return f"Channel {channel} is the one being checked. Type another ID."
        return None
