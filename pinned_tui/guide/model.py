"""What the guide is made of: sections, steps, options, and the vendor's rules that they cover.

The words are in ``data/*.toml``, one file a section; these types are the shape of those files.
"""

from collections.abc import Iterable
from typing import Annotated, Final, Literal, get_args

import msgspec

from pinned_tui.session import Certainty, NamedSymptom, Scope
from pinned_tui.session.codes import ProbeId

VERDICT = "@verdict"
"""Where every way through a section ends: in place of a step's id."""

UNSURE = "unsure"
"""Id of the option that moves on where a user can't tell; every question has it."""

LATER = "later"
"""Id of the option that puts off what a step says to do."""

TYPED = "input"
"""Id of the option by which a user hands in what they typed."""

GuideSectionId = Literal[
    "unauthorized",
    "forbidden",
    "missing-scope",
    "wrong-channel",
    "validation",
    "duplicates",
    "rate-limits",
    "lost-secret",
    "not-visible",
]

SECTION_IDS: Final[tuple[GuideSectionId, ...]] = get_args(GuideSectionId)
"""The guide's sections in the vendor's order; each is a file in ``data``."""

Consented = Literal["create-scope", "update-scope", "media-scope", "payload"]
"""The probes that do more than read, each asked for before it runs."""

RequestedInput = Literal[
    "channel", "channel?", "event", "event?", "payload", "payload?", "scope", "scope?"
]
"""What Connect asks for besides the key; with ``?`` it may be left out."""

StepKind = Literal["choice", "input", "action"]
StepInput = Literal["channel", "event", "payload", "key", "moment", "text"]
StepActionId = Literal["create-key", "verify-new-key", "revoke-old-key", "verify-old-key-dead"]

Further = Literal["links", "x-api-key"]
"""What an answer can call for: the event's ticket links, the key in the other header."""

Text = Annotated[str, msgspec.Meta(min_length=1)]


class GuideRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something read from a data file, where a misspelt name is a fault."""


class Option(GuideRow, frozen=True, kw_only=True):
    """One answer to a step.

    Attributes:
        label: The answer in the user's words, short enough for one line.
        next: Id of the step it leads to, or :data:`VERDICT`.
        evidence: Conditions (:mod:`pinned_tui.guide.conditions`); any that holds preselects this
            option, unless an earlier option of the step holds as well.
        cause: Id of the cause that the answer concludes.
        certainty: How far the answer alone carries that cause.
        subject: What the answer names, a scope or a field; causes concluded from here on are
            about it.
        calls_for: What the checks have to look at besides, now that the answer is known.
    """

    id: Text
    label: Text
    next: Text
    evidence: tuple[Text, ...] = ()
    cause: Text | None = None
    certainty: Certainty = Certainty.LIKELY
    subject: Text | None = None
    calls_for: tuple[Further, ...] = ()


class Step(GuideRow, frozen=True, kw_only=True):
    """A node of the tree: a question, something to type, or something to do.

    Attributes:
        id: Unique in the whole guide.
        title: A few words for the drawing of the tree.
        kind: ``choice`` asks; ``input`` wants something typed; ``action`` is an instruction.
        question: What is asked, or what to do.
        why: Why it is asked.
        look: Where to look, or what to type.
        covers: Ids of the vendor's rules that this step goes through.
        probes: The live checks to show beside it.
        shows: Codes of the observations that the question is about; what they say is shown with
            the check that made them.
        options: The answers; an ``input`` step has one with the id :data:`TYPED`.
        input: What is typed. What is typed for ``key`` is never kept.
        do: What the program may carry out or verify for the user.
        docs: A page of the vendor's documentation, where the section's own is not the best.
    """

    id: Text
    title: Text
    kind: StepKind = "choice"
    question: Text
    why: Text
    look: Text | None = None
    covers: tuple[Text, ...] = ()
    probes: tuple[ProbeId, ...] = ()
    shows: tuple[Text, ...] = ()
    options: tuple[Option, ...] = msgspec.field(name="option")
    input: StepInput | None = None
    do: StepActionId | None = None
    docs: Text | None = None

    def option(self, option_id: str) -> Option | None:
        """Return the option of that id, or None."""
        return next((o for o in self.options if o.id == option_id), None)


class SymptomHead(GuideRow, frozen=True, kw_only=True):
    """The head of a section: all that is needed to offer it and to prepare for it.

    Attributes:
        title: As the vendor's guide has it.
        symptom: What the user sees, in the first person.
        named: The symptom by which the command line and sessions name it; None where nothing
            fails.
        hint: One line that tells it from its neighbours.
        docs: Page of the vendor's documentation.
        asks: What has to be known before the checks run.
        needs: Scopes that this section's checks need in order to read.
        consent: Probes that do more than read and would help, each asked for.
        needs_key: Whether the walk starts with a key in hand.
        first: Id of the first step.
    """

    id: Text
    number: int
    title: Text
    symptom: Text
    hint: Text
    named: NamedSymptom | None = None
    docs: Text
    asks: tuple[RequestedInput, ...] = ()
    needs: tuple[Scope, ...] = ()
    consent: tuple[Consented, ...] = ()
    needs_key: bool = True
    first: Text


class Section(SymptomHead, frozen=True, kw_only=True):
    """A section of the guide with its steps, in the order in which they are usually met."""

    steps: tuple[Step, ...]

    def step(self, step_id: str | None) -> Step | None:
        """Return the step of that id, or None."""
        return next((s for s in self.steps if s.id == step_id), None)


class VendorRule(GuideRow, frozen=True, kw_only=True):
    """A rule of the vendor's guide, said in our words.

    Attributes:
        section: Id of the section that it stands in.
        digest: First 16 hex digits of the SHA-256 of the vendor's bullet or paragraph, white
            space normalised and the bullet mark taken off. A paragraph may hold several rules.
    """

    id: Text
    section: Text
    says: Text
    digest: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16}$")]


class Guide(msgspec.Struct, frozen=True, kw_only=True):
    """The whole decision tree."""

    sections: tuple[Section, ...]
    rules: tuple[VendorRule, ...]

    def section(self, section_id: str | None) -> Section | None:
        """Return the section of that id, or None."""
        return next((s for s in self.sections if s.id == section_id), None)

    def rules_of(self, step: Step) -> tuple[VendorRule, ...]:
        """Return the vendor's rules that ``step`` goes through, to be shown beside it."""
        return tuple(rule for rule in self.rules if rule.id in step.covers)

    def steps(self) -> Iterable[tuple[Section, Step]]:
        """Yield every step with its section."""
        return ((section, step) for section in self.sections for step in section.steps)
