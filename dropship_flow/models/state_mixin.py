from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.tools import SQL
from psycopg2.errors import UniqueViolation


def lock_written(records, fnames=None, **options):
    """Lock rows and write them: who comes second waits, and then does not go on with what he has read.

    Under REPEATABLE READ a lock alone would let him.

    :param fnames: the fields read again afterwards; None: all
    :param options: of `lock_for_update`
    :raise LockError: somebody has them now
    """
    records.flush_recordset()
    records.lock_for_update(**options)
    write_locked(records, fnames)


def write_locked(records, fnames=None):
    """The second half of `lock_written`, for rows that are locked already."""
    table = SQL.identifier(records._table)
    records.env.cr.execute(
        SQL("UPDATE %s SET write_uid = write_uid WHERE id = ANY(%s)", table, sorted(records.ids))
    )
    records.invalidate_recordset(fnames, flush=False)


class DropshipStateMixin(models.AbstractModel):
    """One door for every life cycle: a table of allowed moves, and nothing else may change `state`.

    A model declares `_transitions = {('draft', 'done'), …}` next to its `state` field. Moving a record to the state it
    is already in is silent, so repeated clicks and repeated messages are harmless.
    """

    _name = "dropship.state.mixin"
    _description = "Life cycle with one table of moves"

    _transitions = frozenset()

    def write(self, vals):
        """Override to hold direct writes (import, RPC) to the same table as the buttons."""
        if "state" in vals:
            self._check_transition(vals["state"])
        return super().write(vals)

    def _set_state(self, target, **vals):
        """Move the records to `target`, writing `vals` with it.

        :return: the records that moved; those already there are left alone.
        :raise UserError: when one of them may not go there; nothing is written then.
        """
        moved = self.filtered(lambda record: record.state != target)
        if moved:
            moved.write({"state": target, **vals})
        return moved

    @api.model
    @contextmanager
    def _first_come(self):
        """For rows that may exist once: when another transaction was first, this one is tried again."""
        try:
            yield
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error

    def _can_move(self, target):
        """Whether `_set_state(target)` would change something and be allowed. Note: `self.ensure_one()`."""
        self.ensure_one()
        return (self.state, target) in self._transitions

    def _check_transition(self, target):
        for record in self:
            if record.state not in (target, False) and not record._can_move(target):
                raise UserError(record._transition_refusal(target))

    def _transition_refusal(self, target):
        labels = self._state_labels()
        possible = [label for state, label in labels.items() if (self.state, state) in self._transitions]
        names = {
            "record": self.display_name,
            "current": labels.get(self.state, self.state),
            "target": labels.get(target, target),
            "possible": ", ".join(possible),
        }
        if not possible:
            return self.env._(
                '"%(record)s" is %(current)s and cannot become %(target)s. This is a final state: create a new record.',
                **names,
            )
        return self.env._(
            '"%(record)s" is %(current)s and cannot become %(target)s. Possible next: %(possible)s.', **names
        )

    @api.model
    def _state_labels(self):
        return dict(self._fields["state"]._description_selection(self.env))


class DropshipMoneyMixin(models.AbstractModel):
    """Amounts in a currency of their own: it must be one the company really works with."""

    _name = "dropship.money.mixin"
    _description = "Amounts in an active currency"

    @api.constrains("currency_id")
    def _check_currency_active(self):
        for record in self:
            if record.currency_id and not record.currency_id.active:
                raise ValidationError(
                    self.env._(
                        'The currency %(currency)s of "%(record)s" is not active. '
                        "Activate it and enter its rate first.",
                        currency=record.currency_id.name,
                        record=record.display_name,
                    )
                )
