"""Write docs/openapi.json from the schema: `.odoo/venv/bin/python tests/api/write_openapi.py`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STORED = ROOT / "docs" / "openapi.json"

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "dropship_flow"))
    from api.openapi import text

    STORED.write_text(text(), encoding="utf-8")
