"""Passwords look like words; keys are written in pieces. Their places tell what they are."""

import pytest

from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.redactor import Redactor
from pinned_tui.redaction.scan import secret_values
from pinned_tui.redaction.secret import Secret
from pinned_tui.tui.masking import mask

REDACTOR = Redactor()
WORDY, SIGNED = "Badura4711Limo", "Qw!zen#Tr%pol&x"
KEY = "q7Zr4tKw91bXcV83mNpL"

PLACES = [
    "ConvertTo-SecureString '{P}' -AsPlainText -Force",
    'ConvertTo-SecureString -AsPlainText -Force -String "{P}"',
    '{"params":[{"name":"user","value":"mia"},{"name":"password","value":"{P}"}]}',
    '{"key": "password", "value": "{P}", "type": "string"}',
    '<add value="{P}" key="Smtp.Password" />',
    '<add key="Smtp.Password" value="{P}" />',
    '<wsse:Password Type="http://example.com/x#PasswordText">{P}</wsse:Password>',
    "<DbPassword>{P}</DbPassword>",
    "<name>password</name><value><string>{P}</string></value>",
    "machine pinned.events login mia password {P}",
    "define( 'DB_PASSWORD', '{P}' );",
    '$this->setPassword("{P}");',
    'requests.get(url, auth=("mia", "{P}"))',
    "HTTPBasicAuth('mia', '{P}')",
    'new NetworkCredential("mia", "{P}")',
    "curl --proxy-user 'mia:{P}' https://pinned.events",
    "CURLOPT_USERPWD => 'mia:{P}',",
    "the portal with password {P} if you want",
    "The password is {P}.",
    "password for the portal is {P}",
    "Das Passwort lautet: {P}",
    "le mot de passe du portail {P}.",
    "la contraseña es {P} y",
    "portal login: mia@example.com / {P}",
    "mia@example.com / {P}",
    "DB_PASS={P}",
    "smtp.password: {P}",
    "mysql -u mia -p{P} events",
    "password = {P}",
    "| password | {P} |",
]


@pytest.mark.parametrize("password", [WORDY, SIGNED], ids=["like words", "of signs"])
@pytest.mark.parametrize("place", PLACES)
def test_a_password_is_taken_out_of_its_place(place: str, password: str) -> None:
    if password is SIGNED and "<" in place:
        password = password.replace("&", "_")
    text = place.replace("{P}", password)
    assert password[:8] not in REDACTOR.text(text)
    assert password[-4:] not in mask(text, []).shown
    assert any(password in value for value in secret_values(text))


@pytest.mark.parametrize(
    "text", ['password = "{P}"', 'user=mia password="{P}" host=x', "pwd: '{P}'"]
)
def test_blanks_in_quotes_belong_to_the_password(text: str) -> None:
    phrase = "vino2 torre sati58 Uve55"
    shown = REDACTOR.text(text.replace("{P}", phrase))
    assert not any(word in shown for word in phrase.split())
    assert ("host=x" in text) == ("host=x" in shown)


SETTINGS = [
    "password: {P}\nuser: mia",
    "DB_PASSWORD={P}",
    "[db]\npassword = {P}",
    "db.password={P}",
    "export SMTP_PASS={P}",
    "  client_secret: '{P}'  # old",
    "webhook_token = {P}",
    '  "password": "{P}",',
    "# ~/.pgpass\nlocalhost:5432:*:mia:{P}",
    "| user | password | channel |\n|---|---|---|\n| mia | {P} | 5001 |",
    "user;password\nmia;{P}",
    "name,api token\nmia,{P}",
]


@pytest.mark.parametrize("password", ["sommerfest", "Copper-Basil-26", "sable189lantern"])
@pytest.mark.parametrize("place", SETTINGS)
def test_the_value_of_a_setting_is_hidden_whatever_it_looks_like(place: str, password: str) -> None:
    text = place.replace("{P}", password)
    assert password not in REDACTOR.text(text)
    assert password in secret_values(text)
    assert "5001" in REDACTOR.text(text) or "5001" not in text


@pytest.mark.parametrize(
    "place",
    [
        "define( 'AUTH_KEY', '{P}' );",
        '"session_secret" => "{P}",',
        "NONCE_KEY: '{P}'",
        "define('LOGGED_IN_SALT', '{P}');",
        "password='{P}'",
    ],
)
def test_a_salt_full_of_signs_is_hidden_as_a_whole(place: str) -> None:
    salt = "ha7:9>e8pq1ENQ^YE3l2.] Ex[C,mJL^FLci9&4]r0B}|o,5&%lD0^?kZSx^@"
    shown = REDACTOR.text(place.replace("{P}", salt))
    assert "ha7:9" not in shown
    assert "ZSx^@" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "password: required\ntoken: missing",
        "token: true\npassword: 12",
        "password: !secret db",
        "password: ${DB_PASSWORD}",
        "password: /run/secrets/db",
        "password: config.password",
        "token: string;",
        "the key, the token, and the secret\nare gone, they say, forever",
        "the token | the rest\nis here | and there",
        '{"token":"missing","note":"sommerfest"}\n{"token":"missing","note":"hafen"}',
        "| field | token |\n|---|---|\n| a | missing |",
        "host:8080:ok:fine:12",
        "root:x:0:0:root:/root:/bin/bash",
    ],
)
def test_what_stands_for_a_value_or_tells_of_it_stays(text: str) -> None:
    assert REDACTOR.text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "password expired at 2026-11-28T10:00:00Z",
        "the password is required",
        '{"password": "must have at least 8 characters"}',
        "password reset for mia@example.com",
        "pwd: /home/mia/work2",
        "user: acme / channel42",
        "docker run -u 1000:1000 bridge",
        "tests pass 12 of 12 in v2.7.1",
        "auth: token / 401",
        "password=<password>",
        '.header("Authorization", format!("Bearer {}", key))',
        "passwordless login since v2.1",
        "12 passed, user 42: 3 events",
    ],
)
def test_what_is_said_about_passwords_stays(text: str) -> None:
    assert REDACTOR.text(text) == text


@pytest.mark.parametrize(
    "written",
    [
        '{"apiKey": "q7Zr4tKw91\\/bXcV83mNpL\\/9sD2fGhJ"}',
        "the key in groups: 0469 04ae e7fc 59d0 760e d60a 5ee4 8f44 - still 401",
        "key, read aloud: q7Zr 4tKw 91bX cV83 mNpL",
        "auth header bytes = " + str(list(b"Bearer " + KEY.encode())),
        "token: " + ", ".join(f"0x{octet:02x}" for octet in KEY.encode() * 2),
        '"x-api-key" = "q7Zr4tKw9" + "1bXcV83mN" + "pL5sD2fGh";',
        "key = 'q7Zr4tKw9' .\n  '1bXcV83mN' .\n  'pL5sD2fGh';",
        "https://api.telegram.org/bot6267196719:AA7aanBo8s9kr4xAcTQe1D1nOsPzdZGq6dN/send",
        "Authorization: Bearer q7Zr4tKw91\r\n bXcV83mNpL\r\nHost: pinned.events",
        '{"name": "cookie", "value": "session=q7Zr4tKw91bXcV83"}',
    ],
)  # fmt: skip
def test_a_key_in_pieces_is_taken_out_with_all_of_them(written: str) -> None:
    shown = REDACTOR.text(written)
    for piece in ("Zr4t", "bXcV", "1bXc", "mNpL", "04ae", "8f44", "9sD2", "98, 88", "0x72",
                  "6267196719", "AA7aan"):  # fmt: skip
        assert piece not in shown


@pytest.mark.parametrize(
    "text",
    [
        "Key fingerprint = 0469 04AE E7FC 59D0 760E D60A 5EE4 8F44",
        "channels [101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113]",
        "key events: 2026 2027 2028 2029 2030",
        "authorization: sign in first\n unauthenticated\n",
        '{"name": "cookieCount", "value": "theme=dark"}',
        "00000000: 7b22 7469 746c 6522 3a22 4a61 7a7a 227d  {...}\n" * 2,
    ],
)
def test_other_groups_and_numbers_stay(text: str) -> None:
    assert REDACTOR.text(text) == text


def test_the_lines_of_a_dump_that_hold_a_key_are_taken_out() -> None:
    octets = f"GET / HTTP/1.1\r\nAuthorization: Bearer {KEY}{KEY[::-1]}\r\n\r\n".encode()
    rows = [octets[at : at + 16] for at in range(0, len(octets), 16)]
    dump = "\n".join(
        f"{16 * n:08x}: {row.hex(' ', 2)}  {row.decode().translate({10: 46, 13: 46})}"
        for n, row in enumerate(rows)
    )
    shown = REDACTOR.text(dump)
    assert "GET / HTTP" in shown
    assert KEY[:5] not in shown
    assert KEY[-5:] not in shown


@pytest.mark.parametrize("tail", [8, 9, 11])
def test_the_end_of_a_known_key_gives_it_away_where_it_stands_alone(tail: int) -> None:
    known = [Secret(KEY + "Zz9kQ7vB", source="test")]
    end = (KEY + "Zz9kQ7vB")[-tail:]
    assert end not in Redactor(known).text(f"…{end} is what the portal shows")
    assert find_leaks(f"…{end}", known)
    beside = f"x{end}y and {end}Y"
    assert Redactor(known).text(beside) == beside
