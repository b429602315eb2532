"""Inputs that break readers: deep, long, many, or never ending."""

_DEEP, _LONG = 100_000, 100_000
_EVENT = '{"channelId":101,"title":%s,"startAt":"2027-03-05T19:30:00+01:00"}'

EXTREMES: dict[str, str] = {
    "nested lists": "[" * _DEEP + "]" * _DEEP,
    "nested lists, open": "[" * _DEEP,
    "nested objects": '{"a":' * _DEEP + "1" + "}" * _DEEP,
    "nested objects, open": '{"channelId":' * _DEEP,
    "a title that is nested": _EVENT % ("[" * _DEEP + "]" * _DEEP),
    "a nested HAR": '{"log":{"entries":' + "[" * _DEEP + "]" * _DEEP + "}}",
    "a log line that is nested": '{"time":"2026-11-28T09:00:00Z","status":500,"a":'
    + "[" * _DEEP
    + "]" * _DEEP
    + "}\n"
    + '{"time":"2026-11-28T09:00:01Z","status":500}\n',
    "a number of 5,000 digits": '{"channelId":' + "9" * 5000 + ',"title":"x"}',
    "a number with 5,000 zeros": '{"channelId":1e5000,"startAt":' + "1" * 5000 + "}",
    "a status of 5,000 digits": "HTTP/1.1 " + "4" * 5000 + " X\n\n",
    "Retry-After of 5,000 digits": "HTTP/1.1 429 X\nRetry-After: "
    + "9" * 5000
    + '\n\n{"error":{"code":"rate_limited","message":""}}',
    "a page of 5,000 digits": "GET /api/public/v1/events?limit="
    + "9" * 5000
    + " HTTP/1.1\nHost: pinned.events\n\n",
    "half characters in JSON": '{"channelId":101,"title":"\\ud800","timezone":"\\udfff"}',
    "NULs": "\x00" * 1000,
    "NULs in a payload": _EVENT % '"a\\u0000b\x00c"',
    "a long line of a": "a" * _LONG,
    "a long line of blanks": " " * _LONG + "x",
    "a long line of quotes": '"' * _LONG,
    "a long line of backslashes": "curl " + "\\" * _LONG,
    "a long line of =": "a=" * _LONG,
    "a long line of :": "Authorization: " * (_LONG // 15),
    "a long line of %": "curl https://pinned.events/?" + "%" * _LONG,
    "a long line of &": "GET /api/public/v1/events?" + "a=1&" * (_LONG // 4) + " HTTP/1.1\n\n",
    "many options": "curl " + "-H 'a: b' " * 20_000,
    "many continued lines": "curl \\\n" * 30_000,
    "many dollars": 'curl -H "Authorization: Bearer ' + "$" * _LONG + '"',
    "many open braces": 'curl -d "' + "${" * (_LONG // 2),
    "many templates": _EVENT % ('"' + "{{a}} " * 30_000 + '"'),
    "many fields": "{" + ",".join(f'"channel_{n}":{n}' for n in range(20_000)) + "}",
    "many classifications": '{"channelId":1,"classifications":['
    + ",".join(f'"Slug {n}"' for n in range(20_000))
    + "]}",
    "many header lines": "GET / HTTP/1.1\n" + "X-A: b\n" * 30_000 + "\n",
    "many requests": "GET /api/public/v1/channels HTTP/1.1\nHost: pinned.events\n\n" * 3000,
    "many prompts": "$ " * _LONG,
    "many quote signs": "> " * _LONG + "curl x",
    "many short lines": "\n" * _LONG,
    "many CRs": "\r" * _LONG,
    "many dates": "2026-11-28T09:00:00Z GET /api/public/v1/events 429 " * 4000,
    "many log lines": (
        "2026-11-28T09:00:00Z POST https://pinned.events/api/public/v1/events"
        " Idempotency-Key=a-1-create status=409\n"
    )
    * 3000,
    "logfmt without an end": 'time=2026-11-28T09:00:00Z status=500 msg="' + 'x\\"' * 60_000,
    "an access log without an end": '1.2.3.4 - - [28/Nov/2026:10:00:00 +0100] "GET '
    + "/a" * 90_000,
    "Bearer again and again": "Authorization: " + "Bearer " * 30_000,
    "an address of many slashes": "curl https://pinned.events" + "/" * _LONG,
    "a long key": "k7Qx" * 50_000,
}
