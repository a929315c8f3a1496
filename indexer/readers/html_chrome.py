"""What is chrome in an HTML page: navigation, forms, banners, widgets. Elements, roles and conventions show it."""

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

#: Elements whose text nobody reads as the page's.
_TAGS = frozenset(
    "script style template noscript svg canvas iframe object embed video audio map select textarea input option"
    " datalist nav dialog head rp".split()
)
#: Source: WAI-ARIA landmarks and widgets that are about getting around, not about the subject.
_ROLES = frozenset("navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar".split())
#: Words of class names that content systems share. Source: the list of unlikely candidates of Mozilla's Readability,
#: kept to those that never name a page's text, and the classes by which Bootstrap, Drupal and WordPress hide labels.
_WIDGET = re.compile(
    r"(?:^|\s)(?:(?:[\w-]*[-_])?(?:breadcrumbs?|sidebar|pagination|pager)|cookie-(?:banner|bar|consent|notice)"
    r"|skip-?(?:links?|nav|to-(?:content|main))|social-(?:bar|buttons?|icons?|links|media|share|sharing)"
    r"|(?:share|sharing)(?:-(?:bar|buttons?|links|this|tools))?|feedback(?:-form)?)(?:$|\s)",
    re.IGNORECASE,
)
#: Elements that older pages have for `<footer>`; `dated` looks into them too.
FOOTERS = "footer, [role=contentinfo], div.footer, div#footer, div.site-footer, div#site-footer, div.page-footer"
_FOOTER_NAMES = frozenset(("footer", "site-footer", "page-footer"))
_FOR_SCREEN_READERS = re.compile(r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-reader(?:-text)?)(?:$|\s)", re.I)
_NUMBER = re.compile(r"[\[(]?\s*\d{1,3}\s*[\])]?")
#: Text that an author has crossed out: it is not current.
STRUCK = "del, s, strike"
_STRUCK_TAGS = frozenset(STRUCK.split(", "))
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
#: What opens a folded part of a page, and the roles of such parts: a reader sees it after a click.
_OPENERS = ("aria-controls", "data-target", "data-bs-target", "href")
_PANELS = frozenset(("tabpanel", "region"))
_PAGE_LEVEL = frozenset(("div", "form", "body", "html"))


class Chrome:
    """Decides what of one page is left out: `Chrome(root).covers(node)`."""

    def __init__(self, root: LexborNode) -> None:
        links = ((link.attributes.get("href") or "", link.text().strip()) for link in root.css('a[href^="#"]'))
        cited = {href[1:] for href, text in links if len(href) > 1 and _NUMBER.fullmatch(text)}
        #: What markers lead into: notes, also in the margin, as digital books have them.
        self._noted = _around(node for node in root.css("[id]") if (node.attributes.get("id") or "") in cited)
        self._headed = _around(root.css("h1, h2, h3, [role=heading]"))
        #: The parts that fold and unfold.
        self._opened = {
            (node.attributes.get(name) or "").lstrip("#")
            for name in _OPENERS
            for node in root.css(f"[{name}]")
            if name != "href" or (node.attributes.get(name) or "").startswith("#")
        }
        #: The site's header and footer: outside every section, and the only ones there.
        outside = [[node for node in root.css(tag) if not _in_a_section(node)] for tag in ("header", "footer")]
        self._banners = {nodes[0].mem_id for nodes in outside if len(nodes) == 1}

    def covers(self, node: LexborNode) -> bool:
        """Return whether an element and all that is in it is left out."""
        tag, attributes = node.tag, node.attributes
        if tag in _STRUCK_TAGS or self._is_hidden(node):
            return True
        if tag in _TAGS or node.mem_id in self._banners or (attributes.get("role") or "") in _ROLES:
            return True
        classes = attributes.get("class") or ""
        names = f"{classes} {attributes.get('id') or ''}"
        if tag == "aside":
            return node.mem_id not in self._noted
        if tag == "form":
            return node.mem_id not in self._headed and not _wraps_the_page(node)
        if tag == "div" and not _FOOTER_NAMES.isdisjoint(names.split()):
            return node.mem_id not in self._headed
        if _FOR_SCREEN_READERS.search(classes):
            return True
        widget = _WIDGET.search(classes) or _WIDGET.fullmatch(attributes.get("id") or "")
        return widget is not None and node.mem_id not in self._headed

    def _is_hidden(self, node: LexborNode) -> bool:
        """Return whether a browser does not show an element, and nothing on the page unfolds it."""
        attributes = node.attributes
        hidden = "hidden" in attributes and attributes["hidden"] != "until-found"
        hidden = hidden or _HIDDEN_STYLE.search(attributes.get("style") or "") is not None
        if not hidden and attributes.get("aria-hidden") != "true":
            return False
        names = {attributes.get("id") or "", *(attributes.get("class") or "").split()}
        headed = node.mem_id in self._headed  # a script shows it
        folds = headed or attributes.get("role") in _PANELS or _is_below_an_opener(node)
        return names.isdisjoint(self._opened) and not folds


def _is_below_an_opener(node: LexborNode) -> bool:
    """Return whether the element before one says that it folds something."""
    before = node.prev
    while before is not None and not before.is_element_node:
        before = before.prev
    return before is not None and before.css_first("[aria-expanded]") is not None


def _around(nodes: Iterable[LexborNode]) -> set[int]:
    """Return some elements and all their ancestors."""
    found: set[int] = set()
    for node in nodes:
        around: LexborNode | None = node
        while around is not None and around.mem_id not in found:
            found.add(around.mem_id)
            around = around.parent
    return found


def _in_a_section(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag in _PAGE_LEVEL:
        parent = parent.parent
    return parent is not None and parent.tag not in ("-document", "-undef", None)


def _wraps_the_page(form: LexborNode) -> bool:
    """Return whether a form is not to fill in, but a server's frame around the page: it holds more text than fields."""
    return len(form.css("p, li, td")) > len(form.css("input, select, textarea, button"))
