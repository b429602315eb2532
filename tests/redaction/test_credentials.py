"""Credentials are recognised by where they stand; placeholders and prose stay readable."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.redaction.credentials import hide_credentials, hide_value, is_secret_field


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Bearer abc123", "Bearer [redacted]"),
        ("bearer supersecretvalue", "bearer [redacted]"),
        ("Basic dXNlcjprZXk=", "Basic [redacted]"),
        ("Authorization: Bearer a1\nAccept: */*", "Authorization: Bearer [redacted]\nAccept: */*"),
        ("authorization: hunter", "authorization: [redacted]"),
        ("Authorization: Token abc", "Authorization: Token [redacted]"),
        ("Proxy-Authorization: Basic YTpi", "Proxy-Authorization: Basic [redacted]"),
        ("x-api-key: abc", "x-api-key: [redacted]"),
        ("X-API-KEY:abc;q=1", "X-API-KEY:[redacted];q=1"),
        ("curl -H 'x-api-key: a1' -H \"Authorization: Bearer b2\"",
         "curl -H 'x-api-key: [redacted]' -H \"Authorization: Bearer [redacted]\""),
        ('{"x-api-key": "a1", "n": 1}', '{"x-api-key": "[redacted]", "n": 1}'),
        ('{\\"x-api-key\\": \\"a1\\"}', '{\\"x-api-key\\": \\"[redacted]\\"}'),
        ('("x-api-key", "a1")', '("x-api-key", "[redacted]")'),
        ('{"name": "x-api-key", "value": "a1"}', '{"name": "x-api-key", "value": "[redacted]"}'),
        ('headers["x-api-key"] = "a1"', 'headers["x-api-key"] = "[redacted]"'),
        ("PINNED_EVENTS_API_KEY=a1", "PINNED_EVENTS_API_KEY=[redacted]"),
        ("export DB_PASSWORD='a1'", "export DB_PASSWORD='[redacted]'"),
        ('"token": "a1"', '"token": "[redacted]"'),
        ("https://h/p?api_key=a1&page=2", "https://h/p?api_key=[redacted]&page=2"),
        ("/p?page=2&token=a1#top", "/p?page=2&token=[redacted]#top"),
        ("/p#access_token=a1", "/p#access_token=[redacted]"),
        ("/p?key=a1", "/p?key=[redacted]"),
        ("/f?X-Amz-Credential=a1&X-Amz-Signature=b2&x=1",
         "/f?X-Amz-Credential=[redacted]&X-Amz-Signature=[redacted]&x=1"),
        ("next=https%3A%2F%2Fh%2F%3Ftoken%3Da1", "next=https%3A%2F%2Fh%2F%3Ftoken%3D[redacted]"),
        ("https://user:a1@h/p", "https://[redacted]@h/p"),
        ("Cookie: sid=a1; b=2", "Cookie: [redacted]"),
        ("Set-Cookie: sid=a1; Path=/\r\n", "Set-Cookie: [redacted]\r\n"),
        ("saw eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2ln there", "saw [redacted] there"),
        ("%20eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2ln", "%20[redacted]"),
        ("(with Bearer abc123).", "(with Bearer [redacted])."),
        ("Basic dXNl[key-1]=", "Basic [key-1]"),
        ("Bearer a1, Bearer b2", "Bearer [redacted], Bearer [redacted]"),
    ],
)  # fmt: skip
def test_credentials_are_hidden(text: str, hidden: str) -> None:
    assert hide_credentials(text) == hidden
    assert hide_credentials(hidden) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "Confirm the Authorization header uses Bearer YOUR_API_KEY.",
        "Authorization: Bearer $PINNED_EVENTS_API_KEY",
        "Authorization: Bearer ${PINNED_EVENTS_API_KEY}",
        "Authorization: Bearer {{ api_key }}",
        'f"Authorization: Bearer {key}"',
        "Authorization: Bearer [key-1]",
        "Authorization: Bearer <your key>",
        "Authorization: Bearer ********",
        "Authorization: Bearer …",
        "Authorization: Bearer",
        "x-api-key: YOUR_API_KEY",
        "x-api-key: undefined",
        '"x-api-key": process.env.PINNED_EVENTS_API_KEY',
        "https://h/p?api_key=YOUR_API_KEY&token=<token>",
        "https://h/p?page=2&limit=100",
        "https://user:password@h/",
        "The basic checks passed. Basic authentication is something else.",
        "Bearer once, not twice; a Bearer token.",
        'WWW-Authenticate: Bearer realm="api", error="invalid_token"',
        "invalid token: expected a string",
        "The API key: see the Developer Portal",
        "$env:PINNED_EVENTS_API_KEY = Read-Host -MaskInput",
        "idempotency-key: cms-post-123-create",
        '{"authorization": {"type": "none"}}',
        "tokens=5",
    ],
)
def test_placeholders_and_prose_stay(text: str) -> None:
    assert hide_credentials(text) == text


def test_our_own_words_stay() -> None:
    for cause in load_catalogue():
        for text in (cause.title, *cause.summary, *cause.fix, cause.verify):
            assert hide_credentials(text) == text


@pytest.mark.parametrize("name", ["Authorization", "X-API-Key", "set-cookie", " password "])
def test_names_of_secret_fields(name: str) -> None:
    assert is_secret_field(name)


@pytest.mark.parametrize("name", ["key", "name", "Idempotency-Key", "tokens", ""])
def test_names_of_other_fields(name: str) -> None:
    assert not is_secret_field(name)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("a1", "[redacted]"), ("***", "***"), ("x[key-1]y", "[key-1]"), ("$KEY", "$KEY")],
)
def test_values_of_secret_fields(value: str, shown: str) -> None:
    assert hide_value(value) == shown


PIECES = st.sampled_from(
    [
        "Bearer ", "Basic ", "Authorization: ", "x-api-key", ": ", "=", "?token=", "://", "@",
        "a1b2c3", '"', "'", "\\", ",", " ", "\n", "${", "}", "{{", "$(", ")", "[key-1]",
        "[redacted]", "eyJabcdefgh", ".abcd", "cookie", "api_key", "%3Ftoken%3D", "secret", "…",
        "***", "word",
    ]
)  # fmt: skip


@given(st.lists(PIECES).map("".join) | st.text())
@example("Bearer [key-1][key-1]")
@example("Bearer [key-1]).")
@example("Bearer [key-1]Authorization: Authorization: a1b2c3")
def test_hiding_is_idempotent(text: str) -> None:
    hidden = hide_credentials(text)
    assert hide_credentials(hidden) == hidden
