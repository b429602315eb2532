"""Runs one situation over real sockets, mends it, and holds both against what is right."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zlib import crc32

import msgspec

from pinned_tui.api_spec.routes import BaseUrlError, parse_base_url
from pinned_tui.checks.plan import about, planned
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import new_session, run_check
from pinned_tui.client.throttle import Budget
from pinned_tui.core.clock import SystemClock
from pinned_tui.redaction.secret import Secret
from pinned_tui.report.json_report import validate
from pinned_tui.session import Session, Verdict, decode, encode
from pinned_tui.session.codes import fault_of
from tests.checks.follower import Follower
from tests.matrix.model import HEALTHY, REFUSED, Asking, Situation
from tests.matrix.proof import unproved
from tests.matrix.servers import Witness
from tests.matrix.ways import WAYS, NotHereError, Way

SMALL_ACCOUNT = 8
"""Requests that a full check of a small account may cost without consented probes."""

_VALIDATED = 4
"""One document in so many is held against the schema, which takes a fifth of all the time."""

_STRENGTH = ("possible", "likely", "confirmed")
_BUDGET = {"request_s": 3.0, "check_s": 10.0, "connect_s": 1.0, "name_s": 4.0,
           "wire_bytes": 400_000, "decoded_bytes": 800_000}  # fmt: skip

GOOD_PAYLOAD = {
    "channelId": 101,
    "title": "Open Rehearsal",
    "startAt": "2099-05-01T19:00:00+02:00",
    "timezone": "Europe/Vienna",
    "classifications": ["concert"],
    "approxLocation": {"city": {"placeId": "plc_vienna_at", "name": "Vienna", "countryCode": "AT"}},
}


@dataclass
class Result:
    """What a situation came to.

    Attributes:
        faults: What is not as it should be, a sentence each; empty where all is right.
        skipped: Why this machine could not be put into the situation.
        proof: The session after the fix, where the fix was proved.
        unproved: What is not right about the proof.
    """

    row: Situation
    session: Session | None = None
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    skipped: str | None = None
    proof: Session | None = None
    unproved: list[str] = field(default_factory=list)

    @property
    def first(self) -> Verdict | None:
        return self.session.verdicts[0] if self.session and self.session.verdicts else None

    @property
    def got(self) -> str:
        """Name the first verdict with its certainty."""
        if self.session is None:
            return self.skipped or REFUSED
        if self.first is None:
            return str(self.session.outcome)
        return f"{self.first.cause} ({self.first.certainty})"


async def run(row: Situation, *, again: bool = False) -> Result:
    """Put the machine into the situation, run the check, mend it, verify the fix, and judge both.

    Args:
        row: The situation.
        again: Leave everything as it is in place of mending it, and judge nothing.
    """
    result = Result(row)
    try:
        async with WAYS[row.way](row) as way:
            try:
                base_url = parse_base_url(way.base_url).url
            except BaseUrlError as error:
                result.faults += [] if row.expect.cause == REFUSED else [str(error)]
                return result
            began = time.perf_counter()
            ask = _ask(row.ask, way.witness.key)
            begun = new_session(ask, base_url=base_url, clock=SystemClock())
            result.session = await _checked(begun, ask, way, _BUDGET | row.budget)
            result.seconds = time.perf_counter() - began
            if again:
                result.proof = await _checked(result.session, ask, way, _BUDGET | row.budget)
                return result
            now = await _verified(result, way) if row.is_proved else None
    except NotHereError as error:
        result.skipped = str(error)
        return result
    session = result.session
    result.faults += [*_wrong(row, session), *_broken(row, session, way.witness)]
    if now is not None and result.proof is not None:
        result.unproved += [
            *unproved(row, result.proof),
            *_broken(row.after_fix(), result.proof, now.witness),
        ]
    return result


async def _checked(
    session: Session, ask: RawCheckRequest, way: Way, budget: Mapping[str, int | float]
) -> Session:
    return await run_check(
        session,
        ask,
        clock=SystemClock(),
        listener=Follower(),
        purpose="verify" if session.runs else "check",
        budget=msgspec.convert(budget, Budget),
        environ=way.environ,
    )


async def _verified(result: Result, way: Way) -> Way | None:
    """Mend the situation, and run the same checks on the same session again."""
    if way.mend is None or result.session is None:
        result.unproved.append(f"the way {result.row.way} can't be mended")
        return None
    after = result.row.after_fix()
    now = await way.mend(after)
    ask = _ask(after.ask, now.witness.key)
    result.proof = await _checked(result.session, ask, now, _BUDGET)
    return now


def _ask(asking: Asking, key: str) -> RawCheckRequest:
    payload = _payload(asking)
    ask = RawCheckRequest(
        secret=Secret(asking.key.replace("{key}", key), source="test") if asking.key else None,
        channel=asking.channel,
        event=asking.event,
        event_title=asking.event_title,
        expected_start=asking.expected_start,
        open_links=asking.open_links,
        refused_elsewhere=asking.refused_elsewhere,
        listed_before=dict.fromkeys(asking.listed_before, "2026-11-01T08:00:00.000Z"),
        needs=frozenset(asking.needs),
        payload=payload,
        payload_name="event.json" if payload is not None else None,
        everything=asking.everything,
        twins=asking.twins,
        sends=asking.sends,
        how="beforehand",
    )
    if asking.symptom is not None:
        ask = about(ask, asking.symptom)
    ids = frozenset(card.id for card in planned(ask) if card.consent) if asking.consent else ()
    return RawCheckRequest(
        **{name: getattr(ask, name) for name in RawCheckRequest.__slots__} | {"consented": ids}
    )


def _payload(asking: Asking) -> bytes | None:
    given = asking.payload
    if asking.payload_hex is not None:
        return bytes.fromhex(asking.payload_hex)
    if given is None or isinstance(given, str):
        return None if given is None else given.encode()
    fields = GOOD_PAYLOAD | given
    return json.dumps({n: v for n, v in fields.items() if v != "(absent)"}).encode()


def _wrong(row: Situation, session: Session) -> Iterator[str]:
    """Yield what is not right about the verdicts."""
    expect, verdicts = row.expect, session.verdicts
    causes = [verdict.cause for verdict in verdicts]
    named = {
        *expect.also,
        *expect.may,
        expect.broader,
        *([] if expect.cause == HEALTHY else [expect.cause]),
    }
    if expect.cause == HEALTHY and any(str(v.certainty) != "possible" for v in verdicts):
        yield f"false alarm: {', '.join(causes)}"
    if expect.cause != HEALTHY:
        yield from _first(row, verdicts)
    if session.outcome != expect.outcome:
        yield f"outcome {session.outcome}, not {expect.outcome}"
    if missing := sorted(set(expect.also) - set(causes)):
        yield f"not named: {', '.join(missing)}"
    sure = {v.cause for v in verdicts if str(v.certainty) != "possible"}
    if unlike := sorted(set(expect.possible) - (set(causes) - sure)):
        yield f"not named as possible: {', '.join(unlike)}"
    if extra := sorted(sure - named):
        yield f"named too: {', '.join(extra)}"
    yield from _unseen(row, session)


def _unseen(row: Situation, session: Session) -> Iterator[str]:
    """Yield what is not right about the observations."""
    expect = row.expect
    codes = {one.code for one in session.latest()}
    if unseen := sorted(set(expect.notes) - codes):
        yield f"not noted: {', '.join(unseen)}"
    if seen := sorted(codes.intersection(expect.without)):
        yield f"noted for nothing: {', '.join(seen)}"
    said = " ".join(one.summary for one in session.latest())
    if unsaid := [word for word in expect.says if word not in said]:
        yield f"not said: {', '.join(unsaid)}"
    for scope, state in expect.scopes.items():
        if session.scopes[scope] != state:
            yield f"{scope} is {session.scopes[scope]}, not {state}"


def _first(row: Situation, verdicts: tuple[Verdict, ...]) -> Iterator[str]:
    expect = row.expect
    if not verdicts or verdicts[0].cause not in {expect.cause, expect.broader}:
        yield f"first is {verdicts[0].cause if verdicts else 'nothing'}, not {expect.cause}"
        return
    first = verdicts[0]
    for name in ("subject", "found", "suggestion"):
        wanted, got = getattr(expect, name), getattr(first, name)
        if wanted is not None and wanted != got:
            yield f"{name} is {got}, not {wanted}"
    strength = _STRENGTH.index(first.certainty)
    if strength < _STRENGTH.index(expect.at_least) or strength > _STRENGTH.index(expect.at_most):
        yield f"certainty {first.certainty}, not {expect.at_least} to {expect.at_most}"
    told = " ".join((*first.alternatives, first.unknowable or "", first.summary)).casefold()
    others = {verdict.cause for verdict in verdicts[1:]}
    for word in expect.alternatives:
        if word.casefold() not in told and word not in others:
            yield f"the alternative {word!r} is not named"


def _broken(row: Situation, session: Session, witness: Witness) -> Iterator[str]:
    """Yield what breaks a rule that holds in every situation."""
    document = encode(session)
    if decode(document) != session:
        yield "the document does not round-trip"
    if crc32(row.name.encode()) % _VALIDATED == 0:
        yield from validate(json.loads(document))
    if row.ask.key and witness.key.encode() in document:
        yield "the key is in the document"
    known = {one.id for one in session.observations}
    for verdict in session.verdicts:
        if not verdict.evidence or not known.issuperset(verdict.evidence):
            yield f"{verdict.cause} has no evidence that exists"
    if any(one.code == "run.crashed" for one in session.observations):
        yield "a probe crashed"
    for one in session.observations:
        if fault := fault_of(one.code, one.probe, one.data):
            yield fault
    yield from _sent(row, session, witness)


def _sent(row: Situation, session: Session, witness: Witness) -> Iterator[str]:
    arrived = len(witness.requests)
    sent = session.runs[-1].requests_sent
    verifies = len(session.runs) > 1
    if (verifies or row.way not in _UNSEEN) and sent != arrived:
        yield f"says {sent} requests, the server saw {arrived}"
    most = SMALL_ACCOUNT if verifies else row.expect.requests
    if not row.ask.consent and not row.large:
        most = min(most, SMALL_ACCOUNT)
    if sent > most:
        yield f"{sent} requests, {most} at most"
    writing = [one for one in witness.requests if one.split(" ")[0] not in {"GET", "HEAD"}]
    if writing and not row.ask.consent:
        yield f"sent without consent: {', '.join(writing)}"
    if witness.made and not row.accepts:
        yield f"{witness.made} objects were created or changed"
    if witness.after_limit > 0:
        yield f"{witness.after_limit} requests after a 429"


_UNSEEN = {"ssh", "tls-in-plain", "half-a-resolver-for-all"}
"""Ways on which a request is sent and none that is one arrives."""
