"""The sandbox's own controls, below ``/_sandbox/``: they are no part of the vendor's API.

They stand in for what users do elsewhere: wait, sign in to the Developer Portal, repair a
server. Responses are JSON; errors are ``{"error": "what was wrong and what to do"}``.
"""

import dataclasses
from collections.abc import Callable
from typing import Any, Literal, TypeVar

import msgspec

from pinned_tui.sandbox import fixes
from pinned_tui.sandbox.http_types import ApiRequest, ApiResponse, RefusalError, json_response
from pinned_tui.sandbox.openapi import parameters_of
from pinned_tui.sandbox.scenarios import UnknownScenarioError, scenario_names
from pinned_tui.sandbox.stage import ScenarioStage
from pinned_tui.sandbox.world import FailureRule, Key
from pinned_tui.session import Scope

CONTROL = "/_sandbox"
LONGEST_LATENCY_MS = 10 * 60 * 1000


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class _Empty(_Body, frozen=True, kw_only=True):
    pass


class _Clock(_Body, frozen=True, kw_only=True):
    advance_seconds: float


class _Latency(_Body, frozen=True, kw_only=True):
    latency_ms: int


class _Errors(_Body, frozen=True, kw_only=True):
    """``requests``: how many of the next ones fail; 0 ends it."""

    requests: int | Literal["all"]
    when: Literal["before", "after"] = "before"


class _Limits(_Body, frozen=True, kw_only=True):
    per_key: int | None = None
    per_owner: int | None = None
    window_seconds: float | None = None


class _Scenario(_Body, frozen=True, kw_only=True):
    name: str


class _NewKey(_Body, frozen=True, kw_only=True):
    """``replaces``: id of a key whose owner and scopes it gets; by default the story's key."""

    replaces: str | None = None
    scopes: tuple[Scope, ...] | None = None


_B = TypeVar("_B", bound=_Body)


class _ControlError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Control:
    """Carries out the controls on a stage."""

    def __init__(self, stage: ScenarioStage, base_url: Callable[[], str]) -> None:
        """Control ``stage``, whose API listens at what ``base_url`` returns."""
        self._stage = stage
        self._base_url = base_url
        self._actions: dict[tuple[str, str], Callable[[ApiRequest], ApiResponse]] = {
            ("GET", "/state"): self._state,
            ("GET", "/payload"): self._payload,
            ("POST", "/fix"): self._fix,
            ("POST", "/reset"): self._reset,
            ("POST", "/scenario"): self._enter,
            ("POST", "/clock"): self._advance,
            ("POST", "/latency"): self._latency,
            ("POST", "/errors"): self._errors,
            ("POST", "/limits"): self._limits,
            ("POST", "/keys"): self._create_key,
            ("POST", "/keys/{id}/revoke"): self._revoke_key,
        }

    def respond(self, call: ApiRequest) -> ApiResponse:
        """Carry out one control; ``call.path`` begins below :data:`CONTROL`."""
        try:
            return self._action(call)(call)
        except RefusalError as refusal:
            return refusal.response(self._stage.world.request_id())
        except UnknownScenarioError as error:
            return json_response(404, {"error": str(error)})
        except _ControlError as error:
            return json_response(error.status, {"error": str(error)})

    def _action(self, call: ApiRequest) -> Callable[[ApiRequest], ApiResponse]:
        path = f"/{call.path.strip('/')}"
        known = [key for key in self._actions if parameters_of(key[1], path) is not None]
        for method, template in known:
            if method == call.method:
                return self._actions[method, template]
        if known:
            methods = " or ".join(method for method, _ in known)
            raise _ControlError(405, f"Use {methods} for {CONTROL}{known[0][1]}.")
        names = sorted(template.removeprefix("/") for _, template in self._actions)
        raise _ControlError(404, f"Unknown control. There are: {', '.join(names)}.")

    def _state(self, _: ApiRequest) -> ApiResponse:
        return json_response(200, self._stage.state())

    def _payload(self, _: ApiRequest) -> ApiResponse:
        payload = self._stage.payload()
        if payload is None:
            raise _ControlError(404, f"The scenario {self._stage.name!r} has no payload.")
        return ApiResponse(200, payload)

    def _fix(self, call: ApiRequest) -> ApiResponse:
        _read(call, _Empty)
        done = self._stage.fix()
        return json_response(200, {"done": done, "situation": self._situation()})

    def _reset(self, call: ApiRequest) -> ApiResponse:
        _read(call, _Empty)
        self._stage.reset()
        return json_response(200, {"situation": self._situation()})

    def _enter(self, call: ApiRequest) -> ApiResponse:
        self._stage.enter(_read(call, _Scenario).name)
        return json_response(200, {"situation": self._situation()})

    def _advance(self, call: ApiRequest) -> ApiResponse:
        try:
            self._stage.clock.advance(_read(call, _Clock).advance_seconds)
        except ValueError as error:
            raise _ControlError(400, str(error)) from None
        state = self._stage.state()
        return json_response(200, {"now": state.now, "clock_ahead_s": state.clock_ahead_s})

    def _latency(self, call: ApiRequest) -> ApiResponse:
        latency_ms = _read(call, _Latency).latency_ms
        if not 0 <= latency_ms <= LONGEST_LATENCY_MS:
            raise _ControlError(400, f"latency_ms goes from 0 to {LONGEST_LATENCY_MS}.")
        self._stage.pace.change(latency_ms)
        return json_response(200, {"latency_ms": latency_ms})

    def _errors(self, call: ApiRequest) -> ApiResponse:
        asked = _read(call, _Errors)
        if asked.requests == 0:
            self._stage.world.failing = None
        elif asked.requests == "all":
            self._stage.world.failing = FailureRule(left=None, when=asked.when)
        elif asked.requests > 0:
            self._stage.world.failing = FailureRule(left=asked.requests, when=asked.when)
        else:
            raise _ControlError(400, 'requests is 0 or more, or "all".')
        return json_response(200, msgspec.structs.asdict(asked))

    def _limits(self, call: ApiRequest) -> ApiResponse:
        asked = _read(call, _Limits)
        changes = {
            "per_key": asked.per_key,
            "per_owner": asked.per_owner,
            "rate_window_s": asked.window_seconds,
        }
        given = {name: value for name, value in changes.items() if value is not None}
        if any(value <= 0 for value in given.values()):
            raise _ControlError(400, "Limits and the window are greater than 0.")
        world = self._stage.world
        world.behaviour = dataclasses.replace(world.behaviour, **given)  # type: ignore[arg-type]
        world.limiter.clear()
        now = world.behaviour
        return json_response(
            200,
            {
                "per_key": now.per_key,
                "per_owner": now.per_owner,
                "window_seconds": now.rate_window_s,
            },
        )

    def _create_key(self, call: ApiRequest) -> ApiResponse:
        asked = _read(call, _NewKey)
        world = self._stage.world
        if asked.replaces is None and asked.scopes is None:
            secret = self._stage.create_key()
            return self._new_key(world.keys[secret.name], secret.reveal())
        old = world.keys.get(asked.replaces) if asked.replaces else self._stage.story_key
        if old is None:
            raise _ControlError(404, f"Unknown key {asked.replaces!r}.")
        scopes = old.scopes if asked.scopes is None else asked.scopes
        key, value = fixes.create_key(
            world, owner=old.owner, name=f"{old.name} (replacement)", scopes=scopes
        )
        return self._new_key(key, value)

    def _new_key(self, key: Key, secret: str) -> ApiResponse:
        """Describe a created key: the one time that its secret is shown."""
        return json_response(201, {"key": msgspec.structs.asdict(key) | {"secret": secret}})

    def _revoke_key(self, call: ApiRequest) -> ApiResponse:
        _read(call, _Empty)
        key_id = call.path.strip("/").split("/")[1]
        return json_response(200, {"key": fixes.revoke_key(self._stage.world, key_id)})

    def _situation(self) -> dict[str, Any]:
        """Describe what to use now, with the key: whoever controls the sandbox needs it."""
        situation = self._stage.situation(self._base_url())
        secret = situation.secret
        return {
            "scenario": self._stage.name,
            "base_url": situation.base_url,
            "key": None if secret is None else secret.reveal(),
            "channel": situation.channel,
            "event": situation.event,
            "needs": situation.needs,
            "expected": self._stage.expected,
            "scenarios": scenario_names(),
        }


def _read(call: ApiRequest, kind: type[_B]) -> _B:
    """Read the body of a control; an empty one stands for ``{}``."""
    try:
        return msgspec.json.decode(call.body or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _ControlError(400, f"The body of this control is wrong: {error}") from None
