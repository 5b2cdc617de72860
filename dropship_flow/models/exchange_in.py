import logging

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from psycopg2 import OperationalError

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
        """Act on answers, one transaction each: what cannot be done is parked and stops nothing."""
        done = 0
        for message in self.search([("state", "=", "received")], limit=limit, order="id"):
            try:
                message = message.try_lock_for_update().filtered(lambda message: message.state == "received")
                for found in message:
                    with self.env.cr.savepoint():
                        found._process()
                    done += 1
                self._commit_step()
            except (OperationalError, ConcurrencyError):
                self.env.cr.rollback()
            except Exception as error:
                self.env.cr.rollback()
                _logger.exception("Answer %s cannot be processed", message.id)
                message._set_state("parked", error=f"{type(error).__name__}: {error}")
                self._commit_step()
        return done

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
