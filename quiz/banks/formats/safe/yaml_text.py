"""YAML as plain values, from strangers too: no anchors, no tags of its own, bounded in depth and size.

Built from the events of the parser, because the node graph of the library takes some twenty times the size of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

_MOST_VALUES = 1_500_000  # 20,000 items have some 700,000
_DEEPEST = 12
_TEXT = "tag:yaml.org,2002:str"
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class BadYaml(Exception):
    """A text that is no YAML.  line: where, from 1; why: in the words of the parser."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.why = why


class UnsafeYaml(BadYaml):
    """YAML with what could unfold without end."""


@dataclass(slots=True)
class Loaded:
    """value: dicts, lists, texts, numbers, days.  doubled: (line, name) of names written twice in one mapping."""

    value: Any = None
    doubled: list[tuple[int, str]] = field(default_factory=list)
    lines: dict[int, int] = field(default_factory=dict)  # id of a mapping → its line

    def line_of(self, mapping: dict) -> int:
        return self.lines[id(mapping)]


def load(text: str) -> Loaded:
    """The values of a text with one document.  Raises BadYaml, UnsafeYaml."""
    try:
        return _Builder(yaml.parse(text, Loader=_PARSER)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadYaml(mark.line + 1 if mark else 1, " ".join(str(error).split())) from error
    except yaml.YAMLError as error:  # signs that no text may hold
        raise BadYaml(1, " ".join(str(error).split())) from error


class _Builder:
    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self.events = events
        self.scalars = _Scalars()
        self.loaded = Loaded()
        self.count = 0

    def document(self) -> Loaded:
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise BadYaml(_line(event), "more than one document")
            elif isinstance(event, yaml.NodeEvent):
                self.loaded.value = self.value(event, 0)
        return self.loaded

    def value(self, event: Any, depth: int) -> Any:
        line = _line(event)
        self.count += 1
        if depth > _DEEPEST or self.count > _MOST_VALUES:
            raise UnsafeYaml(line, "too deep or too much")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise UnsafeYaml(line, "an anchor")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalars.read(event, line)
        if event.tag is not None:
            raise BadYaml(line, f"tag {event.tag}")
        return self.sequence(depth) if isinstance(event, yaml.SequenceStartEvent) else self.mapping(line, depth)

    def sequence(self, depth: int) -> list[Any]:
        values = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            values.append(self.value(event, depth + 1))
        return values

    def mapping(self, line: int, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        self.loaded.lines[id(values)] = line
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            name_line = _line(event)
            if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None:
                raise BadYaml(name_line, "a name that is no text")
            if event.value in values:
                self.loaded.doubled.append((name_line, event.value))
            values[event.value] = self.value(next(self.events), depth + 1)
        return values


def _line(event: Any) -> int:
    return event.start_mark.line + 1


class _Scalars:
    """What a scalar means, by the rules of the library; names that stand for days or numbers become such."""

    def __init__(self) -> None:
        self.resolver = yaml.resolver.Resolver()
        self.constructor = yaml.constructor.SafeConstructor()

    def read(self, event: Any, line: int) -> Any:
        tag = event.tag if event.tag not in (None, "!") else None
        if tag is None:
            is_plain = event.implicit[0] and event.style in (None, "")
            tag = self.resolver.resolve(yaml.ScalarNode, event.value, (True, False)) if is_plain else _TEXT
        if tag == _TEXT:
            return event.value
        try:
            value = self.constructor.construct_object(yaml.ScalarNode(tag, event.value, event.start_mark))
        except (ValueError, OverflowError):  # 2024-02-30, or a number beyond all bounds
            return event.value
        except yaml.YAMLError as error:
            raise BadYaml(line, f"tag {tag}") from error
        finally:
            self.constructor.constructed_objects.clear()
        return value if isinstance(value, (str, int, float, date, bytes)) or value is None else event.value


class _Dumper(_DUMPER):  # type: ignore[misc, valid-type]
    pass


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = ">" if len(text) > 70 and "\n" not in text else "|" if "\n" in text else None
    return dumper.represent_scalar(_TEXT, text, style=style)


_Dumper.add_representer(str, _represent_text)


def dump(value: Any) -> str:
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
