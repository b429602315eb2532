"""The pages of the list of events as they come, so that what came counts when time runs out."""

from typing import Any, cast

from pinned_tui.api.call import Reply
from pinned_tui.api.client import ApiClient
from pinned_tui.api.pagination import Listing, remaining_pages
from pinned_tui.contract.envelope import ListPage, read_list
from pinned_tui.contract.routes import LIST_EVENTS
from pinned_tui.probes.alike import Part
from pinned_tui.probes.model import Context


class Pages:
    """Reads the list of events from its first page on, and holds each answer as it comes."""

    def __init__(self, client: ApiClient, reply: Reply, first: ListPage) -> None:
        """Begin with ``first``, the first page, and the ``reply`` that it came with."""
        self.reply = reply
        self.first = first
        self.budget = client.budget
        self._client = client
        self._replies = [reply]

    async def send(self, *args: Any, **named: Any) -> Reply:  # noqa: ANN401 - as the client's
        """Send a request as the client does, and hold the answer."""
        reply = await self._client.send(*args, **named)
        self._replies.append(reply)
        return reply

    async def rest(self, context: Context, *, probe: str, most: int | None = None) -> Listing:
        """Read the pages after the first one, and tell how far it is."""

        def tell(done: int, of: int) -> None:
            context.say(f"read {done} of {of} pages of events")

        sends_alike = cast("ApiClient", self)  # all that reading a list asks of a client
        return await remaining_pages(
            sends_alike, LIST_EVENTS, self.reply, self.first, probe=probe, on_page=tell, most=most
        )

    def so_far(self) -> Part:
        """Return what has come until now, each event once."""
        docs: dict[str, dict[str, Any]] = {}
        for number, reply in enumerate(self._replies):
            page = read_list(reply.document, page=1) if reply.status == 200 else None
            for place, doc in enumerate(page.docs if page is not None else ()):
                docs.setdefault(str(doc.get("id", f"{number}/{place}")), doc)
        total = max(self.first.total or 0, len(docs))
        return Part(tuple(docs.values()), total, complete=False, cut=True, replies=(self.reply,))
