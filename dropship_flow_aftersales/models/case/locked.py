from odoo.addons.dropship_flow.models.state_mixin import lock_written
from odoo.exceptions import ConcurrencyError, LockError
from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

# Somebody else was faster: nothing is wrong with what was asked, and all of it is tried again.
BUSY = (OperationalError, ConcurrencyError, LockError, UniqueViolation)


def locked(records, fnames=None):
    """Lock and write rows; when somebody has them in this moment, all is tried again instead of being refused."""
    try:
        lock_written(records, fnames)
    except LockError as error:
        raise ConcurrencyError(str(error)) from error
