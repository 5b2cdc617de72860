"""One XML document as a tree. Nothing it declares is obeyed: no DTD, no entity, no address, no endless depth."""

try:
    from ..feeds.xml_items import DECLARED, MAX_DEPTH, local
except ImportError:  # the package by itself, without the addon around it
    from feeds.xml_items import DECLARED, MAX_DEPTH, local

from .model import BillError

MAX_BYTES = 10 * 1024 * 1024
MAX_ELEMENTS = 1_000_000


def parse(content):
    """The root element.

    :raise BillError: xml_unsafe, xml_broken, too_large
    """
    from lxml import etree  # noqa: PLC0415 - loading takes a while, tables do not need it

    if len(content) > MAX_BYTES:
        raise BillError("too_large", limit=MAX_BYTES // 2**20)
    if DECLARED.search(content) or b"<!DOCTYPE" in content[:4096]:
        raise BillError("xml_unsafe")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, dtd_validation=False, attribute_defaults=False, no_network=True,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise BillError("xml_broken", line=getattr(error, "lineno", 0) or 0) from error
    # What hid its declarations in an encoding of its own still has them in the tree.
    if root.getroottree().docinfo.internalDTD is not None:
        raise BillError("xml_unsafe")
    _check_size(root)
    return root


def _check_size(root):
    level, count, depth = [root], 0, 0
    while level:
        count, depth = count + len(level), depth + 1
        if count > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise BillError("xml_unsafe")
        level = [child for element in level for child in element]


def named(element):
    """The name of an element without its prefix; what is no element has none."""
    return local(element.tag) if isinstance(element.tag, str) else ""


def below(element, path):
    """All elements at "A/B/C" below one, by their names without prefixes."""
    found = [element] if element is not None else []
    for step in path.split("/"):
        found = [child for parent in found for child in parent if named(child) == step]
    return found


def text(element, path):
    """The text at the first such place, "" for none."""
    found = below(element, path)
    return " ".join("".join(found[0].itertext()).split())[:500] if found else ""
