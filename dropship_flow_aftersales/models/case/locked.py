import time

from odoo.addons.dropship_flow.models.state_mixin import lock_written
from odoo.exceptions import ConcurrencyError, LockError
from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

# Somebody else was faster: nothing is wrong with what was asked, and all of it is tried again.
BUSY = (OperationalError, ConcurrencyError, LockError, UniqueViolation)


# Seconds one waits for somebody who works on the same rows: Odoo repeats a request five times only, and a person who
# merely came second should not read that it failed.
PATIENCE, PAUSE = 3.0, 0.05


def locked(records, fnames=None):
    """Lock and write rows; somebody who has them in this moment is waited for, then all is tried again.

    :raise ConcurrencyError: they are still taken after `PATIENCE` seconds
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return lock_written(records, fnames)
        except LockError as error:
            if time.monotonic() > until:
                raise ConcurrencyError(str(error)) from error
        time.sleep(PAUSE)
