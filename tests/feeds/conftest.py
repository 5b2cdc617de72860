"""Make `import feeds` find the pure package without importing the Odoo addon around it."""

import sys
from pathlib import Path

folder = Path(__file__).parents[2] / "dropship_flow"
if str(folder) not in sys.path:
    sys.path.insert(0, str(folder))
