#!/usr/bin/env python3
"""Time one job that releases held orders against pressing Release on one after the other; print a markdown table.

Orders have three lines, every product ten offers, the policy asks before buying. The job runs as the scheduler runs
it, batch by batch, each committed; one by one each release is a transaction of its own with empty record caches, as a
click is. At the end both must have bought the same.
"""

import argparse
import json
import random
import statistics
import sys
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fill, fresh, purchases_of, quotations

# Minutes a desk may wait for a thousand orders, and how much faster than one by one a job has to be.
MINUTES = 5
FASTER = 1.5


def held(base, world, count, seed):
    """Confirmed orders that wait for an approval."""

    def work(env):
        env["dropship.routing.policy"].search([("name", "=", "Bench")]).automation = "ask"
        ids = quotations(env, world, count, random.Random(seed), 2)
        orders = env["sale.order"].browse(ids)
        orders.action_confirm()
        assert set(orders.dropship_open_hold_ids.mapped("kind")) == {"approval"}
        return ids

    return base.run(work)[0]


def buyer(env):
    """Somebody who may approve, since the desk may not."""
    user = env["res.users"].search([("login", "=", "desk")])
    user.group_ids |= env.ref("dropship_flow.group_dropship_buyer")
    return user.id


def by_job(base, ids, user_id):
    """(seconds of the request that starts the job, seconds of the job, times between its commits)"""

    def start(env):
        wizard = env["dropship.bulk"].create({"verb": "release", "order_ids": [(6, 0, ids)]})
        return wizard.action_apply()["res_id"]

    job_id, request, _queries = base.run(start, user_id)
    marks = [time.perf_counter()]

    def work(env):
        cron = type(env["ir.cron"])
        real = cron._commit_progress

        def commit(self, *args, **kwargs):
            marks.append(time.perf_counter())
            return real(self, *args, **kwargs)

        cron._commit_progress = commit
        try:
            env["dropship.bulk.job.line"]._cron_run()
        finally:
            cron._commit_progress = real
        job = env["dropship.bulk.job"].browse(job_id)
        assert (job.state, job.done_count) == ("done", len(ids)), (job.state, job.failed_count, job.left_count)

    seconds = base.run(work)[1]
    gaps = [later - earlier for earlier, later in zip(marks, marks[1:], strict=False)]
    return request, seconds, max(gaps)


def one_by_one(base, ids, user_id):
    times = []
    for order_id in ids:
        def press(env, order_id=order_id):
            env["sale.order"].browse(order_id).action_dropship_release()

        times.append(base.run(press, user_id)[1])
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=1000, help="orders of the job")
    parser.add_argument("--single", type=int, default=200, help="orders released one by one")
    parser.add_argument("--ours", help="database with our addons to use instead of a new one")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    with ExitStack() as stack:
        base = Base(stack.enter_context(fresh("bare", args.ours)))
        world = base.run(fill)[0]
        user_id = base.run(buyer)[0]
        one_by_one(base, held(base, world, 5, "warm"), user_id)
        alone = held(base, world, args.single, "same")
        many = held(base, world, args.orders, "same")
        times = one_by_one(base, alone, user_id)
        request, seconds, gap = by_job(base, many, user_id)
        same = [base.run(lambda env, ids=ids: purchases_of(env, ids))[0] for ids in (alone, many[: args.single])]
    per_order = 1000 * seconds / args.orders
    single = 1000 * statistics.median(times)
    row = {
        "orders": args.orders, "job s": round(seconds, 1), "ms per order": round(per_order, 1),
        "request ms": round(1000 * request), "longest without progress s": round(gap, 1),
        "one by one ms per order": round(single, 1), "faster": round(single / per_order, 2),
        "held": seconds <= MINUTES * 60 * args.orders / 1000 and single / per_order >= FASTER,
    }  # fmt: skip
    print("| " + " | ".join(row) + " |\n|" + "---|" * len(row))
    print("| " + " | ".join(str(value) for value in row.values()) + " |")
    if args.json:
        args.json.write_text(json.dumps(row, indent=1))
    if same[0] != same[1]:
        print(f"The arms bought differently: {same}")
        return 1
    return 0 if row["held"] else 1


if __name__ == "__main__":
    sys.exit(main())
