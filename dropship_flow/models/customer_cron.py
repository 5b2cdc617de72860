import logging

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)


class DropshipHold(models.Model):
    """Holds without a source lead to the customer."""

    _inherit = "dropship.hold"

    def _no_source(self):
        """Those that wait because nobody can deliver."""
        return self.filtered(lambda hold: hold.state == "open" and hold.kind == "no_source")

    @api.model
    def _raise(self, order, kind, reasons, **options):
        """Override: while the customer is asked or waits, the hold says so first; policies that ask do it soon."""
        if kind == "no_source":
            waiting = self.env["dropship.customer.question"].sudo()._waiting_reason(order)
            hold = super()._raise(order, kind, waiting + reasons, **options)
            self.env.ref("dropship_flow.cron_customer_questions").sudo()._trigger()
            return hold
        return super()._raise(order, kind, reasons, **options)

    def action_ask_customer(self):
        """Ask the customers of these orders."""
        self.env["dropship.customer.question"]._check_desk()
        self.check_access("read")
        # Who reads the hold may ask; buyers have no rights on sales.
        for order_sudo in self.sudo()._no_source().order_id:
            order_sudo._dropship_ask_customer()
        return True


class DropshipCustomerQuestion(models.Model):
    """What happens by itself: asking, reminding, defaults, the end of waiting."""

    _inherit = "dropship.customer.question"

    @api.model
    def _cron_questions(self, limit=100):
        """One order at a time, each committed; what fails is kept with its error and does not stop the others."""
        now = fields.Datetime.now()
        jobs = [(order, "_dropship_ask_by_itself") for order in self._orders_to_ask(limit)]
        remind = self.search([("state", "=", "open"), ("remind_at", "<=", now), ("deadline", ">", now)], limit=limit)
        jobs += [(question, "_remind") for question in remind]
        late = self.search([("state", "=", "open"), ("deadline", "<=", now), ("error", "=", False)], limit=limit)
        jobs += [(question, "_default") for question in late]
        waited = self.search(
            [
                ("state", "in", ("answered", "defaulted")),
                ("answer", "=", "wait"),
                ("wait_until", "<", fields.Date.today()),
                ("error", "=", False),
            ],
            limit=limit,
        )
        jobs += [(question, "_after_waiting") for question in waited]
        for record, job in jobs:
            self._run_job(record, job)

    @api.model
    def _run_job(self, record, job):
        try:
            record = record.try_lock_for_update()
            if record:
                with self.env.cr.savepoint():
                    getattr(record.with_company(record.company_id), job)()
            self.env["ir.cron"]._commit_progress(1)
        except (OperationalError, ConcurrencyError):  # somebody else works on it; it is tried again next time
            self.env.cr.rollback()
        except Exception as error:  # one order must not keep the others waiting
            _logger.exception("%s of %s failed", job, record)
            if record._name == self._name:
                record._park(error)
            self.env["ir.cron"]._commit_progress(1)

    def _park(self, error):
        """Keep the error and call a person; tried again by a button."""
        self.error = f"{type(error).__name__}: {error}"[:500]
        for hold in self.order_id.dropship_hold_ids._no_source()[:1]:
            hold._call_somebody()

    @api.model
    def _orders_to_ask(self, limit):
        """Orders without a source about which nobody was asked since, and open questions that may have changed."""
        self.flush_model()
        self.env["dropship.hold"].flush_model()
        self.env.cr.execute(
            """
            SELECT hold.order_id
              FROM dropship_hold hold
             WHERE hold.state = 'open' AND hold.kind = 'no_source'
               AND NOT EXISTS (
                   SELECT FROM dropship_customer_question question
                    WHERE question.order_id = hold.order_id
                      AND (question.create_date >= hold.create_date
                           AND (question.state != 'open' OR question.write_date >= hold.last_try))
               )
             GROUP BY hold.order_id
             ORDER BY MIN(hold.last_try), hold.order_id
             LIMIT %s
            """,
            [10 * limit],
        )
        orders = self.env["sale.order"].browse([row[0] for row in self.env.cr.fetchall()])
        return orders.filtered(lambda order: order.state == "sale")._dropship_asking()[:limit]

    def _remind(self):
        self.remind_at = False
        self._mail("reminder")

    def _after_waiting(self):
        """The day has come and nobody can deliver: ask once more; who waited twice is not asked again."""
        self.ensure_one()
        order = self.order_id
        missing = order._dropship_missing()
        if not missing:
            order.order_line._dropship_source()
            return
        policy = order._dropship_ask_policy()
        if self.round > 1 or not policy or policy.ask_customer == "never":
            self.answer = "nothing"
            self._do_nothing({}, missing, {})
            self._tell_hold()
            return
        self._ask(order, missing, policy, round_number=self.round + 1)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_asking(self):
        """The orders whose policy asks by itself, or that are asked about already, so that lines may join."""
        channels = self.env["dropship.sales.channel"]._channel_of(self)
        policies = self.env["dropship.routing.policy"]._policy_for(self, channels)
        asked = self.dropship_question_ids.filtered(lambda question: question.state == "open").order_id
        return self.filtered(
            lambda order: (
                policies[order].ask_customer == "auto" or (order in asked and policies[order].ask_customer == "hand")
            )
        )

    def _dropship_ask_by_itself(self):
        """Ask unless a source appears or no single line lacks one."""
        self.ensure_one()
        missing = self._dropship_missing()
        if missing:
            self.env["dropship.customer.question"]._ask(self, missing, self._dropship_ask_policy())
        else:
            self.order_line._dropship_source()
