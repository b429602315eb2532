"""The Pinned Events API as its pages describe it: addresses, routes, shapes of answers. Pure."""
