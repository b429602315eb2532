"""Where a session is in the guide, as the pages show it. Pure."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pinned_tui.session import Observation, Session

if TYPE_CHECKING:
    from pinned_tui.guide.model import Guide, Step, VendorRule
    from pinned_tui.guide.walker import StepView


@dataclass(frozen=True, slots=True)
class GuidePosition:
    """A session and the guide that it is walked through with."""

    guide: "Guide"
    session: Session

    @property
    def view(self) -> "StepView | None":
        """What to show at the current step; None at the verdict."""
        from pinned_tui.guide import walker

        return walker.current(self.guide, self.session)

    @property
    def ahead(self) -> "tuple[Step, ...]":
        """The steps that probably follow the current one."""
        from pinned_tui.guide import walker

        return walker.road_ahead(self.guide, self.session)

    @property
    def rules(self) -> "tuple[VendorRule, ...]":
        """The vendor's rules that the current step goes through."""
        view = self.view
        return () if view is None else self.guide.rules_of(view.step)

    @property
    def shown(self) -> tuple[Observation, ...]:
        """What the checks saw of what the current step is about."""
        view = self.view
        codes = () if view is None else view.step.shows
        return tuple(seen for seen in self.session.latest() if seen.code in codes)

    @property
    def section_title(self) -> str:
        """The title of the section, or an empty text where there is none."""
        section = self.guide.section(self.session.section)
        return section.title if section is not None else ""
