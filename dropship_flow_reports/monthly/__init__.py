"""Papers of a month: tables as a workbook, pictures as SVG, numbers on pages.

Pure Python; nothing here knows Odoo. A section is a plain dict:

    {"code", "title", "note", "empty", "tables": [table, …], "charts": [chart, …]}

with a table {"title", "columns": [[title, type], …], "rows": [{"style", "cells"}, …]} whose types are "text", "money",
"percent" (0.12 is 12 %), "number" (two decimals), "count" and "date" (ISO text), whose styles are "line", "sum" and
"rest"; a cell may be None. A row with "type" has its money columns in that type. A chart is {"kind": "bars" | "columns"
| "line", "title", "labels", "values" (one list), "last" (one list, optional: what to compare with), "names" (of the
two)}.
"""

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
