"""What of an HTML page is chrome: navigation, forms, banners, widgets. Elements, roles and conventions tell."""

import re

from selectolax.lexbor import LexborNode

#: Elements whose text nobody reads as the page's.
_TAGS = frozenset(
    "script style template noscript svg canvas iframe object embed video audio map select textarea input option"
    " datalist nav dialog head math".split()
)
#: Source: WAI-ARIA landmarks and widgets that are about getting around, not about the subject.
_ROLES = frozenset("navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar".split())
#: Words of class names that content systems share. Source: the list of unlikely candidates of Mozilla's Readability,
#: kept to those that never name a page's text, and the classes by which Bootstrap, Drupal and WordPress hide labels.
_WIDGET = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|sidebar|pagination|pager|cookies?|skip-?(?:links?|nav|to)|social|share|sharing|feedback)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
#: Elements that older pages have for `<footer>`; `dated` looks into them too.
FOOTERS = "footer, [role=contentinfo], div.footer, div#footer, div.site-footer, div#site-footer, div.page-footer"
_FOOTER_NAMES = frozenset(("footer", "site-footer", "page-footer"))
_FOR_SCREEN_READERS = re.compile(r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-reader(?:-text)?)(?:$|\s)", re.I)
_INLINE_ICON = frozenset(("span", "i", "b", "a", "em"))
_PAGE_LEVEL = frozenset(("div", "form", "body", "html"))


def is_chrome(node: LexborNode, cited: frozenset[str]) -> bool:
    """Return whether an element and all that is in it is left out; `cited` are the places that markers link to."""
    tag, attributes = node.tag, node.attributes
    if tag in _TAGS or (attributes.get("role") or "") in _ROLES:
        return True
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if tag == "aside":
        return not _has_place(node, cited)
    if tag == "div" and not _FOOTER_NAMES.isdisjoint(names.split()):
        return not _has_heading(node)
    if tag in ("header", "footer"):
        return _is_banner(node)
    if tag == "form":
        return not _wraps_the_page(node)
    if tag in _INLINE_ICON and attributes.get("aria-hidden") == "true":
        return True
    if _FOR_SCREEN_READERS.search(attributes.get("class") or ""):
        return True
    return bool(_WIDGET.search(names)) and not _has_heading(node)


def _has_place(node: LexborNode, cited: frozenset[str]) -> bool:
    """Return whether a marker leads into an element: a note in the margin, as digital books have it."""
    return any((one.attributes.get("id") or "") in cited for one in [node, *node.css("[id]")]) if cited else False


def _is_banner(node: LexborNode) -> bool:
    """Return whether a header or footer is the site's: outside every section, and the only one there."""
    return not _in_a_section(node) and not any(
        other.mem_id != node.mem_id and not _in_a_section(other) for other in _same(node)
    )


def _same(node: LexborNode) -> list[LexborNode]:
    top = node
    while top.parent is not None and top.parent.tag != "-undef":
        top = top.parent
    return top.css(str(node.tag))


def _in_a_section(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag in _PAGE_LEVEL:
        parent = parent.parent
    return parent is not None and parent.tag not in ("-document", "-undef", None)


def _wraps_the_page(form: LexborNode) -> bool:
    """Return whether a form is not to fill in, but a server's frame around the page: it holds more text than fields."""
    return _has_heading(form) or len(form.css("p, li, td")) > len(form.css("input, select, textarea, button"))


def _has_heading(node: LexborNode) -> bool:
    return node.css_first("h1, h2, h3, [role=heading]") is not None
