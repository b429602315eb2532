"""What an OpenAPI document says of the routes: which there are, and which scopes they need. Pure.

Where the live document can be read, it wins over what was assumed of the routes that the vendor's
pages leave open (look-up, update, media).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pinned_tui.api_spec.routes import CREATE_EVENT, NAMESPACE, Route

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


_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head"})
_PARAMETER = re.compile(r"\{[^{}/]*\}")
_SCOPE = re.compile(r"[a-z]{1,40}:[a-z]{1,40}")
_MOST_PATHS = 2000


@dataclass(frozen=True, slots=True)
class AdvertisedRoutes:
    """The routes of a document, by method and path below the namespace, with their scopes."""

    scopes: Mapping[tuple[str, str], tuple[str, ...]]

    def has(self, route: Route) -> bool:
        """Tell whether the document has ``route``."""
        return (route.method, route.path) in self.scopes

    def scope_of(self, route: Route) -> str | None:
        """Return the one scope that the document states for ``route``; None where it does not."""
        stated = self.scopes.get((route.method, route.path), ())
        return stated[0] if len(stated) == 1 else None


def stated_routes(document: object) -> AdvertisedRoutes | None:
    """Read the routes of a parsed OpenAPI document; None where it names no path at all."""
    paths = document.get("paths") if isinstance(document, Mapping) else None
    if not isinstance(paths, Mapping):
        return None
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for path, item in list(paths.items())[:_MOST_PATHS]:
        if not isinstance(path, str) or not isinstance(item, Mapping):
            continue
        short = _PARAMETER.sub("{id}", path.rstrip("/").partition(NAMESPACE)[2] or path)
        for method, operation in item.items():
            if method in _METHODS and isinstance(operation, Mapping):
                found[method.upper(), short] = tuple(dict.fromkeys(_scopes(operation)))
    return AdvertisedRoutes(found) if found else None


def _scopes(operation: Mapping[object, object]) -> Iterator[str]:
    """Return the scopes under ``security`` (OpenAPI 3.1, 4.8.30) and ``x-required-scopes``."""
    required = operation.get("x-required-scopes")
    lists = [required if isinstance(required, list) else []]
    security = operation.get("security")
    for requirement in security if isinstance(security, list) else []:
        if isinstance(requirement, Mapping):
            lists += [each for each in requirement.values() if isinstance(each, list)]
    for names in lists:
        yield from (name for name in names if isinstance(name, str) and _SCOPE.fullmatch(name))
