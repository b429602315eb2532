"""Sessions that saw something, and the vocabulary that the guide may use."""

from collections.abc import Iterable
from typing import Any, get_args

from pinned_tui.diagnosis.catalog import DocsPage, load_catalogue, worded
from pinned_tui.guide.loader import KnownNames
from pinned_tui.session import (
    Certainty,
    Observation,
    Outcome,
    Run,
    ScopeState,
    Session,
    Status,
    Verdict,
    replace,
)
from tests import samples

AT = "2026-11-23T22:10:00.000Z"
FINISHED = "2026-11-23T22:09:00.000Z"


def known() -> KnownNames:
    """Return what the guide may name, from the parts that own it."""
    return KnownNames(
        causes=frozenset(cause.id for cause in load_catalogue().causes),
        docs=frozenset(get_args(DocsPage)),
    )


def verdict(
    cause: str,
    subject: str | None = None,
    certainty: Certainty = Certainty.CONFIRMED,
    *,
    told: bool = False,
) -> Verdict:
    """Return a verdict in the catalogue's words; ``told`` by an answer, without evidence."""
    row = load_catalogue()[cause]
    words = worded(row, {"subject": subject})
    return Verdict(
        cause=cause,
        certainty=certainty,
        title=words.title,
        section=row.section,
        summary=words.summary,
        fix=words.fix,
        verify=words.verify,
        docs=row.docs_url,
        evidence=() if told else ("obs-1",),
        subject=subject,
    )


def seen(
    *codes: str,
    verdicts: Iterable[Verdict] = (),
    scopes: dict[str, ScopeState] | None = None,
    outcome: Outcome = Outcome.PROBLEM,
    **changes: Any,
) -> Session:
    """Return a session after one run that saw ``codes``; ``code=status`` gives the status."""
    observations = []
    for number, text in enumerate(codes, start=1):
        code, _, status = text.partition("=")
        observations.append(
            Observation(
                id=f"obs-{number}",
                run="run-1",
                probe="authentication",
                code=code,
                status=Status(status or "pass"),
                summary="seen",
            )
        )
    run = Run(id="run-1", purpose="check", started_at=AT, finished_at=FINISHED)
    session = samples.plain(
        observations=tuple(observations),
        verdicts=tuple(verdicts),
        scopes=scopes or {},
        runs=(run,),
        outcome=outcome,
    )
    return replace(session, **changes)
