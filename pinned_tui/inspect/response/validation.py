"""What the API means by a 400: from the field and the issue that it names to the cause.

The shape of ``details`` is documented by one example (page *Errors*: the field ``classifications``
with an unknown slug); its wording is not. So the words that validators commonly use decide, and
what none of them explains is quoted as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pinned_tui.api_spec.errors import read_error
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import ApiError, Certainty

_MOST_DETAILS = 20
_LONGEST_FIELD = 120
_LONGEST_ISSUE = 300


@dataclass(frozen=True, slots=True)
class ValidationCause:
    """One thing that the API does not accept.

    Attributes:
        cause: An id of the catalogue.
        field: The path that the API names.
        issue: What it says about it, cleaned.
        found: The value that it quotes, else None.
    """

    cause: str
    certainty: Certainty
    field: str | None
    issue: str | None
    found: str | None = None


@dataclass(frozen=True, slots=True)
class _Rule:
    """A cause with the field and the words that point to it; None fits every field."""

    cause: str
    field: re.Pattern[str] | None
    words: re.Pattern[str] | None
    certainty: Certainty = Certainty.LIKELY


def _rule(
    cause: str, field: str | None, words: str | None, certainty: Certainty = Certainty.LIKELY
) -> _Rule:
    return _Rule(
        cause,
        re.compile(field, re.IGNORECASE) if field else None,
        re.compile(words, re.IGNORECASE) if words else None,
        certainty,
    )


_REQUIRED = (
    r"\brequired\b|\bmissing\b|(?:must not|mustn't|can ?not|can't|should not) be"
    r" (?:empty|blank|null|undefined)|received undefined|non-?empty|at least (?:one|1)\b"
)
_TYPE = (
    r"\b(?:expected|must be|should be|has to be|is not)(?: of type)? (?:an? )?(?:valid )?"
    r"(?:number|integer|string|array|list|object|boolean)\b|invalid.type|wrong type"
)
_RULES = (
    _rule("idempotency-key-missing", r"idempotency", _REQUIRED),
    _rule("body-content-type", None, r"content-?type|media type"),
    _rule(
        "classification-unknown",
        r"\bclassifications?\b",
        r"unknown|not (?:found|exist)|does(?:n't| not) exist|no such|invalid|slug",
        Certainty.CONFIRMED,
    ),
    _rule("classification-unknown", None, r"unknown (?:public )?(?:classification|slug)"),
    _rule("start-in-past", r"^startAt$", r"\bpast\b|future"),
    _rule("end-not-after-start", r"^endAt$", r"\b(?:after|before|later|greater|earlier)\b"),
    _rule(
        "datetime-no-offset",
        r"^(?:start|end)At$",
        r"offset|zone designator|with (?:a )?time ?zone",
    ),
    _rule("field-missing", r".", _REQUIRED, Certainty.CONFIRMED),
    _rule("timezone-not-iana", r"^time_?zone$", None),
    _rule("cover-image-not-an-id", r"^coverImage$", rf"{_TYPE}|media id|not an id"),
    _rule("field-wrong-type", r".", _TYPE),
    _rule("datetime-malformed", r"^(?:start|end)At$", r"date|iso|rfc|format|invalid|pars"),
    _rule("offer-url-invalid", r"\bur[li]$", r"ur[li]|link|address|invalid"),
    _rule("offer-availability-unknown", r"\bavailability$", None),
    _rule("status-unknown", r"^status$", None),
    _rule(
        "field-misnamed",
        None,
        r"unrecogni[sz]ed (?:key|field|property)|unknown (?:field|property)|additional propert",
    ),
    _rule("body-empty", None, r"body (?:is )?(?:empty|required|missing)|empty body"),
    _rule(
        "body-malformed-json",
        r"^(?:body)?$",
        r"\bjson\b.*(?:invalid|pars|malformed|unexpected)|(?:invalid|malformed|unexpected).*\bjson\b"
        r"|unexpected (?:token|end of)|could not parse",
    ),
)  # fmt: skip
"""The first rule that fits decides."""

_BY_STATUS = {
    "timezone-not-iana": re.compile(r"iana|zone|invalid|unknown|valid", re.IGNORECASE),
    "offer-availability-unknown": re.compile(r"invalid|unknown|one of|expected", re.IGNORECASE),
    "status-unknown": re.compile(r"invalid|unknown|one of|expected", re.IGNORECASE),
}
_QUOTED = re.compile(r"[\"'`“«]([^\"'`”»]{1,80})[\"'`”»]|slug:? ([\w-]{1,80})\b")
_NO_SLUGS = frozenset({"use", "is", "in", "was", "not"})


def refusals(error: ApiError, document: Any) -> Iterator[ValidationCause]:  # noqa: ANN401 - any JSON value
    """Return what a 400 says, one for each thing that it names.

    Args:
        error: The error envelope.
        document: The whole answer, whose ``details`` may list several things.
    """
    pairs = list(_details(error, document)) or [(error.field, error.issue)]
    for field, issue in pairs:
        yield _read(field, issue, error.message)


def _details(error: ApiError, document: Any) -> Iterator[tuple[str | None, str | None]]:  # noqa: ANN401
    inner = document.get("error") if isinstance(document, dict) else None
    details = inner.get("details") if isinstance(inner, dict) else None
    if not isinstance(details, list):
        return
    for entry in details[:_MOST_DETAILS]:
        one = read_error({"error": {"code": error.code, "details": entry}})
        if one is not None and (one.field or one.issue):
            yield one.field, one.issue


def _read(field: str | None, issue: str | None, message: str) -> ValidationCause:
    said = issue or message
    shown_field = clean_line(field, _LONGEST_FIELD) if field else None
    shown = clean_line(said, _LONGEST_ISSUE) if said else None
    for rule in _RULES:
        if _fits(rule, field or "", said):
            found = (
                _quoted(said)
                if rule.cause in {"classification-unknown", "status-unknown"}
                else None
            )
            return ValidationCause(rule.cause, rule.certainty, shown_field, shown, found)
    return ValidationCause("payload-rejected", Certainty.CONFIRMED, shown_field, shown)


def _fits(rule: _Rule, field: str, said: str) -> bool:
    if rule.field is not None and not rule.field.search(field):
        return False
    words = rule.words or _BY_STATUS[rule.cause]
    return words.search(said) is not None


def _quoted(said: str) -> str | None:
    match = _QUOTED.search(said)
    found = (match[1] or match[2]) if match else None
    return clean_line(found, 80) if found and found not in _NO_SLUGS else None
