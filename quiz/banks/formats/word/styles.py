"""How characters look in a Word file: direct formatting over character styles over paragraph styles over the defaults."""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from quiz.banks.formats.lines.document import Look

_DEEPEST = 12  # styles based on each other
_OFF = ("0", "false", "off", "none")
_TOGGLES = {"b": "bold", "i": "italic", "vanish": "hidden"}


class Format(NamedTuple):
    """What one place says of looks; None where it says nothing."""

    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    strike: bool | None = None
    highlight: str | None = None
    shade: str | None = None
    colour: str | None = None
    hidden: bool | None = None


NOTHING = Format()


class Styles:
    """The styles of a file. w: prefix of the names of its elements, "{…}"."""

    def __init__(self, root: etree._Element | None, w: str) -> None:
        self.w = w
        self._styles: dict[str, etree._Element] = {}
        self._default_paragraph = ""
        self._base = NOTHING
        self._of_style: dict[str, Format] = {}
        self._looks: dict[tuple[str, str, Format], tuple[Look, bool]] = {}
        if root is not None:
            self._load(root)

    def _load(self, root: etree._Element) -> None:
        w = self.w
        self._base = self.format(root.find(f"{w}docDefaults/{w}rPrDefault/{w}rPr"))
        for style in root.iterfind(f"{w}style"):
            name = style.get(w + "styleId", "")
            self._styles.setdefault(name, style)
            if style.get(w + "type") == "paragraph" and style.get(w + "default") in ("1", "true", "on"):
                self._default_paragraph = name

    def format(self, properties: etree._Element | None) -> Format:
        """What an rPr says."""
        if properties is None or not len(properties):
            return NOTHING
        said: dict[str, bool | str] = {}
        w = self.w
        for element in properties:
            name = element.tag[len(w) :] if isinstance(element.tag, str) and element.tag.startswith(w) else ""
            value = element.get(w + "val")
            if name in _TOGGLES:
                said[_TOGGLES[name]] = value not in _OFF
            elif name == "u":
                said["underline"] = value not in _OFF
            elif name in ("strike", "dstrike"):
                said["strike"] = bool(said.get("strike")) or value not in _OFF
            elif name == "highlight":
                said["highlight"] = "" if value in ("none", "white", None) else value
            elif name == "shd":
                said["shade"] = shade(element, w)
            elif name == "color":
                said["colour"] = _colour(element, value, w)
        return Format(**said)  # type: ignore[arg-type]

    def chain(self, style_id: str) -> list[etree._Element]:
        """A style and those that it is based on, the last one first."""
        found: list[etree._Element] = []
        while style_id in self._styles and len(found) < _DEEPEST:
            style = self._styles[style_id]
            if style in found:
                break
            found.insert(0, style)
            based_on = style.find(self.w + "basedOn")
            style_id = based_on.get(self.w + "val", "") if based_on is not None else ""
        return found

    def paragraph_style(self, style_id: str) -> str:
        return style_id or self._default_paragraph

    def look(self, paragraph: str, character: str, direct: Format) -> tuple[Look, bool]:
        """The look of a run, and whether it is hidden.  paragraph, character: ids of styles, or ""."""
        key = (paragraph, character, direct)
        if key not in self._looks:
            self._looks[key] = self._look(*key)
        return self._looks[key]

    def _look(self, paragraph: str, character: str, direct: Format) -> tuple[Look, bool]:
        by_paragraph, by_character = self._format_of(self.paragraph_style(paragraph)), self._format_of(character)
        merged = _over(_over(self._base, by_paragraph), by_character)
        if by_paragraph.bold and by_character.bold:  # bold in a bold paragraph stands out by not being so
            merged = merged._replace(bold=False)
        if by_paragraph.italic and by_character.italic:
            merged = merged._replace(italic=False)
        merged = _over(merged, direct)
        look = Look(
            bool(merged.bold), bool(merged.italic), bool(merged.underline), bool(merged.strike),
            merged.highlight or merged.shade or "", merged.colour or "",
        )  # fmt: skip
        return look, bool(merged.hidden)

    def _format_of(self, style_id: str) -> Format:
        if style_id not in self._of_style:
            merged = NOTHING
            for style in self.chain(style_id):
                merged = _over(merged, self.format(style.find(self.w + "rPr")))
            self._of_style[style_id] = merged
        return self._of_style[style_id]


def _over(below: Format, above: Format) -> Format:
    said = {name: value for name, value in above._asdict().items() if value is not None}
    return below._replace(**said) if said else below


def shade(element: etree._Element, w: str) -> str:
    """The colour behind characters or a paragraph; "" for none and white."""
    fill = (element.get(w + "fill") or "").upper()
    return "" if fill in ("", "AUTO", "FFFFFF") else fill


def _colour(element: etree._Element, value: str | None, w: str) -> str:
    """RRGGBB, or the name of a colour of the theme; "" for what looks black."""
    theme = element.get(w + "themeColor")
    if theme in ("text1", "dark1"):
        return ""
    value = (value or "").upper()
    if value == "AUTO":
        return theme or ""
    try:
        red, green, blue = bytes.fromhex(value)
    except ValueError:
        return theme or ""
    is_dark_grey = max(red, green, blue) < 0x60 and max(red, green, blue) - min(red, green, blue) < 0x20
    return "" if is_dark_grey else value
