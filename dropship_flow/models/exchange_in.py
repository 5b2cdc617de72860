import logging

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2 import OperationalError

from .lease_mixin import MOST_STOPS, failpoint
from .reason_text import FLOW_REASONS, _lt

_logger = logging.getLogger(__name__)

FLOW_REASONS.update(
    {
        "not_sent": _lt("%(purchase)s did not reach %(supplier)s: %(error)s – mend it and press Retry, or refuse it."),
        "answer_late": _lt(
            '%(supplier)s answered "%(status)s" to %(purchase)s, which is %(state)s: agree with him what happens.'
        ),
    }
)


class DropshipExchange(models.Model):
    """What came from suppliers: stored first, then acted on, one transaction each."""

    _inherit = "dropship.exchange"

    @api.model
    def _process_received(self, limit=100):
        """Act on answers, one transaction each: what cannot be done is parked and stops nothing.

        :return int: how many were dealt with
        """
        done = 0
        for _turn in range(limit):
            message = self.browse()
            try:
                message = self._next_received()
                if not message:
                    break
                if message.stops > MOST_STOPS:
                    message._set_state("parked", error=self._stopped_text())
                else:
                    with self.env.cr.savepoint():
                        message._process()
                done += 1
                self._commit_step()
            except (OperationalError, ConcurrencyError):  # somebody else was quicker; it is looked at again
                self.env.cr.rollback()
                message._not_its_fault()
            except Exception as error:
                self.env.cr.rollback()
                if not isinstance(error, UserError):
                    _logger.exception("Answer %s cannot be processed", message.id)
                name = "" if isinstance(error, UserError) else f"{type(error).__name__}: "
                message._set_state("parked", error=f"{name}{error}")
                self._commit_step()
        return done

    @api.model
    def _next_received(self):
        """The oldest answer nobody else works on, locked; two answers of one purchase are taken in their order.

        That it is begun is written down first: an answer that stops its worker does not come up for ever.
        """
        self.env.flush_all()
        begin = """
            UPDATE dropship_exchange SET stops = COALESCE(stops, 0) + 1
             WHERE id = (
                SELECT id FROM dropship_exchange message
                 WHERE state = 'received'
                   AND NOT EXISTS (SELECT FROM dropship_exchange earlier
                                    WHERE earlier.purchase_id = message.purchase_id AND earlier.state = 'received'
                                      AND earlier.id < message.id)
                 ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
            RETURNING id"""
        hold = "SELECT id FROM dropship_exchange WHERE id = %s AND state = 'received' FOR NO KEY UPDATE SKIP LOCKED"
        self.env.cr.execute(begin, log_exceptions=False)
        for (found,) in self.env.cr.fetchall():
            self.env.invalidate_all(flush=False)
            self._commit_step()
            failpoint("before_process")
            self.env.cr.execute(hold, [found], log_exceptions=False)
            if self.env.cr.fetchone():
                return self.browse(found)
            raise ConcurrencyError("another worker has it")
        return self.browse()

    def _not_its_fault(self):
        """A collision is no stop of the worker."""
        for message in self:
            try:
                self.env.cr.execute(
                    "UPDATE dropship_exchange SET stops = stops - 1 WHERE id = %s AND stops > 0",
                    [message.id],
                    log_exceptions=False,
                )
                message.invalidate_recordset(["stops"], flush=False)
                self._commit_step()
            except (OperationalError, ConcurrencyError):
                self.env.cr.rollback()

    def _process(self):
        """What an answer means for its purchase."""
        self.ensure_one()
        answer, purchase = self.payload, self.purchase_id
        if not purchase:
            self._set_state(
                "parked", error=self.env._("No purchase of this supplier has the number %s.", answer["ref"])
            )
            return
        purchase._dropship_take_answer(answer, self)
        if self.state == "received":  # what does not fit is parked, with the reason
            self._set_state("processed")


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        return [
            *super()._exception_kinds(),
            ("not_sent", self.env._("Order did not reach the supplier")),
            ("answer_late", self.env._("Answer to a purchase that ended")),
        ]
