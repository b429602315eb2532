"""Inspects a text that was restored or has several parts; places are those of the original."""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from pinned_tui.inspect.model import (
    Fault,
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    Note,
    Span,
)
from pinned_tui.inspect.parts.mapped import MappedText
from pinned_tui.inspect.parts.restoring import FILLS_IN, MOST_RESTORED, Restored, restore
from pinned_tui.inspect.parts.splitting import (
    CAME_BACK,
    LONGEST,
    Block,
    BlockKind,
    Parts,
    grouped,
    split,
)
from pinned_tui.inspect.response.notes import left_unexplained
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.tables import load_table

Look = Callable[[InputText, InspectionContext], Inspection]
"""Inspects a text as one input."""

_MOST_GROUPS = 20
_SENT = frozenset(
    {
        *(BlockKind.COMMAND, BlockKind.REQUEST, BlockKind.BODY, BlockKind.SETTINGS),
        BlockKind.FILE,
    }
)
_MAY_HAVE_PARTS = frozenset(
    {
        *(None, InputKind.CURL, InputKind.HTTPIE, InputKind.REQUEST, InputKind.RESPONSE),
        *(InputKind.ANSWER, InputKind.PAYLOAD, InputKind.LOG),
    }
)
"""What a text with several parts may be taken for; other kinds have a form of their own."""


def inspect_parts(input_text: InputText, context: InspectionContext, look: Look) -> Inspection:
    """Inspect a text as one input, or what it consists of.

    Args:
        input_text: The input.
        context: The present moment and what is known.
        look: Inspects a text that is one input.
    """
    if len(input_text.text) > MOST_RESTORED:
        return look(input_text, context)
    restored = restore(input_text.text)
    mapped = restored.mapped
    text = input_text if not restored.undone else replace(input_text, text=mapped.text)
    whole = look(text, context)
    found = _in_parts(mapped, whole, context, look)
    if found is None:
        if not restored.undone:
            return whole
        found = _at_home(whole, mapped)
    if FILLS_IN in restored.undone:  # a version without the user's variables is not their script
        found = replace(found, correction=None)
    return _with_note(found, restored)


def _in_parts(
    mapped: MappedText, whole: Inspection, context: InspectionContext, look: Look
) -> Inspection | None:
    """Inspect the parts of a text; None where it is one input, or its parts tell no more."""
    if whole.kind not in _MAY_HAVE_PARTS or len(mapped.text) > LONGEST:
        return None
    parts_of = split(mapped.text)
    groups = grouped(parts_of.blocks)[:_MOST_GROUPS]
    if not groups or not _is_worth_it(parts_of, groups, whole):
        return None
    parts: list[Inspection] = []
    for group in groups:
        cut = mapped.cut((block.span for block in group), "\n")
        inspected = look(InputText(cut.text), context)
        if inspected.kind is None:
            return None
        part = _at_home(_corrected_alone(inspected, group, mapped, context, look), cut)
        own = parts[-1].faults if parts and _came_back(group) else ()
        parts.append(replace(part, faults=left_unexplained(part.faults, own)) if own else part)
    if not any(part.judged for part in parts):
        return None
    return _together(parts)


def _corrected_alone(
    inspection: Inspection,
    group: Sequence[Block],
    mapped: MappedText,
    context: InspectionContext,
    look: Look,
) -> Inspection:
    """Return an inspection whose corrected version has nothing of what came back before."""
    if inspection.correction is None or len(group) == 1:
        return inspection
    sent = mapped.cut((one.span for one in group if one.kind in _SENT), "\n")
    return replace(inspection, correction=look(InputText(sent.text), context).correction)


def _came_back(group: Sequence[Block]) -> bool:
    return group[0].kind in CAME_BACK


def _is_worth_it(parts: Parts, groups: Sequence[Sequence[Block]], whole: Inspection) -> bool:
    """Return whether a text has parts that no reader takes together, or prose around them."""
    kinds = {group[0].kind for group in groups}
    if whole.kind in {InputKind.REQUEST, InputKind.RESPONSE}:
        # Messages one after the other are read as they are.
        return parts.has_headings and bool(_SENT & kinds)
    if whole.kind is InputKind.LOG and kinds.isdisjoint({BlockKind.COMMAND, BlockKind.FILE}):
        return False
    if whole.kind is None and kinds <= {BlockKind.SETTINGS, *CAME_BACK}:
        return False
    if whole.kind is InputKind.ANSWER and not _SENT & kinds:
        return False
    prose = any(block.kind is BlockKind.PROSE for block in parts.blocks)
    return prose or parts.has_headings or len(groups) > 1


def _together(parts: Sequence[Inspection]) -> Inspection:
    """Return what the inspections of the parts come to; a fault that several show is said once."""
    if len(parts) == 1:
        return parts[0]
    faults: dict[tuple[str, str | None, str], Fault] = {}
    for part in parts:
        for fault in part.faults:
            faults.setdefault((fault.cause, fault.subject, fault.detail), fault)
    leading = next((part for part in parts if part.faults), parts[0])
    summary = say(
        "input.parts.several",
        count=len(parts),
        parts=" ".join(part.summary for part in parts),
    )
    corrections = [part.correction for part in parts if part.correction is not None]
    return Inspection(
        leading.kind,
        summary,
        tuple(faults.values()),
        tuple({note: None for part in parts for note in part.notes}),
        correction=corrections[0] if len(corrections) == 1 else None,
        timeline=next((part.timeline for part in parts if part.timeline is not None), None),
        secrets=tuple(secret for part in parts for secret in part.secrets),
        judged=sum(part.judged for part in parts),
        reported=all(part.reported for part in parts),
    )


def _at_home(inspection: Inspection, mapped: MappedText) -> Inspection:
    """Return an inspection of a changed text with the places of the original."""
    return replace(
        inspection,
        faults=tuple(replace(one, span=_home(one.span, mapped)) for one in inspection.faults),
        notes=tuple(replace(one, span=_home(one.span, mapped)) for one in inspection.notes),
    )


def _home(span: Span | None, mapped: MappedText) -> Span | None:
    return None if span is None else mapped.original(span)


def _with_note(inspection: Inspection, restored: Restored) -> Inspection:
    said = _said(restored.undone)
    if not said:
        return inspection
    note = Note("text-restored", say("input.text-restored.note", what=said))
    return replace(inspection, notes=(*inspection.notes, note))


@functools.cache
def _words() -> dict[str, str]:
    return load_table("restored", dict[str, str])


def _said(undone: Iterable[str]) -> str:
    words = _words()
    names = [words[name] for name in undone if name in words]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
