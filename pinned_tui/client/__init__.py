"""The Pinned Events API as a client sees it: routes, budgets, exchanges, envelopes, pages."""
