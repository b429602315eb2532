"""The rules, one module a layer.

A new cause is a row of the catalogue and a rule in here; for what an event's document tells, a
predicate in ``event_itself`` is all of the rule.
"""

from pinned_tui.diagnosis.facts import CauseRule
from pinned_tui.diagnosis.rules import (
    answers,
    body,
    channel,
    event,
    key,
    network,
    pasted,
    scope,
    symptom,
)

RULES: tuple[CauseRule, ...] = (
    *pasted.RULES,
    *key.RULES,
    *network.RULES,
    *answers.RULES,
    *scope.SCOPE_RULES,
    *symptom.RULES,
    *channel.CHANNEL_RULES,
    *body.RULES,
    *event.RULES,
)
