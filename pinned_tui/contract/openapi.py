"""Takes the schema of a create request out of an OpenAPI document. Pure.

The document is foreign: it may be of version 3.0 or 3.1, refer from part to part, in circles too,
and be of any size. What comes out is one JSON Schema without references, of bounded size.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pinned_tui.contract.base_url import NAMESPACE
from pinned_tui.contract.routes import CREATE_EVENT

JsonPart: TypeAlias = object
JsonSchema: TypeAlias = dict[str, JsonPart]

_DEEPEST = 30
_MOST_PARTS = 5000
_MOST_WORDS = 50_000
_LONGEST = 500
_LEFT_OUT = frozenset(
    {"$id", "$schema", "description", "example", "examples", "title", "externalDocs", "xml",
     "discriminator", "deprecated", "default", "nullable", "readOnly", "writeOnly"}
)  # fmt: skip


def create_schema(document: JsonPart) -> JsonSchema | None:
    """Return the JSON Schema of the body of a create request, or None where there is none.

    Args:
        document: A parsed OpenAPI document.
    """
    operation = _operation(document)
    reader = _Reader(document)
    body = _mapping(reader.resolve(_mapping(operation).get("requestBody")))
    content = _mapping(body.get("content"))
    for media_type, part in content.items():
        if isinstance(media_type, str) and "json" in media_type.lower():
            schema = reader.inline(_mapping(part).get("schema"), 0)
            return schema if isinstance(schema, dict) and schema else None
    return None


def _operation(document: JsonPart) -> JsonPart:
    """Find ``POST /events``, below the namespace or relative to a server that names it."""
    paths = _mapping(_mapping(document).get("paths"))
    wanted = CREATE_EVENT.full_path()
    names = [name for name in paths if isinstance(name, str)]
    short = wanted.removeprefix(NAMESPACE)
    for name in (wanted, short, *(name for name in names if name.endswith(short))):
        operation = _mapping(paths.get(name)).get("post")
        if operation is not None:
            return operation
    return None


def _mapping(part: JsonPart) -> Mapping[object, JsonPart]:
    return part if isinstance(part, Mapping) else {}


class _Reader:
    """Follows references within one document, within bounds."""

    def __init__(self, document: JsonPart) -> None:
        self._document = document
        self._left = _MOST_PARTS
        self._words_left = _MOST_WORDS

    def resolve(self, part: JsonPart) -> JsonPart:
        """Follow the reference that ``part`` may be."""
        for _ in range(_DEEPEST):
            reference = _mapping(part).get("$ref")
            if not isinstance(reference, str):
                return part
            part = self._at(reference)
        return None

    def _at(self, reference: str) -> JsonPart:
        """Return what a JSON Pointer (RFC 6901) within the document names."""
        if not reference.startswith("#/") or len(reference) > _LONGEST:
            return None
        part = self._document
        for name in reference[2:].split("/"):
            part = _mapping(part).get(name.replace("~1", "/").replace("~0", "~"))
        return part

    def inline(self, part: JsonPart, depth: int) -> JsonPart:
        """Return a schema with its references replaced by what they name.

        What goes beyond a bound becomes the schema that allows everything.
        """
        self._left -= 1
        part = self.resolve(part)
        if part is None or depth > 2 * _DEEPEST:
            return True
        if isinstance(part, Mapping):
            return self._object(part, depth) if self._left > 0 and depth <= _DEEPEST else True
        if isinstance(part, Sequence) and not isinstance(part, str | bytes):
            if self._left <= 0:
                return True
            return [self.inline(item, depth + 1) for item in part[:_LONGEST]]
        return part if isinstance(part, str | bool | int | float) else str(part)

    def _object(self, part: Mapping[object, JsonPart], depth: int) -> JsonSchema:
        schema: JsonSchema = {}
        for name, value in part.items():
            if not isinstance(name, str) or name in _LEFT_OUT or name.startswith("x-"):
                continue
            if name in {"properties", "$defs"}:
                inner = _mapping(value).items()
                schema[name] = {str(key): self.inline(each, depth + 1) for key, each in inner}
            elif name in {"enum", "const"}:
                if self._are_words(value):
                    schema[name] = value
            else:
                schema[name] = self.inline(value, depth + 1)
        return _modern(schema, part)

    def _are_words(self, value: JsonPart) -> bool:
        """Tell whether ``value`` is a word or a list of words, and no more than may be taken."""
        words = value if isinstance(value, list) else [value]
        self._words_left -= len(words)
        return self._words_left >= 0 and not any(isinstance(w, Mapping | list) for w in words)


def _modern(schema: JsonSchema, part: Mapping[object, JsonPart]) -> JsonSchema:
    """Write what OpenAPI 3.0 has of its own as JSON Schema does."""
    if part.get("nullable") is True and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    for name, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        limit = schema.get(name)
        if isinstance(limit, bool):
            del schema[name]
            if limit and plain in schema:
                schema[name] = schema.pop(plain)
    required, properties = schema.get("required"), _mapping(part.get("properties"))
    if isinstance(required, list):
        schema["required"] = [
            name
            for name in required
            if isinstance(name, str) and _mapping(properties.get(name)).get("readOnly") is not True
        ]
    elif required is not None:
        del schema["required"]
    return schema
