#!/usr/bin/env python3
"""The workbook of a month with 200,000 entries: seconds, size and memory; a markdown table. No Odoo.

Written in a process of its own. Memory is how much the process grew while writing, at its highest; the promise is
300 MB. `--lines` for other sizes.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "dropship_flow_reports"))

from monthly.workbook import workbook  # noqa: E402 - the path is known only now

COLUMNS = [
    ["Date", "date"], ["Day of the Document", "date"], ["Order", "text"], ["Kind", "text"], ["Step", "text"],
    ["Stage", "text"], ["Side", "text"], ["Amount", "money"], ["Tax on It", "money"], ["Document", "text"],
    ["Customer", "text"], ["Supplier", "text"], ["Product", "text"], ["Channel", "text"], ["Country", "text"],
    ["Account", "text"],
]  # fmt: skip
MOST = 300  # MB


def lines(count):
    """Entries as the ledger has them."""
    chance = random.Random(7)
    first = date(2026, 7, 1)
    for number in range(count):
        day = first + timedelta(days=number * 31 // count)
        yield [
            day, day, f"S{number // 4:06}", "Supplier's Goods", "Contribution 1", "Billed", "Of an Order",
            chance.randint(-9999, 9999) / 100, 0.0, f"BILL/2026/{number // 3:06}", f"Customer {number % 9973}",
            f"供应商 {number % 211}", f"[SKU-{number % 4999}] Lamp for desks", "Website", "Germany", "600000 Goods",
        ]  # fmt: skip


def measure(count):
    """What writing needs, printed as JSON."""
    workbook("Warm", [], [], {"title": "Ledger", "columns": COLUMNS, "rows": lines(100)})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    content = workbook("July", [], [], {"title": "Ledger", "columns": COLUMNS, "rows": lines(count)})
    seconds = time.perf_counter() - start
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps({"seconds": seconds, "file": len(content) / 2**20, "memory": grown / 1024}))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        measure(args.lines)
        return
    print("| lines | s | file MB | memory MB |\n|---|---|---|---|")
    for count in sorted({2_000, 20_000, args.lines}):
        run = subprocess.run(
            [sys.executable, __file__, "--measure", "--lines", str(count)], capture_output=True, text=True, check=True
        )
        found = json.loads(run.stdout)
        print(f"| {count:,} | {found['seconds']:.1f} | {found['file']:.1f} | {found['memory']:.0f} |")
        if found["memory"] > MOST:
            raise SystemExit(f"{found['memory']:.0f} MB: more than {MOST}")


if __name__ == "__main__":
    main()
