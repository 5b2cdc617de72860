"""A dashboard: cells, tables, charts and key figures, with live data sources or with sample values in their place."""

import json
import uuid

HOME = uuid.UUID("6f1d0b5e-6d64-4c53-9a53-3f6f9b9f5a10")
WIDTHS = (260, 105, 95, 98, 20, 260, 105, 95, 98)
LEFT, RIGHT = 0, 5
TEAL, INK = "#01666B", "#434343"
TITLE, HEAD, WORD, NUMBER, ALARM, RIGHT_HEAD = 1, 2, 3, 4, 5, 6
STYLES = {
    TITLE: {"textColor": TEAL, "bold": True, "fontSize": 15},
    HEAD: {"textColor": INK, "bold": True, "fontSize": 10},
    WORD: {"textColor": TEAL, "verticalAlign": "middle"},
    NUMBER: {"textColor": INK, "verticalAlign": "middle"},
    ALARM: {"textColor": "#B5473C", "bold": True},
    RIGHT_HEAD: {"textColor": INK, "bold": True, "fontSize": 10, "align": "right"},
}
FORMATS = {1: "0.0%", 2: "#,##0.00", 3: "#,##0"}
PERCENT, DECIMAL, WHOLE = FORMATS
LOCALE = {
    "name": "English (US)", "code": "en_US", "thousandsSeparator": ",", "decimalSeparator": ".",
    "dateFormat": "mm/dd/yyyy", "timeFormat": "hh:mm:ss", "formulaArgSeparator": ",", "weekStart": 7,
}  # fmt: skip


def key(*words):
    """The same id for the same words, whenever it is made.

    >>> key("profit", "period") == key("profit", "period"), len(key("a"))
    (True, 36)
    """
    return str(uuid.uuid5(HOME, "/".join(words)))


def place(column, row):
    """
    >>> place(0, 0), place(5, 22)
    ('A1', 'F23')
    """
    return f"{chr(65 + column)}{row + 1}"


def said(text):
    """A cell that says a text in the reader's language."""
    return f'=_t("{text}")'


class Dashboard:
    """Rows and columns are counted from 0, as the figures of a spreadsheet are."""

    def __init__(self, name, rows, sample):
        self.name, self.rows, self.sample = name, rows, sample
        self.cells, self.data, self.styles, self.formats, self.data_formats = {}, {}, {}, {}, {}
        self.figures, self.pivots, self.lists, self.filters, self.tall = [], {}, {}, [], {}

    # --- what it reads ---

    def filter(self, label, kind, model=None, default=None):
        values = {"id": key(self.name, "filter", label), "type": kind, "label": label}
        if model:
            values |= {"modelName": model, "defaultValueDisplayNames": []}
        if default:
            values["defaultValue"] = default
        self.filters.append(values)
        return values["id"]

    def matching(self, matched, offset=0):
        """{filter: which field it looks at}; matched: {label: (field, type)}"""
        found = {}
        for one in self.filters:
            if one["label"] in matched:
                chain, kind = matched[one["label"]]
                found[one["id"]] = {"chain": chain, "type": kind} | (
                    {"offset": offset} if one["type"] == "date" else {}
                )
        return found

    def pivot(self, model, measures, matched, rows=(), domain=(), offset=0):
        """The number of a new pivot; measures: ["field:aggregate"], sorted by the first where there are rows."""
        number = str(len(self.pivots) + 1)
        first = measures[0]
        self.pivots[number] = {
            "type": "ODOO", "id": number, "formulaId": number, "name": f"{self.name} {number}", "model": model,
            "domain": list(domain), "context": {}, "columns": [], "rows": [{"fieldName": name} for name in rows],
            "measures": [
                {"id": measure, "fieldName": measure.split(":")[0], "aggregator": measure.split(":")[1]}
                for measure in measures
            ],
            "sortedColumn": {"measure": first, "order": "desc", "domain": []} if rows else None,
            "fieldMatching": self.matching(matched, offset),
        }  # fmt: skip
        return number

    # --- what it shows ---

    def title(self, column, row, text, model, domain=(), views=("pivot", "graph", "list"), context=None):
        """A heading that opens the records behind it."""
        action = {
            "viewType": views[0],
            "action": {"domain": list(domain), "context": context or {}, "modelName": model,
                       "views": [[False, view] for view in (*views, "search")]},
            "threshold": 0, "name": text, "positional": True,
        }  # fmt: skip
        self.cells[place(column, row)] = f"[{text}](odoo://view/{json.dumps(action, separators=(',', ':'))})"
        self.styles[place(column, row)] = TITLE
        self.tall[str(row)] = {"size": 40}

    def heads(self, column, row, texts, first=HEAD):
        """Headings; those after the first stand above numbers."""
        for step, text in enumerate(texts):
            self.cells[place(column + step, row)] = said(text)
            self.styles[place(column + step, row)] = RIGHT_HEAD if step else first

    def table(self, column, row, texts, pivot, sample, formats=(), count=10):
        """The first rows of a pivot under a row of headings."""
        self.heads(column, row, texts)
        if self.sample:
            self.fill(column, row + 1, sample)
        else:
            self.cells[place(column, row + 1)] = f"=PIVOT({pivot},{count},FALSE,FALSE,,FALSE)"
        self.look(column, row + 1, len(texts), count, formats)

    def list(self, column, row, columns, model, matched, domain, order, sample, count=10):
        """The first records of a model; columns: [(heading, field, how many columns wide, whether a number)]"""
        number = str(len(self.lists) + 1)
        self.lists[number] = {
            "id": number, "name": f"{self.name} list {number}", "model": model, "domain": list(domain), "context": {},
            "columns": [field for _text, field, _wide, _number in columns], "fieldMatching": self.matching(matched),
            "orderBy": [{"name": name, "asc": not backwards} for name, backwards in order],
        }  # fmt: skip
        step = column
        for place_, (text, field, wide, counts) in enumerate(columns):
            self.heads(step, row, [text], RIGHT_HEAD if counts else HEAD)
            for line in range(count):
                if not self.sample:
                    self.cells[place(step, row + 1 + line)] = f'=ODOO.LIST({number},{line + 1},"{field}")'
                elif line < len(sample):
                    self.cells[place(step, row + 1 + line)] = str(sample[line][place_])
            step += wide
        self.look(column, row + 1, step - column, count)

    def fill(self, column, row, lines):
        for down, line in enumerate(lines):
            for step, value in enumerate(line):
                self.cells[place(column + step, row + down)] = str(value)

    def look(self, column, row, wide, count, formats=()):
        for line in range(row, row + count):
            self.tall[str(line)] = {"size": 25}
            for step in range(wide):
                self.styles[place(column + step, line)] = NUMBER if step else WORD
                shown = formats[step] if step < len(formats) else None
                text = self.cells.get(place(column + step, line), "")
                if shown or (self.sample and text.lstrip("-").replace(".", "").isdigit()):
                    self.formats[place(column + step, line)] = shown or WHOLE

    def figure(self, line, text, now, before, sample, style=None):
        """A key figure on the sheet of data: words, value, the value before, and both as people read them."""
        now, before = sample if self.sample else (now, before)
        row = {"A": said(text), "B": str(now), "C": str(before)}
        for shown, cell in (("D", "B"), ("E", "C")):
            row[shown] = f"={cell}{line}" if style else f"=FORMAT.LARGE.NUMBER({cell}{line})"
        row["E"] = f'=IF(OR(C{line}="",C{line}=0),"",{row["E"][1:]})'  # nothing to compare with
        self.data |= {f"{column}{line}": value for column, value in row.items()}
        if style:
            self.data_formats |= {f"{column}{line}": style for column in "BCDE"}

    def score(self, number, line, text, colour="#EFF6FF", compared="percentage", words="vs. prior"):
        """A card that shows the key figure of a line of data."""
        data = {
            "type": "scorecard", "title": {"text": text, "bold": True, "color": INK}, "background": colour,
            "keyValue": f"Data!D{line}", "humanize": False, "baselineColorUp": "#00A04A",
            "baselineColorDown": "#DC6965", "baselineMode": compared or "text",
        }  # fmt: skip
        if compared:
            data |= {"baseline": f"Data!E{line}", "baselineDescr": {"text": words}}
        self._figure(f"score {line}", data, 0, 0, number * 229, 220, 98, 10)

    def chart(self, column, row, kind, model, groups, measure, matched, sample, domain=(), wide=556, stacked=False):
        """A chart of a model, kind: bar, line or pie; groups: fields, the first along the axis.

        :param sample: [(words, value)]
        """
        name = f"chart {len(self.figures)}"
        data = {
            "title": {"text": ""}, "background": "#FFFFFF", "verticalAxisPosition": "left", "stacked": stacked,
            "legendPosition": "top" if len(groups) > 1 and not self.sample else "none",
        }  # fmt: skip
        if self.sample:
            line = 30 + 20 * len(self.figures)
            for down, (text, value) in enumerate(sample):
                self.data |= {f"A{line + down}": said(text), f"B{line + down}": str(value)}
            until = line + len(sample) - 1
            data |= {
                "type": kind, "dataSetsHaveTitle": False, "labelsAsText": True, "aggregated": False,
                "dataSets": [{"dataRange": f"Data!B{line}:B{until}", "yAxisId": "y"}],
                "labelRange": f"Data!A{line}:A{until}",
            }  # fmt: skip
        else:
            data |= {
                "type": f"odoo_{kind}", "dataSets": [{}],
                "metaData": {
                    "groupBy": list(groups), "measure": measure, "order": None, "resModel": model, "mode": kind,
                },
                "searchParams": {"comparison": None, "context": {}, "domain": list(domain), "groupBy": list(groups),
                                 "orderBy": []},
                "fieldMatching": self.matching(matched),
            }  # fmt: skip
        self._figure(name, data, column, row, 0, wide, 330, 8)

    def _figure(self, name, data, column, row, x, width, height, y):
        one = key(self.name, name)
        data["chartId"] = one
        self.figures.append(
            {"id": one, "tag": "chart", "col": column, "row": row, "offset": {"x": x, "y": y}, "width": width,
             "height": height, "data": data}
        )  # fmt: skip

    # --- the file ---

    def _sheet(self, name, columns, rows, cells, styles, formats, figures, tall):
        widths = {str(number): {"size": size} for number, size in enumerate(columns)}
        return {
            "id": key(self.name, "sheet", name), "name": name, "colNumber": max(len(columns), 6), "rowNumber": rows,
            "rows": tall, "cols": widths, "merges": [], "cells": cells, "styles": styles, "formats": formats,
            "borders": {}, "conditionalFormats": [], "dataValidationRules": [], "figures": figures, "tables": [],
            "areGridLinesVisible": False, "isVisible": True, "headerGroups": {"ROW": [], "COL": []}, "comments": {},
        }  # fmt: skip

    def document(self):
        live = not self.sample
        return {
            "version": "18.5.10", "revisionId": "START_REVISION", "uniqueFigureIds": True,
            "settings": {"locale": LOCALE}, "borders": {}, "customTableStyles": {}, "chartOdooMenusReferences": {},
            "styles": {str(number): style for number, style in STYLES.items()},
            "formats": {str(number): text for number, text in FORMATS.items()},
            "sheets": [
                self._sheet("Dashboard", WIDTHS, self.rows, self.cells, self.styles, self.formats, self.figures,
                            self.tall),
                self._sheet("Data", (200, 130, 130, 130, 130), 400, self.data, {}, self.data_formats, [], {}),
            ],
            "pivots": self.pivots if live else {}, "pivotNextId": len(self.pivots) + 1,
            "lists": self.lists if live else {}, "listNextId": len(self.lists) + 1,
            "globalFilters": self.filters if live else [],
        }  # fmt: skip
