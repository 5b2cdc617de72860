"""Charts as SVG texts that need nothing from outside: no script, no style sheet, no font of their own."""

from math import floor, log10
from xml.sax.saxutils import escape

GOOD, BAD, PALE, INK, LINE = "#01666b", "#b5473c", "#b7c9ca", "#434343", "#dddddd"
WIDTH = 680


def draw(chart, words, width=WIDTH):
    """The picture of a chart.

    :param dict chart: see the package
    :param words: function of an amount, giving what a person reads
    :param int width: of the picture, in pixels
    :return str: an `svg` element, or nothing where there is nothing to draw
    """
    if not chart["labels"] or not any(chart["values"]):
        return ""
    height, parts = {"bars": _bars, "columns": _columns, "line": _line}[chart["kind"]](chart, words)
    return _svg(width, height, parts, chart["title"])


def ticks(low, high, count=4):
    """Round amounts that cover a range, from the lowest to the highest.

    >>> ticks(0, 870), ticks(-30, 95), ticks(0, 0)
    ([0, 250, 500, 750, 1000], [-50, 0, 50, 100], [0, 1])
    """
    low, high = min(low, 0), max(high, 0)
    if low == high:
        return [0, 1]
    step = (high - low) / count
    size = 10.0 ** floor(log10(step))
    step = next(size * factor for factor in (1, 2.5, 5, 10) if size * factor >= step * 0.85)
    first, last = floor(low / step), -floor(-high / step)
    return [_whole(step * number) for number in range(first, last + 1)]


def short(text, most=24):
    """A label that fits; a sign of Chinese is as wide as two letters.

    >>> short("Rhein Logistik Gesellschaft"), short("杭州拾光电商有限公司供应链部")
    ('Rhein Logistik Gesellsc…', '杭州拾光电商有限公司供…')
    """
    width = 0
    for place, sign in enumerate(text):
        width += 2 if ord(sign) > 0x2E7F else 1
        if width > most:
            return text[: max(place - 1, 1)] + "…"
    return text


def _whole(number):
    return int(number) if float(number).is_integer() else round(number, 6)


def _svg(width, height, parts, title):
    tall = round(height * width / WIDTH)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{width}" height="{tall}" '
        f'role="img" aria-label="{escape(title, {chr(34): "&quot;"})}">{"".join(parts)}</svg>'
    )


def _text(x, y, text, anchor="start", colour=INK, size=11):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _rect(x, y, width, height, colour):
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{max(height, 0.5):.1f}" fill="{colour}"/>'
    )


def _stroke(x1, y1, x2, y2, colour=LINE):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="1"/>'


def _bars(chart, words):
    """Lying bars, one for each label; what is below nothing goes to the left."""
    left, right, row = 240, 90, 22
    values = chart["values"]
    low, high = min(0, *values), max(0, *values)
    if low < 0:  # room for the words of what is below nothing
        left += 60
    scale = (WIDTH - left - right) / (high - low or 1)
    zero = left - low * scale
    parts = []
    for place, (label, value) in enumerate(zip(chart["labels"], values, strict=True)):
        y = place * row + 4
        x = zero + min(value, 0) * scale
        parts.append(_text(0, y + 12, short(label, 38)))
        parts.append(_rect(x, y, abs(value) * scale, row - 8, GOOD if value >= 0 else BAD))
        end, anchor = (zero + value * scale + 5, "start") if value >= 0 else (x - 5, "end")
        parts.append(_text(end, y + 12, words(value), anchor))
    height = len(values) * row + 4
    parts.append(_stroke(zero, 0, zero, height, INK))
    return height, parts


def _frame(chart, words, bottom):
    """(parts, function of an amount giving its height) of a chart with standing values."""
    marks = ticks(
        min(*chart["values"], *chart.get("last") or [0], 0), max(*chart["values"], *chart.get("last") or [0], 0)
    )
    top = 18 if chart.get("names") else 8
    scale = (bottom - top) / (marks[-1] - marks[0])

    def at(value):
        return bottom - (value - marks[0]) * scale

    parts = []
    for mark in marks:
        parts.append(_stroke(76, at(mark), WIDTH, at(mark), INK if mark == 0 else LINE))
        parts.append(_text(70, at(mark) + 4, words(mark), "end", size=10))
    for place, (name, colour) in enumerate(zip(chart.get("names") or [], (GOOD, PALE), strict=False)):
        parts.append(_rect(80 + place * 150, 2, 9, 9, colour))
        parts.append(_text(94 + place * 150, 10, name, size=10))
    return parts, at


def _columns(chart, words):
    """Standing columns; beside each, paler, the value to compare with."""
    bottom = 190
    parts, at = _frame(chart, words, bottom)
    width = (WIDTH - 80) / len(chart["labels"])
    series = [(chart["values"], None)] + ([(chart["last"], PALE)] if chart.get("last") else [])
    column = width * 0.7 / len(series)
    for place, label in enumerate(chart["labels"]):
        x = 80 + place * width + width * 0.15
        for number, (values, colour) in enumerate(series):
            value = values[place]
            colour = colour or (GOOD if value >= 0 else BAD)
            parts.append(_rect(x + number * column, min(at(value), at(0)), column - 1, abs(at(value) - at(0)), colour))
        parts.append(_text(80 + (place + 0.5) * width, bottom + 15, short(label, int(width / 5.5)), "middle", size=10))
    return bottom + 22, parts


def _line(chart, words):
    """A line through the values, red dots where they are below nothing."""
    bottom = 190
    parts, at = _frame(chart, words, bottom)
    width = (WIDTH - 80) / len(chart["labels"])
    points = [(80 + (place + 0.5) * width, at(value)) for place, value in enumerate(chart["values"])]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts.append(f'<polyline points="{path}" fill="none" stroke="{GOOD}" stroke-width="2"/>')
    for (x, y), value, label in zip(points, chart["values"], chart["labels"], strict=True):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{GOOD if value >= 0 else BAD}"/>')
        parts.append(_text(x, bottom + 15, short(label, int(width / 5.5)), "middle", size=9))
    return bottom + 22, parts
