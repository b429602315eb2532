"""Puts together what was found in the requests of one input."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pinned_tui.inspect.http import HttpRequest
from pinned_tui.inspect.model import Correction, Fault, InputKind, Inspection, Note
from pinned_tui.inspect.request.findings import RequestEdit, RequestFindings
from pinned_tui.inspect.request.target import target_of
from pinned_tui.inspect.rewriting import TextChange, rewritten
from pinned_tui.privacy.clean import clean_line
from pinned_tui.privacy.secret import Secret

_WHAT = {
    InputKind.CURL: "A curl command",
    InputKind.HTTPIE: "An HTTPie command",
    InputKind.REQUEST: "An HTTP request",
}
_NAMED = 3


@dataclass(slots=True)
class Gathering:
    """The requests of an input and what was found in each.

    Where there are several, each sentence says which of them it is about, and a verdict on a later
    request has a subject of its own, so that it does not vanish behind the same one on an earlier.
    """

    kind: InputKind
    requests: list[HttpRequest] = field(default_factory=list)
    found: list[RequestFindings] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)

    def add(
        self, request: HttpRequest, findings: RequestFindings, mended: Iterable[str] = ()
    ) -> None:
        """Take over a request with what was found in it, and what is mended beside its edits."""
        self.requests.append(request)
        self.found.append(findings)
        self.mended += mended
        self.secrets += findings.secrets

    def faults(self) -> list[Fault]:
        """Return all faults, those of the first request first."""
        if len(self.found) < 2:
            return [fault for findings in self.found for fault in findings.faults]
        faults: list[Fault] = []
        seen: set[tuple[str, str | None]] = set()
        for number, findings in enumerate(self.found, start=1):
            for fault in findings.faults:
                told = replace(fault, detail=f"Request {number}: {fault.detail}")
                if (fault.cause, fault.subject) in seen:
                    subject = f"{fault.subject} of request {number}" if fault.subject else None
                    told = replace(told, subject=subject or f"request {number}")
                seen.add((fault.cause, fault.subject))
                faults.append(told)
        return faults

    def inspection(self, text: str, changes: Sequence[TextChange], language: str) -> Inspection:
        """Return the whole inspection; a correction only where something was mended."""
        notes = tuple(note for findings in self.found for note in findings.notes)
        if not self.requests:
            notes = (Note("no-request", "No address was found in it, so there is no request."),)
        judged = sum(map(_is_judged, self.found, self.requests))
        mended = self._mended()
        correction = None
        if mended and changes:
            corrected = rewritten(text, changes)
            if corrected != text:
                correction = Correction(self._without_secrets(corrected), language, mended)
        return Inspection(
            self.kind,
            self._summary(),
            tuple(self.faults()),
            notes,
            correction,
            secrets=tuple(
                Secret(value, source="pasted", name=f"key-{number}")
                for number, value in enumerate(self._values(), start=1)
            ),
            judged=judged,
        )

    def _mended(self) -> tuple[str, ...]:
        edits: list[RequestEdit] = [edit for findings in self.found for edit in findings.edits]
        changes = [edit.change for edit in edits if edit.change is not None]
        return tuple(dict.fromkeys([*changes, *self.mended]))

    def _without_secrets(self, text: str) -> str:
        """Take out what is left of the credentials, the longest first."""
        for value in sorted(self._values(), key=len, reverse=True):
            text = text.replace(value, "***")
        return text

    def _values(self) -> list[str]:
        return list(dict.fromkeys(secret.reveal() for secret in self.secrets))

    def _summary(self) -> str:
        what = _WHAT[self.kind]
        if not self.requests:
            return f"{what} without an address."
        named = [self._named(request) for request in self.requests[:_NAMED]]
        if len(self.requests) == 1:
            return f"{what}: {named[0]}."
        more = len(self.requests) - len(named)
        rest = f" and {more} more" if more > 0 else ""
        return f"{len(self.requests)} requests: {'; '.join(named)}{rest}."

    def _named(self, request: HttpRequest) -> str:
        if request.method is None and request.url is None:
            return f"{len(request.headers)} headers alone"
        if request.url is None:
            return f"{request.method} without an address"
        url = (request.url or "").partition("?")[0]
        scheme, sign, rest = url.partition("://")
        rest = (rest or scheme).rpartition("@")[2]
        address = f"{scheme}{sign}{rest}" if sign else rest
        return clean_line(f"{request.method or 'a request'} {address}", 120)


def _is_judged(findings: RequestFindings, request: HttpRequest) -> bool:
    """Tell whether something of a request was held against the rules: not of one to elsewhere."""
    if findings.faults or request.url is None:
        return bool(findings.faults or request.headers)
    target = target_of(request)
    return target is None or target.concerns_api or target.documented
