"""Who works on a run: one process per supplier, seen from outside while it works, gone without a trace when it dies."""

import time
from contextlib import suppress

from odoo.sql_db import db_connect
from odoo.tools import SQL
from psycopg2 import OperationalError

# The number space of PostgreSQL's advisory locks that is ours; the second number is the supplier.
LOCK_SPACE = 0x0FEED


class Worker:
    """A connection beside the one that works: it holds the supplier and writes down how far the work is.

    The lock belongs to the connection, so it ends with the process, however that ends, and the next worker need not
    wait for a lease to run out. All steps of the work run at READ COMMITTED: the progress is written beside them, and
    buyers who lock an offer make the work wait instead of failing it.
    """

    def __init__(self, dbname):
        self.cr = db_connect(dbname).cursor()
        self.supplier_id = None
        self.told_at = 0.0

    def take(self, supplier_id):
        """:return bool: False when another process works for this supplier"""
        self.cr.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, supplier_id])
        taken = self.cr.fetchone()[0]
        # A connection of its own.
        self.cr.commit()  # pylint: disable=invalid-commit
        self.supplier_id = supplier_id if taken else None
        return taken

    def release(self):
        if self.supplier_id:
            self.cr.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, self.supplier_id])
            # A connection of its own.
            self.cr.commit()  # pylint: disable=invalid-commit
            self.supplier_id = None

    def close(self):
        with suppress(OperationalError):  # the server went away, and the lock with it
            self.release()
        self.cr.close()

    def beat(self, run_id, rows):
        """Write down, once a second, how many rows were read."""
        if time.monotonic() - self.told_at < 1.0:
            return
        self.told_at = time.monotonic()
        try:
            self.cr.execute("SET LOCAL lock_timeout = '200ms'")
            self.cr.execute("UPDATE dropship_feed_run SET rows_seen = %s WHERE id = %s", [rows, run_id])
            # A connection of its own.
            self.cr.commit()  # pylint: disable=invalid-commit
        except OperationalError:  # somebody reads or writes the run this moment; the next second will do
            self.cr.rollback()

    @staticmethod
    def step(env):
        """Make last what was done; what follows sees what others committed meanwhile."""
        env.flush_all()
        env.cr.commit()
        env.invalidate_all(flush=False)
        env.cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")


def hold_supplier(cr, supplier_id):
    """The same lock until the end of this transaction, for work done at once.

    :return bool: False when another process works for this supplier
    """
    cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK_SPACE, supplier_id))
    return cr.fetchone()[0]
