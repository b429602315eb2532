"""The rules, one module a layer.

A new cause is a row of the catalogue and a rule in here; for what an event's document tells, a
predicate in ``event`` is all of the rule.
"""

from pinned_tui.diagnosis.facts import CauseRule
from pinned_tui.diagnosis.rules import (
    body,
    event,
    inspection,
    key,
    network,
    responses,
    scope_channel,
    symptom,
)

RULES: tuple[CauseRule, ...] = (
    *inspection.RULES,
    *key.RULES,
    *network.RULES,
    *responses.RULES,
    *scope_channel.SCOPE_RULES,
    *symptom.RULES,
    *scope_channel.CHANNEL_RULES,
    *body.RULES,
    *event.RULES,
)
