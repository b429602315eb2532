"""The sandbox's two web pages: the front page, and *Page not found*."""

import html

from pinned_tui.sandbox.http_types import ApiResponse
from pinned_tui.sandbox.openapi import NAMESPACE, OPENAPI_PATH

_SAFE = (("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),)
_FRAME = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ font: 1rem/1.5 sans-serif; max-width: 40rem; margin: 3rem auto }}</style>
<h1>{title}</h1>
{body}
</html>
"""


def front(scenario: str, title: str, control: str) -> ApiResponse:
    """Say what this is, to a user with a browser."""
    body = f"""<p>This is the sandbox of pinned-tui: a local stand-in for the Pinned Events Public
API. It runs on this computer only, and its keys are worth nothing elsewhere.</p>
<p>Its scenario is <b>{html.escape(scenario)}</b>: {html.escape(title)}.</p>
<ul>
<li><code>{NAMESPACE}</code>: the API, with a key</li>
<li><a href="{OPENAPI_PATH}">{OPENAPI_PATH}</a>: its OpenAPI document</li>
<li><a href="{html.escape(control)}/state">{html.escape(control)}/state</a>: what it received</li>
</ul>"""
    return _page(200, "Pinned Events sandbox", body)


def missing() -> ApiResponse:
    """Respond to a path outside the API as a website does."""
    return _page(404, "Page not found", "<p>There is nothing at this address.</p>")


def _page(status: int, title: str, body: str) -> ApiResponse:
    text = _FRAME.format(title=html.escape(title), body=body)
    return ApiResponse(status, text.encode(), "text/html; charset=utf-8", _SAFE)
