"""Make `import remedy` find the pure package without importing the Odoo addon around it."""

import sys
from pathlib import Path

for folder in (Path(__file__).parents[2] / "dropship_flow", Path(__file__).parent):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
