"""The conditions by which the evidence of a session answers a step. Pure.

A condition is one or more terms joined by ``and``, each of which may begin with ``not``:

* ``cause:key-rejected`` - the checks found that cause (an answer that concludes it does not count);
  ``cause:scope-missing=events:read`` - that cause, about that subject or a part of it;
* ``outcome:healthy`` - what the session came to;
* ``scope:events:read=missing`` - what is known of a scope: ``present``, ``missing``, ``unknown``;
* ``observed:event.draft`` - the latest run saw that fact; with ``=fail`` or another status, saw it
  turn out so;
* ``answer:401-header=bearer`` - the user's latest answer to that step;
* ``run-after:lost-create`` - the latest run began after that step was answered: what an earlier
  one saw says nothing of what was done there.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, get_args

from pinned_tui.session import SCOPES, Outcome, ScopeState, Session, Status
from pinned_tui.session.codes import CODES

Subject = Literal["cause", "outcome", "scope", "observed", "answer", "run-after"]

_SUBJECTS: tuple[Subject, ...] = get_args(Subject)
_WITH_STATE = {"scope", "answer"}
_MAY_HAVE_STATE = {"cause", "observed"}
_SCOPE_STATES = (ScopeState.PRESENT, ScopeState.MISSING, ScopeState.UNKNOWN)


class ConditionError(ValueError):
    """A condition can't be read; the message quotes it and says what is wrong."""


@dataclass(frozen=True, slots=True)
class ConditionTerm:
    """One thing that holds or does not.

    Attributes:
        subject: What kind of evidence it looks at.
        name: The cause, outcome, scope, observation code or step.
        state: The cause's subject, the scope's state, the observation's status or the answer's
            option, if any.
        negated: Whether it holds when the evidence is absent.
    """

    subject: Subject
    name: str
    state: str | None = None
    negated: bool = False

    def __str__(self) -> str:
        state = f"={self.state}" if self.state is not None else ""
        return f"{'not ' if self.negated else ''}{self.subject}:{self.name}{state}"


@lru_cache(maxsize=1024)
def parse(condition: str) -> tuple[ConditionTerm, ...]:
    """Read ``condition`` into its terms.

    Raises:
        ConditionError: it is not of the form that this module describes.
    """
    return tuple(_term(text.strip(), condition) for text in condition.split(" and "))


def _term(text: str, condition: str) -> ConditionTerm:
    bare = text.removeprefix("not ").strip()
    subject, colon, rest = bare.partition(":")
    if subject not in _SUBJECTS or not colon:
        raise ConditionError(
            f"{condition!r}: {text!r} begins with none of {', '.join(f'{s}:' for s in _SUBJECTS)}"
        )
    name, equals, state = rest.rpartition("=") if "=" in rest else (rest, "", "")
    if not name or any(sign.isspace() for sign in rest):
        raise ConditionError(f"{condition!r}: {text!r} names nothing, or has a space in the name")
    if equals and not state:
        raise ConditionError(f"{condition!r}: {text!r} has nothing behind the =")
    if bool(equals) is not (subject in _WITH_STATE) and subject not in _MAY_HAVE_STATE:
        raise ConditionError(
            f"{condition!r}: {subject}: {'needs' if subject in _WITH_STATE else 'takes no'} ="
        )
    _check_words(subject, name, state, condition)
    return ConditionTerm(subject, name, state or None, negated=text.startswith("not "))


def _check_words(subject: str, name: str, state: str, condition: str) -> None:
    """Refuse words that neither the session's own types nor the table of codes have."""
    allowed: tuple[str, ...] | None = None
    word = state
    if subject == "outcome":
        allowed, word = tuple(Outcome), name
    elif subject == "scope":
        allowed = _SCOPE_STATES
        if name not in SCOPES:
            raise ConditionError(f"{condition!r}: {name!r} is none of {', '.join(SCOPES)}")
    elif subject == "observed":
        if name not in CODES:
            raise ConditionError(f"{condition!r}: no probe observes {name!r}")
        allowed = tuple(Status) if state else None
    if allowed is not None and word not in allowed:
        raise ConditionError(f"{condition!r}: {word!r} is none of {', '.join(allowed)}")


@dataclass(frozen=True, slots=True)
class Condition:
    """What a session says, laid out for looking it up.

    Attributes:
        causes: Found by the checks, each with its subject; a cause that only an answer concludes
            has no observation behind it and is not among them.
        answers: The latest option chosen, by step.
        run_after: The steps whose latest answer was given before the latest run began.
    """

    causes: frozenset[tuple[str, str | None]]
    outcome: Outcome | None
    scopes: dict[str, ScopeState]
    observed: frozenset[tuple[str, Status]]
    answers: dict[str, str]
    run_after: frozenset[str] = frozenset()

    @classmethod
    def of(cls, session: Session) -> "Condition":
        """Lay out what ``session`` says now."""
        return cls(
            causes=frozenset((v.cause, v.subject) for v in session.verdicts if v.evidence),
            outcome=session.outcome,
            scopes=session.scopes,
            observed=frozenset((o.code, o.status) for o in session.latest()),
            answers={answer.step: answer.option for answer in session.answers},
            run_after=_answered_before_run(session),
        )

    def with_answer(self, step_id: str, option_id: str) -> "Condition":
        """Return the evidence as it is once a step is answered."""
        return replace(self, answers=self.answers | {step_id: option_id})

    def holds(self, condition: str) -> bool:
        """Return whether every term of ``condition`` holds.

        Raises:
            ConditionError: the condition can't be read.
        """
        return all(self._holds(term) is not term.negated for term in parse(condition))

    def _holds(self, term: ConditionTerm) -> bool:
        match term.subject:
            case "cause":
                return any(
                    cause == term.name and _within(subject, term.state)
                    for cause, subject in self.causes
                )
            case "outcome":
                return self.outcome is not None and self.outcome.value == term.name
            case "scope":
                return _settled(self.scopes.get(term.name)).value == term.state
            case "observed":
                return any(
                    code == term.name and term.state in {None, status.value}
                    for code, status in self.observed
                )
            case "answer":
                return self.answers.get(term.name) == term.state
            case "run-after":
                return term.name in self.run_after


def _answered_before_run(session: Session) -> frozenset[str]:
    """Return the steps whose latest answer was given before the latest run began."""
    begun = session.run.started_at if session.run is not None else ""
    latest = {answer.step: answer.at for answer in session.answers}
    return frozenset(step for step, at in latest.items() if at < begun)


def _within(subject: str | None, wanted: str | None) -> bool:
    """Return whether ``subject`` is what is wanted or a part of it: ``offers[1].url`` of offers."""
    if wanted is None or subject == wanted:
        return True
    return subject is not None and subject.startswith((f"{wanted}.", f"{wanted}["))


def _settled(state: ScopeState | None) -> ScopeState:
    """Count a scope that was not probed as one that is not known."""
    return state if state in {ScopeState.PRESENT, ScopeState.MISSING} else ScopeState.UNKNOWN
