"""What probes are called where people read of them. Their ids are for programs."""

from functools import cache


def title_of(probe: str) -> str:
    """Return what a probe finds out, in words; an id of another version comes back as it is."""
    return _probe_titles().get(probe, probe)


@cache
def _probe_titles() -> dict[str, str]:
    from pinned_tui.planning import MEANS
    from pinned_tui.probes.rate_limits import LIMITS_ID, LIMITS_TITLE

    return {one.probe: one.title for one in MEANS} | {LIMITS_ID: LIMITS_TITLE}
