"""What answers to the same request under different keys have to do with each other."""

import re

from pinned_tui.api.call import Reply
from pinned_tui.contract import responder
from pinned_tui.contract.envelope import is_own_envelope, read_list

_AFTER_AUTHENTICATION = {"insufficient_scope", "forbidden"}
"""Codes of a 403 that the API gives only to a key that it accepts (the vendor's page *Errors*)."""

_CHANGING = re.compile(r"\b(?=\w*\d)[\w-]+")
"""Words with digits in them: times and IDs, which differ from answer to answer."""


def is_of_the_api(reply: Reply) -> bool:
    """Tell whether the API itself answered."""
    response = reply.exchange.response
    return response is not None and response.answered_by == responder.API


def is_listed(reply: Reply) -> bool:
    """Tell whether the answer is a list, as a key that is accepted gets."""
    return reply.status == 200 and read_list(reply.document, page=1) is not None


def refuses_the_key(reply: Reply) -> bool:
    """Tell whether the API refuses the key: by its code, or by the status that belongs to it."""
    code = reply.error.code if reply.error else None
    return is_of_the_api(reply) and (reply.status == 401 or code == "invalid_api_key")


def refuses_something_else(reply: Reply) -> bool:
    """Tell whether the answer is a refusal that the API gives only to a key that it accepts."""
    code = reply.error.code if reply.error else None
    return is_of_the_api(reply) and reply.status == 403 and code in _AFTER_AUTHENTICATION


def is_beyond_doubt(reply: Reply) -> bool:
    """Tell whether an answer shows by itself that the key is accepted.

    ``forbidden`` is a word that gateways use too, so it never does. ``insufficient_scope`` is
    OAuth's: it counts in the documented envelope, where few others write it. A list counts where
    its documents are such, with IDs; an empty one anybody may get.
    """
    if is_listed(reply):
        page = read_list(reply.document, page=1)
        return page is not None and any("id" in doc for doc in page.docs)
    code = reply.error.code if reply.error else None
    own = code == "insufficient_scope" and is_own_envelope(reply.document)
    return refuses_something_else(reply) and own


def told(reply: Reply) -> tuple[object, ...]:
    """Return what an answer says, without what names this very answer."""
    error = reply.error
    if error is None:
        return (reply.status, is_listed(reply))
    message = _CHANGING.sub("…", error.message)
    return (reply.status, error.code, message, error.field, error.issue)
