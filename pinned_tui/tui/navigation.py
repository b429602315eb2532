"""The way from Home to a proven fix: which page comes after which, and what is asked between."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pinned_tui.core.labels import wait
from pinned_tui.guide.model import TYPED, VERDICT
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Cost, NextStep, Purpose, Session
from pinned_tui.tui.controller import Controller

if TYPE_CHECKING:
    from textual.screen import Screen

    from pinned_tui.checks.plan import ProbeCard
    from pinned_tui.checks.request import CheckRequest, RawCheckRequest
    from pinned_tui.guide.model import Step, SymptomHead
    from pinned_tui.tui.app import PinnedApp

_CHEAPEST_FIRST: tuple[Cost, ...] = ("free", "reads", "asks", "consent")
"""What would tell, from what costs nothing to what needs the person's word."""

_MENDED_BY_ANOTHER_KEY = frozenset({"key", "authentication", "scope"})
"""Layers whose causes a replacement key may mend."""


def _is_whole(session: Session) -> bool:
    """Tell whether the list of channels was read to its end."""
    listed = (one for one in session.latest() if one.code == "channels.listed")
    return all(one.data.get("complete") is not False for one in listed)


class Navigation:
    """Leads through the pages. Its coroutines run as leads of :class:`Pages`, one at a time."""

    def __init__(self, app: "PinnedApp", controller: Controller) -> None:
        """Lead through the pages of ``app``."""
        self._app = app
        self._pages = app.pages
        self._controller = controller

    # -- from Home to the first question -------------------------------------------------------

    async def connect(self, section: str | None) -> None:
        """Go from Home to Connect; in the demo, into the situation that goes with it."""
        controller = self._controller
        controller.choose(section)
        demo = controller.services.demo
        if demo is not None:
            card = await asyncio.to_thread(demo.situation_for, section)
            name = demo.chosen or card.name
            await controller.situated.enter(name)
        await self._show_connect()

    async def change_situation(self) -> None:
        """Let the person choose another situation of the sandbox, and prepare Connect for it."""
        from pinned_tui.tui.screens.dialogs import SituationScreen

        controller = self._controller
        demo, situation = controller.services.demo, controller.situated.situation
        if demo is None or situation is None:
            return
        page = self._app.screen
        name = await self._pages.ask(SituationScreen(demo.cards, situation.card.name))
        if name is not None:
            await controller.situated.enter(name)
            await self._pages.close(page)
            await self._show_connect()

    async def use_inspection(self, session: Session, ask: "RawCheckRequest") -> None:
        """Go on with a session that an inspection was written into: where it points.

        That is a question that it answers, or else the verdict. A session that was at work
        already is gone back to; what was found counts there.
        """
        from pinned_tui.tui.screens.step import StepScreen
        from pinned_tui.tui.screens.verdict import VerdictScreen

        controller, page = self._controller, self._app.screen
        at_work = controller.session is not None and controller.session.id == session.id
        await controller.adopt(session, ask)
        if at_work and len(self._app.screen_stack) > 2:
            await self._pages.close(page)
            return
        controller.walk.enter_by_evidence()
        view = controller.view
        if view is not None and view.preselected is not None:
            await self._pages.open(StepScreen())
            return
        # A question that waits for checks which nobody ran yet would lead nowhere.
        controller.walk.skip_to_verdict()
        await self._pages.open(VerdictScreen())

    async def check_live(self) -> None:
        """Go from what an inspection found to Connect, for the same session."""
        await self._controller.prepare_check()
        await self._show_connect()

    async def _show_connect(self) -> None:
        from pinned_tui.tui.screens.connect import ConnectScreen

        await self._pages.open(ConnectScreen(self._symptom()))

    def _symptom(self) -> "SymptomHead | None":
        from pinned_tui.guide.loader import symptoms

        return next((s for s in symptoms() if s.id == self._controller.section), None)

    async def begin(self, ask: "RawCheckRequest") -> None:
        """Ask for consent where it is needed, start the checks and show the first question.

        While the API asks to wait nothing is sent, whatever is asked; nor is anything where the
        person calls the start off.
        """
        if self._told_to_wait("Start again when the wait is over."):
            return
        symptom = self._symptom()
        if symptom is not None:
            ask = replace(ask, needs=ask.needs | frozenset(symptom.needs))
        consented = await self._consented(ask)
        if consented is None:
            return
        await self._controller.begin(consented)
        if self._pages.is_dropped():
            self._controller.stop()  # the user did not wait for it
        elif self._controller.section is None:
            from pinned_tui.tui.screens.checking import CheckingScreen

            await self._pages.open(CheckingScreen())
        else:
            from pinned_tui.tui.screens.step import StepScreen

            await self._pages.open(StepScreen())

    async def _consented(self, ask: "RawCheckRequest") -> "RawCheckRequest | None":
        """Return ``ask`` with the person's word on every check that does more than read.

        Each run asks anew: a yes is to one request, not to those of later runs. None is Escape:
        nothing is to be sent at all.
        """
        from pinned_tui.checks.plan import planned

        cards = planned(ask, self._controller.session)
        agreed: set[str] = set()
        for card in cards:
            if card.consent:
                answer = await self._agrees_to(card)
                if answer is None:
                    return None
                agreed |= {card.id} if answer else set()
        return replace(ask, consented=frozenset(agreed))

    async def _agrees_to(self, card: "ProbeCard") -> bool | None:
        from pinned_tui.tui.screens.dialogs import ConfirmScreen

        return await self._pages.ask(
            ConfirmScreen(
                f"May this be sent? {card.title}",
                "This check does more than read, so it asks first. Without it, the rest is"
                " checked all the same. Esc sends nothing at all.",
                facts=[
                    ("Request", f"{card.method} {card.route}"),
                    ("Could change", card.could_change),
                    ("Leaves behind", card.leaves),
                ],
                yes="Send it",
                no="Don't send it",
            )
        )

    # -- questions -----------------------------------------------------------------------------

    async def answer(
        self, step: "Step", option: str, text: str | None, secret: Secret | None
    ) -> None:
        """Take the answer to ``step``; carry out what it brings along; go on to where it leads.

        Where the session is at another step meanwhile, the answer is dropped.
        """
        if not self._controller.walk.is_at(step.id):
            return
        if option == TYPED and not await self._take_input(step, text, secret):
            return
        if not self._controller.walk.answer(step.id, option, text):
            return
        session = self._controller.session
        ask = self._controller.walk.widened()
        if ask != self._controller.asked:
            await self._check("check", ask)
        if session is not None and session.step == VERDICT:
            await self.show_verdict()

    async def _take_input(self, step: "Step", text: str | None, secret: Secret | None) -> bool:
        """Check with what was typed; tell whether it can be used."""
        from pinned_tui.checks.request import CheckRequestError, event_or_title, understand

        asked = self._controller.asked
        if step.input == "key":
            if secret is None:
                self._app.say("Paste or type the key first.", severity="warning")
                return False
            await self._check("verify", replace(asked, secret=secret))
            return True
        if not text:
            self._app.say("Type something first, or choose another answer.", severity="warning")
            return False
        if step.input == "channel":
            ask = replace(asked, channel=text)
        elif step.input == "event":
            event, title = event_or_title(text)
            ask = replace(asked, event=event, event_title=title)
        elif step.input == "moment":
            ask = replace(asked, expected_start=text)
        else:
            return True
        try:
            understood = understand(ask)
        except CheckRequestError as error:
            self._app.say(str(error), severity="warning")
            return False
        if step.input == "channel" and (problem := self._not_to_be_used(understood)) is not None:
            self._app.say(problem, severity="warning")
            return False
        if ask != asked:
            await self._check("check", ask)
        return True

    def _not_to_be_used(self, understood: "CheckRequest") -> str | None:
        """Say why the channel can't be the one to use instead; a name is left to the checks."""
        session, _ = self._controller.at_work()
        channel = understood.channel_id
        if channel is None or any(one.id == channel for one in session.channels):
            return None
        if session.channels and _is_whole(session):
            return (
                f"Channel {channel} is not in the list. Type an ID from it, or choose another"
                " answer."
            )
        if channel == session.target.channel_id:
            return f"Channel {channel} is the one that was asked about. Type another ID."
        return None

    async def _check(self, purpose: Purpose, ask: "RawCheckRequest") -> None:
        """Run the checks for ``ask``; where nothing is to be sent, only note what is asked."""
        waiting = self._told_to_wait("It is asked about with the next check.")
        consented = None if waiting else await self._consented(ask)
        if consented is None:
            self._controller.note(ask)
        else:
            await self._controller.run(purpose, consented)

    def _told_to_wait(self, then: str) -> bool:
        """Say so where the API asks to wait, and what comes ``then``."""
        until = self._controller.wait_until
        if until is None:
            return False
        left = wait(until - self._controller.services.clock.now())
        self._app.say(
            f"The API asks to wait {left} more, so nothing was sent. {then}", severity="warning"
        )
        return True

    # -- the verdict ---------------------------------------------------------------------------

    async def show_verdict(self) -> None:
        """Show the verdict over the last question."""
        from pinned_tui.tui.screens.verdict import VerdictScreen

        await self._pages.open(VerdictScreen())

    async def enter_where_evidence_points(self, page: "Screen[Any]") -> None:
        """Put the question that the checks point to, or the verdict, in the place of ``page``."""
        from pinned_tui.tui.screens.step import StepScreen
        from pinned_tui.tui.screens.verdict import VerdictScreen

        self._controller.walk.enter_by_evidence()
        asking = self._controller.view is not None
        await self._pages.replace(page, StepScreen if asking else VerdictScreen)

    async def verify(self) -> None:
        """Run the same checks again; what does more than read is asked about again.

        Where the key may have been replaced, the person says with which one. While the API asks
        to wait nothing is sent.
        """
        if self._told_to_wait("Verify when the wait is over."):
            return
        ask = self._controller.asked
        if self._hangs_on_the_key():
            from pinned_tui.tui.screens.dialogs import WhichKeyScreen

            answer = await self._pages.ask(WhichKeyScreen(ask.secret))
            if answer is None:
                return
            ask = replace(ask, secret=answer.secret)
        consented = await self._consented(ask)
        if consented is not None:
            await self._controller.run("verify", consented)

    def _hangs_on_the_key(self) -> bool:
        """Tell whether another key may mend what was found; the demo puts it in hand itself."""
        session, books = self._controller.at_work()
        cause = books.catalogue.get(session.first_cause) if session.first_cause else None
        demo = self._controller.services.demo is not None
        return not demo and cause is not None and cause.layer in _MENDED_BY_ANOTHER_KEY

    # -- why -----------------------------------------------------------------------------------

    def ways_to_tell(self) -> tuple[NextStep, ...]:
        """Return what would tell open causes apart and can be done here and now, cheapest first."""
        session = self._controller.session
        if session is None or self._controller.running:
            return ()
        steps = dict.fromkeys(one.next for one in session.considered if one.next is not None)
        return tuple(
            sorted(filter(self._can_tell, steps), key=lambda one: _CHEAPEST_FIRST.index(one.cost))
        )

    def _can_tell(self, step: NextStep) -> bool:
        from pinned_tui.checks.plan import asking_too

        ask = self._controller.ask
        if step.probe is None:
            return step.question is not None
        return ask is not None and asking_too(ask, step.probe) is not None

    async def tell_apart(self, step: NextStep) -> None:
        """Do what would tell: ask the question, or run the one check and what it builds on."""
        if step.question is not None:
            await self._ask_at(step.question)
        elif step.probe is not None:
            await self._look_further(step.probe)

    async def _ask_at(self, question: str) -> None:
        """Go from the page of reasons to a question of the guide."""
        page = self._app.screen
        self._controller.walk.go_to(question)
        await self._pages.close(page)
        await self._to_the_questions()

    async def _look_further(self, probe: str) -> None:
        """Run one check, and show the verdict that comes of it.

        What does more than read asks first; without the person's word nothing is sent at all.
        """
        from pinned_tui.checks.plan import asking_too, planned

        page, ask = self._app.screen, asking_too(self._controller.asked, probe)
        if ask is None:
            return
        cards = planned(ask, self._controller.session)
        card = next(card for card in cards if card.id == probe)
        if card.consent and not await self._agrees_to(card):
            return
        ask = replace(ask, consented=frozenset({probe} if card.consent else ()))
        await self._controller.run("further", ask, frozenset({probe}))
        await self._pages.close(page)

    async def back_from_verdict(self) -> None:
        """Go back to the last question, or to Connect where there was none."""
        if self._controller.can_walk:
            self._controller.walk.back()
        await self._pages.close(self._app.screen)

    async def walk_on(self) -> None:
        """Go through the questions of the section from its first one."""
        self._controller.walk.enter_section()
        await self._to_the_questions()

    async def _to_the_questions(self) -> None:
        """Go from the verdict to the question that the session is at."""
        from pinned_tui.tui.screens.step import StepScreen

        await self._pages.close(self._app.screen)
        if not isinstance(self._app.screen, StepScreen):
            await self._pages.open(StepScreen())
