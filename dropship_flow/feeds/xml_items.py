"""Items of an XML file one at a time: Google Merchant RSS and Atom, or any other by the path of its items.

Nothing a document declares is obeyed: no DTD is loaded, no entity expanded, no address opened. An item is thrown away
once it was read, and a file without items is given up before it fills the memory.
"""

import html
import re
from itertools import islice

from .errors import FeedError

GOOGLE = "http://base.google.com/ns/1.0"
CHUNK = 1 << 17
MAX_GAP = 16 * 1024**2  # of text without one whole item in it
MAX_MARKS = 120_000  # and of elements and attributes, which need far more memory than they are long
DECLARED = re.compile(rb"<!ENTITY|<!DOCTYPE[^>]*\[|<\x00!\x00E\x00|\x00<\x00!\x00E", re.IGNORECASE)
ROOT = re.compile(rb"<[^!?\x00]|<\x00[^!?]\x00|\x00<\x00[^!?]")
KNOWN_PATHS = ("rss/channel/item", "RDF/item", "feed/entry")
GUESSED = 1 << 20
MAX_DEPTH = 40


class XmlItems:
    """
    :param source: container.Source
    :param item_path: local names joined by "/", from the root or a part of the end of it; "product[]/variants/variant"
        gives one item per variant, with `../title` for what stands in the product
    """

    def __init__(self, source, item_path="", encoding=""):
        self.source, self.encoding = source, encoding
        self.item_path = item_path.strip("/ ") or guess_path(source, encoding)

    def elements(self):
        """(number, element) of each item; it is emptied when the next is asked for."""
        outer = self.item_path.partition("[]")[0]
        path = [local(part) for part in outer.split("/")]
        parser = _parser(self.encoding, events=("end",), tag=[path[-1], f"{{*}}{path[-1]}"])
        found, gap, marks = 0, 0, 0
        for piece in _fed(self.source, parser):
            gap += len(piece)
            marks += piece.count(b"<") + piece.count(b"=")
            for _event, element in parser.read_events():
                if not _stands_at(element, path):
                    continue
                _refuse_declared(element)
                found, gap, marks = found + 1, 0, 0
                yield found, element
                _forget(element)
            if gap > MAX_GAP or marks > MAX_MARKS:
                raise FeedError("item_large" if found else "no_items", path=outer)
        if not found:
            raise FeedError("no_items", path=outer)

    def items(self):
        """(number, {path: text})"""
        _outer, split, inner = self.item_path.partition("[]")
        steps = [local(part) for part in inner.strip("/").split("/")]
        for number, element in self.elements():
            if not split:
                yield number, flat(element)
                continue
            parent = {f"../{path}": text for path, text in flat(element, leave=steps[0]).items()}
            for variant in _below(element, steps):
                yield number, {**parent, **flat(variant)}


def _fed(source, parser):
    """Pieces of the file, after the parser has taken them; closed at the end."""
    from lxml import etree  # noqa: PLC0415 - loading takes a while, tables do not need it

    before, started = b"", False
    try:
        with source.open() as stream:
            while piece := stream.read(CHUNK):
                if not started:
                    before += piece
                    root = ROOT.search(before)
                    if DECLARED.search(before[: root.start()] if root else before):
                        raise FeedError("xml_unsafe")
                    started = bool(root) or len(before) > MAX_GAP
                parser.feed(piece)
                yield piece
    except etree.XMLSyntaxError as error:
        raise FeedError("broken_xml", line=error.lineno or 0) from error
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        raise FeedError("truncated" if started else "broken_xml", line=error.lineno or 0) from error


def _parser(encoding, **options):
    from lxml import etree  # noqa: PLC0415

    try:
        return etree.XMLPullParser(
            resolve_entities=False,
            load_dtd=False,
            dtd_validation=False,
            attribute_defaults=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            encoding=encoding or None,
            **options,
        )
    except LookupError as error:
        raise FeedError("encoding_unknown", text=encoding[:40]) from error


def _refuse_declared(element):
    """What hid its declarations in an encoding of its own still has them in the tree."""
    document = element.getroottree().docinfo
    if document.internalDTD is not None and any(True for _entity in document.internalDTD.iterentities()):
        raise FeedError("xml_unsafe")


def _stands_at(element, path):
    for name in reversed(path):
        if element is None or local(element.tag) != name:
            return False
        element = element.getparent()
    return True


def _forget(element):
    """Empty an item and everything before it, on every level."""
    element.clear()
    while element is not None:
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]
        element = parent


def _below(element, steps):
    found = [element]
    for step in steps:
        found = [child for parent in found for child in parent if _is(child) and local(child.tag) == step]
    return found


def _is(child):
    return isinstance(child.tag, str)


def local(name):
    """
    >>> local("{http://www.w3.org/2005/Atom}entry"), local("g:id")
    ('entry', 'id')
    """
    return name.rpartition("}")[2].rpartition(":")[2]


_names = {}


def named(tag):
    """Name of an element in a path: Google's with `g:`, all others without the prefix they happen to have.

    >>> named("{http://base.google.com/ns/1.0}price"), named("{http://www.w3.org/2005/Atom}title"), named("price")
    ('g:price', 'title', 'price')
    """
    name = _names.get(tag)
    if name is None:
        space, _brace, short = tag.rpartition("}")
        name = f"g:{short}" if space[1:] == GOOGLE else short
        if len(_names) < 5_000:
            _names[tag] = name
    return name


def flat(element, leave=""):
    """{path: text} of an item; of an element that repeats one line each."""
    found = {f"@{named(name)}": text for name, text in element.attrib.items()}
    if element.text and not element.text.isspace():
        found["."] = element.text
    _collect(element, "", found, leave, 0)
    return found


def _collect(element, above, found, leave, depth):
    if depth > MAX_DEPTH:
        raise FeedError("xml_unsafe")
    for child in element:
        if not _is(child):
            continue
        name = named(child.tag)
        if leave and name == leave:
            continue
        path = above + name
        for attribute, text in child.attrib.items():
            _put(found, f"{path}/@{named(attribute)}", text)
        if len(child):
            text = _with_entities(child)
            _collect(child, f"{path}/", found, "", depth + 1)
        else:
            text = child.text
        if text and not text.isspace():
            _put(found, path, text)


def _put(found, path, text):
    found[path] = f"{found[path]}\n{text}" if path in found else text


def _with_entities(element):
    """Text with what stands for a character in it; of markup inside all its text."""
    pieces = [element.text or ""]
    for child in element:
        if not _is(child):
            pieces += [html.unescape(child.text or ""), child.tail or ""]
        elif child.tail and not child.tail.isspace():
            return "".join(element.itertext(tag=None))
    return "".join(pieces)


def guess_path(source, encoding=""):
    """The path of what repeats and says most, from the beginning of the file.

    :raise FeedError: no_items
    """
    counts, fields, total = {}, {}, 0
    stack = []
    parser = _parser(encoding, events=("start", "end"))
    try:
        for piece in _fed(source, parser):
            for event, element in parser.read_events():
                if event == "end":
                    stack.pop()
                    continue
                stack.append(local(element.tag))
                path = "/".join(stack)
                counts[path] = counts.get(path, 0) + 1
                own = fields.setdefault(path, set())
                own.update(element.attrib)
                if len(stack) > 1:
                    fields["/".join(stack[:-1])].add(stack[-1])
            total += len(piece)
            if total > GUESSED or len(counts) > 5_000:
                break
    except FeedError as error:
        if error.code != "truncated" and error.code != "broken_xml" or len(counts) < 2:
            raise
    for path in KNOWN_PATHS:
        if path in counts:
            return path
    rows = [path for path in counts if len(fields[path]) >= 2 and "/" in path]
    if not rows:
        raise FeedError("no_items", path="")
    repeated = [path for path in rows if counts[path] > 1]
    return min(repeated or rows, key=lambda path: (path.count("/"), -len(fields[path]), -counts[path]))


def first_items(source, count, item_path="", encoding=""):
    return list(islice(XmlItems(source, item_path, encoding).items(), count))
