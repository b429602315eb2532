"""Reads YAML with the places of its values. Pure."""

import yaml

from pinned_tui.inspect.json_source.nodes import DEEPEST, Member, Node

# libyaml is ten times as fast where PyYAML was built with it, and ends at 1,000 levels by itself.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(text: str) -> Node | None:
    """Return the first mapping in ``text``, or None where it is no YAML or too deep.

    Values become what YAML 1.1 makes of them, as the readers of such files do: ``yes`` is true.
    Aliases are followed, so that a value may stand in several places of the tree.
    """
    try:
        for document in yaml.compose_all(text, _Loader):
            if isinstance(document, yaml.MappingNode):
                return _Converter(text).node(document)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return None


class _Converter:
    """Turns PyYAML's nodes into those of :mod:`pinned_tui.inspect.json_source`."""

    def __init__(self, text: str) -> None:
        self._constructor = yaml.SafeLoader("")
        # libyaml leaves a byte order mark out of its count, PyYAML itself does not.
        self._shift = 1 if text.startswith("\ufeff") and _Loader is not yaml.SafeLoader else 0
        self._left = 200_000

    def node(self, found: yaml.Node, depth: int = 0) -> Node:
        """Return one node with all below it.

        Raises:
            ValueError: there are more values, or levels, than any such file has.
        """
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            raise ValueError("too large a document")
        start = found.start_mark.index + self._shift
        end = found.end_mark.index + self._shift
        if isinstance(found, yaml.MappingNode):
            return Node(self._members(found, depth), start, end)
        if isinstance(found, yaml.SequenceNode):
            return Node([self.node(one, depth + 1) for one in found.value], start, end)
        return Node(self._scalar(found), start, end)

    def _members(self, found: yaml.MappingNode, depth: int) -> dict[str, Member]:
        members: dict[str, Member] = {}
        for key, value in found.value:
            name = key.value if isinstance(key.value, str) else ""
            start, end = key.start_mark.index + self._shift, key.end_mark.index + self._shift
            members[name] = Member(start, end, self.node(value, depth + 1))
        return members

    def _scalar(self, found: yaml.Node) -> str | int | float | bool | None:
        value = self._constructor.construct_object(found)
        # A date and binary data are text in JSON.
        return value if isinstance(value, str | int | float | bool | None) else str(found.value)
