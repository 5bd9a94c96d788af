"""Pages: what a reader and a browser meet in an HTML document."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
VERBATIM = {"pre", "textarea", "option"}  # what is shown as it is written
VERBATIM_CLASSES = {"iri", "citation"}
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "form": "action"}
LOADED_RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}


@dataclass
class Anchor:
    """A link to follow, with its text; ``is_code`` if that is set as code.

    An address that is shown as it is, is meant to be.
    """

    href: str
    text: str = ""
    is_code: bool = False

    @property
    def is_name(self) -> bool:
        """Whether the link has a technical name for its text."""
        return self.is_code and self.text.strip() != self.href


@dataclass
class Page:
    """A page as it was read; ``texts`` are those outside of what is shown as it is written."""

    language: str = ""
    title: str = ""
    headings: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    canonical: str = ""
    alternates: dict[str, str] = field(default_factory=dict)
    resources: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    has_inline_code: bool = False


def read(html: str) -> Page:
    """Return what a page holds."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    """Reads a page that is well-formed: what is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[tuple[str, bool]] = []
        self._within: Counter[str] = Counter()
        self._verbatim = 0
        self._anchor: Anchor | None = None
        self._is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        page = self.page
        page.has_inline_code |= any(name == "style" or name.startswith("on") for name in values)
        if "id" in values:
            page.ids.append(values["id"])
        if tag == "html":
            page.language = values.get("lang", "")
        elif tag == "h1":
            page.headings.append("")
        elif tag == "a" and "href" in values:
            self._anchor = Anchor(values["href"])
            page.anchors.append(self._anchor)
        elif tag == "code" and self._anchor:
            self._anchor.is_code = True
        elif tag == "link":
            self._link(values)
        elif tag == "script":
            self._script(values)
        if tag in LOADED and LOADED[tag] in values:
            page.resources.append(values[LOADED[tag]])
        if tag not in VOID:
            self._enter(tag, values.get("class", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._anchor = None
        if tag in VOID:
            return
        opened, is_verbatim = self._open.pop()
        assert opened == tag, f"</{tag}> ends <{opened}>, line {self.getpos()[0]}"
        self._within[tag] -= 1
        self._verbatim -= is_verbatim

    def handle_data(self, data: str) -> None:
        text = data.strip()
        if not text or self._within["style"]:
            return
        if self._within["title"]:
            self.page.title += "" if self._within["svg"] else data
        elif self._within["script"]:
            if self._is_data:
                self.page.data[-1] += data
        else:
            if self._within["h1"]:
                self.page.headings[-1] += data
            if self._anchor:
                self._anchor.text += data
            if not self._verbatim and not (self._anchor and text == self._anchor.href):
                self.page.texts.append(text)

    def _enter(self, tag: str, classes: str) -> None:
        # A technical name that is no link stands beside the label that is one.
        is_beside = tag == "code" and self._anchor is None
        is_verbatim = (
            is_beside or tag in VERBATIM or not VERBATIM_CLASSES.isdisjoint(classes.split())
        )
        self._open.append((tag, is_verbatim))
        self._within[tag] += 1
        self._verbatim += is_verbatim

    def _script(self, values: dict[str, str]) -> None:
        self._is_data = values.get("type") == "application/ld+json"
        if self._is_data:
            self.page.data.append("")
        elif "src" not in values:
            self.page.has_inline_code = True

    def _link(self, values: dict[str, str]) -> None:
        relations = set(values.get("rel", "").split())
        href = values.get("href", "")
        if "canonical" in relations:
            self.page.canonical = href
        if "alternate" in relations and "hreflang" in values:
            self.page.alternates[values["hreflang"]] = href
        if relations & LOADED_RELATIONS:
            self.page.resources.append(href)
