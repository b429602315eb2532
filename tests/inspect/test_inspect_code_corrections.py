"""The smallest fix of a program, in its own language; none where half of it could be written."""

import pytest

from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import Correction, InspectionContext, read_text
from tests.corpus.judging import session_of
from tests.corpus.reading import NOW, items

API = "https://pinned.events/api/public/v1"
KEY = "pe_live_9fKq2LmX7vTz4RbW8cYd3HnS"
SECOND = f'requests.get("{API}/events", headers={{"Authorization": "Bearer " + key}})\n'


def _correction(code: str) -> Correction | None:
    return look(read_text(code), InspectionContext(now=NOW)).correction


def _outcome(code: str) -> object:
    pasted = read_text(code)
    return session_of(pasted, look(pasted, InspectionContext(now=NOW))).outcome


GO = f"""req, _ := http.NewRequest("GET", "{API}/channels", nil)
req.Header.Set("Authorization", fmt.Sprintf("%s %%s", key))
"""
PYTHON = f'requests.get("{API}/channels", headers={{"Authorization": %s}})\n'
FETCH = f"fetch('{API}/%s', {{ headers: {{ Authorization: %s }} }});\n"
LARAVEL = f"""$r = Http::withHeaders(['Authorization' => '%s ' . $key])
    ->get('{API}/channels');
"""
ENVIRONMENT = '"Bearer " + os.environ["PINNED_EVENTS_API_KEY"]'
OURS = "`Bearer ${k}`"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (PYTHON % f'"Token {KEY}"', PYTHON % ENVIRONMENT),
        (
            FETCH % ("channels", "process.env.KEY"),
            FETCH % ("channels", '"Bearer " + process.env.KEY'),
        ),
        (FETCH % ("channel", OURS), FETCH % ("channels", OURS)),
        (GO % "Token", GO % "Bearer"),
        (LARAVEL % "Token", LARAVEL % "Bearer"),
    ],
)
def test_no_more_is_changed_than_must_be(wrong: str, right: str) -> None:
    correction = _correction(wrong)
    assert correction is not None
    assert correction.text == right
    assert _outcome(right) == "healthy"


@pytest.mark.parametrize(
    "code",
    [
        # Two requests may share what is changed.
        (PYTHON % '"Token " + key') + SECOND,
        # The value goes on behind what was read of it.
        PYTHON % "key if key else other",
        # What is wrong stands in a variable that is not in view.
        f"fetch(`${{base}}/api/v1/channels`, {{ headers: {{ Authorization: {OURS} }} }})",
    ],
)
def test_half_a_fix_is_none(code: str) -> None:
    correction = _correction(code)
    assert correction is None or _outcome(correction.text) == "healthy"


CODE = [item for item in items() if item.folder == "code" and item.secrets]


@pytest.mark.parametrize("item", CODE, ids=lambda item: item.file)
def test_no_key_stands_in_a_corrected_version(item: object) -> None:
    data: bytes = item.data  # type: ignore[attr-defined]
    secrets: tuple[str, ...] = item.secrets  # type: ignore[attr-defined]
    correction = _correction(data.decode())
    assert correction is None or not any(secret in correction.text for secret in secrets)
