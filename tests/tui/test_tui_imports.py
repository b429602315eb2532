"""No circle among the modules of the TUI, not even one that only type annotations close.

The contracts in ``pyproject.toml`` leave imports under ``TYPE_CHECKING`` out.
"""

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

ROOM = "pinned_tui.tui"


def imports() -> dict[str, set[str]]:
    """Return which modules of the TUI each of them imports, at the top, in functions, for types."""
    graph = grimp.build_graph("pinned_tui", exclude_type_checking_imports=False)
    modules = {ROOM, *graph.find_descendants(ROOM)}
    return {module: graph.find_modules_directly_imported_by(module) & modules for module in modules}


def test_there_is_no_circle_among_the_modules() -> None:
    try:
        TopologicalSorter(imports()).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_only_the_start_knows_the_app() -> None:
    app = f"{ROOM}.app"
    assert [module for module, imported in imports().items() if app in imported] == [ROOM]


def test_the_pages_know_neither_the_navigation_nor_the_widgets_the_pages() -> None:
    for module, imported in imports().items():
        if module.startswith((f"{ROOM}.screens.", f"{ROOM}.widgets.")):
            assert f"{ROOM}.navigation" not in imported, module
        if module.startswith(f"{ROOM}.widgets."):
            assert not [one for one in imported if one.startswith(f"{ROOM}.screens")], module
