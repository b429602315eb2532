"""The guide as it ships: sound, complete against the vendor's text, and fit to be read."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinned_tui.checks.plan import PROBES
from pinned_tui.checks.probes.passive import LIMITS_ID
from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.guide.loader import build, check, load_guide, symptoms
from pinned_tui.guide.model import SECTION_IDS, Section, Step, VendorRule
from pinned_tui.guide.paths import reachable
from tests.guide.files import documents
from tests.guide.seen import known

VENDOR_TEXT = Path(__file__).parents[3] / "shared" / "reference" / "troubleshooting-guide.txt"

TITLES = (
    "401 Unauthorized",
    "403 Forbidden",
    "Missing scope",
    "Wrong channelId",
    "Validation errors",
    "Duplicate events",
    "Rate limits",
    "Lost API key secret",
    "Event not visible",
)

ASKED_ONLY = {
    "key-lost",
    "key-old-copy-in-use",
    "auth-scheme-missing",
    "auth-two-headers",
    "client-in-browser",
    "channel-access-lost",
    "idempotency-key-missing",
    "idempotency-key-random",
    "idempotency-window-expired",
    "rate-retry-after-ignored",
    "rate-no-backoff",
    "rate-burst",
    "event-date-shifted",
}

SECTIONS = load_guide().sections
STEPS = [(section, step) for section, step in load_guide().steps()]


def sentences(section: Section) -> Iterator[str]:
    """Every text of a section that a person reads."""
    yield from (section.symptom, section.hint)
    for step in section.steps:
        yield from (step.title, step.question, step.why, step.look or "")
        yield from (option.label for option in step.options)


def vendor_rules() -> list[tuple[str, str]]:
    """Return the bullets and paragraphs of the nine sections: title and digest."""
    rules: list[tuple[str, str]] = []
    title: str | None = None
    for line in VENDOR_TEXT.read_text(encoding="utf-8").splitlines():
        text = " ".join(line.replace("•", " ").split())
        if not text:
            continue
        if text in TITLES:
            title = text
        elif text == "Related pages":
            title = None
        elif title is not None:
            rules.append((title, hashlib.sha256(text.encode()).hexdigest()[:16]))
    return rules


def test_the_guide_has_no_fault() -> None:
    assert check(load_guide(), known()) == []


def test_the_sections_are_the_vendors_in_its_order() -> None:
    assert tuple(section.title for section in SECTIONS) == TITLES
    assert tuple(section.id for section in SECTIONS) == SECTION_IDS
    assert [section.number for section in SECTIONS] == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_symptoms_say_the_same_as_the_sections() -> None:
    for symptom, section in zip(symptoms(), SECTIONS, strict=True):
        for name in type(symptom).__struct_fields__:
            assert getattr(symptom, name) == getattr(section, name)


@pytest.mark.skipif(not VENDOR_TEXT.exists(), reason="the vendor's text is not at hand")
def test_every_bullet_and_paragraph_of_the_vendor_has_a_rule_and_the_other_way_round() -> None:
    title_of = {section.id: section.title for section in SECTIONS}
    ours = {(title_of[rule.section], rule.digest) for rule in load_guide().rules}
    theirs = vendor_rules()
    assert len(theirs) == 17
    assert ours == set(theirs)


@pytest.mark.parametrize("rule", load_guide().rules, ids=lambda rule: rule.id)
def test_every_rule_is_covered_by_a_step_that_a_person_can_reach(rule: VendorRule) -> None:
    section = next(s for s in SECTIONS if s.id == rule.section)
    met = reachable(section, section.first)
    assert [s.id for s in section.steps if rule.id in s.covers and s.id in met]


def test_what_only_a_person_can_know_is_concluded_by_some_answer() -> None:
    concluded = {o.cause for _, step in STEPS for o in step.options}
    assert concluded >= ASKED_ONLY


def test_no_answer_concludes_a_mere_note() -> None:
    catalogue = load_catalogue()
    concluded = {o.cause for _, step in STEPS for o in step.options if o.cause is not None}
    assert [cause for cause in sorted(concluded) if catalogue[cause].outcome == "note"] == []


def test_the_probes_shown_are_probes() -> None:
    named = {probe for _, step in STEPS for probe in step.probes}
    assert named <= {probe.id for probe in PROBES} | {LIMITS_ID}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.id)
def test_a_section_is_short_and_its_words_are_plain(section: Section) -> None:
    assert 3 <= len(section.steps) <= 7
    assert section.symptom[-1] not in ".!"
    for text in sentences(section):
        assert "!" not in text
        assert text == text.strip()
        assert text.isascii(), text
        assert not re.search(r"\b(please|simply|obviously|just need|should have)\b", text.lower())
        for sentence in re.split(r"(?<=[.?]) ", text):
            assert len(sentence) <= 140, sentence


@pytest.mark.parametrize(("section", "step"), STEPS, ids=lambda part: part.id)
def test_a_step_reads_well_on_a_narrow_screen(section: Section, step: Step) -> None:
    assert len(step.question) <= 80
    assert step.question[-1] == ("." if step.kind == "action" else "?")
    assert len(step.why) <= 170
    assert len(step.look or "") <= 170
    for option in step.options:
        assert len(option.label) <= 54, option.label
        assert option.label[-1] not in ".?"


def test_it_can_be_built_from_its_files_again_and_comes_out_the_same() -> None:
    assert build(documents()) == load_guide()
