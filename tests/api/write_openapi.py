"""Write the OpenAPI files in docs from the schemas: `.odoo/venv/bin/python tests/api/write_openapi.py`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STORED = ROOT / "docs" / "openapi.json"
STORED_SUPPLIER = ROOT / "docs" / "supplier_openapi.json"

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "dropship_flow"))
    from api import openapi, supplier_openapi

    STORED.write_text(openapi.text(), encoding="utf-8")
    STORED_SUPPLIER.write_text(supplier_openapi.text(), encoding="utf-8")
