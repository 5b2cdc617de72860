"""When and what: a pass looks at parcels some minutes after their last event and decides from their state alone."""

import logging
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL
from psycopg2 import OperationalError

from ..tracking.telling import COMES_BACK, facts_now, is_old, passed
from .lease_mixin import failpoint
from .notification_rule import FACTS

_logger = logging.getLogger(__name__)
SETTLE = "dropship_flow.notify_settle_minutes"
# Parcels of one order wait for each other, but not for ever.
PATIENCE = 4
# About the order as a whole; what they concern is a part of the message, not of its identity.
OF_ORDER = frozenset({"late", "all_delivered", "replaced", "receipt_ask"})


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    notify_at = fields.Datetime(
        readonly=True, copy=False, help="When it is decided what is told: some minutes after the last news."
    )

    _to_notify = models.Index("(order_id, notify_at) WHERE notify_at IS NOT NULL")

    @api.model
    def _notify_settle(self):
        """How long news settle before somebody is told."""
        text = self.env["ir.config_parameter"].sudo().get_param(SETTLE, "2")
        try:
            minutes = float(text)
        except ValueError:
            minutes = 2.0
        return timedelta(minutes=min(max(minutes, 0.0), 24 * 60.0))

    def _news_later(self):
        """Look at these parcels when their news have settled."""
        waiting = self.filtered("current")
        if waiting:
            waiting.notify_at = fields.Datetime.now() + self._notify_settle()

    def _after_fold(self, changes):
        """Override: whoever waits for the parcel may have to hear of it."""
        self.browse([shipment.id for shipment in changes])._news_later()
        return super()._after_fold(changes)

    def _after_dispatch(self):
        """Override: some shops tell it when the supplier says so."""
        self._news_later()
        return super()._after_dispatch()

    def _news_orders(self):
        """The orders whose customers hear of this parcel: one for each customer."""
        self.ensure_one()
        orders = self.order_ids.filtered(lambda order: order.company_id == self.company_id).sorted("id")
        return self.env["sale.order"].union(*(own[:1] for own in orders.grouped("partner_id").values()))


class DropshipNotification(models.Model):
    _inherit = "dropship.notification"

    # ------------------------------------------------------------------
    # The pass
    # ------------------------------------------------------------------

    @api.model
    def _cron_notify(self, limit=500):
        """Decide about parcels whose news have settled, then tell what is due: one order at a time, each committed."""
        for order_id in self._settled(limit):
            self._step(self._decide_order, order_id)
        for order_id in self._waiting(limit):
            self._step(self._tell_order, order_id)

    @api.model
    def _step(self, work, order_id):
        try:
            with self.env.cr.savepoint():
                work(order_id)
            self.env["ir.cron"]._commit_progress(1)
        except (OperationalError, ConcurrencyError):  # somebody else is at it; what is left is seen next time
            self.env.cr.rollback()
        except Exception:  # one order must not keep the others waiting
            _logger.exception("Customers of order %s cannot be told", order_id)
            self._put_off(order_id)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _put_off(self, order_id):
        """What fails is tried again in an hour."""
        later = fields.Datetime.now() + timedelta(hours=1)
        domain = [("order_id", "=", order_id)]
        self.env["dropship.shipment"].search([*domain, ("notify_at", "!=", False)]).notify_at = later
        self.search([*domain, ("state", "=", "due")]).due_at = later

    @api.model
    def _settled(self, limit):
        """Orders whose parcels' news have settled; parcels of one order wait for each other a little."""
        self.env["dropship.shipment"].flush_model(["notify_at", "order_id"])
        now = fields.Datetime.now()
        query = SQL(
            """SELECT order_id FROM dropship_shipment WHERE notify_at IS NOT NULL
                GROUP BY order_id HAVING MAX(notify_at) <= %s OR MIN(notify_at) <= %s
                ORDER BY MIN(notify_at), order_id LIMIT %s""",
            now,
            now - PATIENCE * self.env["dropship.shipment"]._notify_settle(),
            limit,
        )
        return [row[0] for row in self.env.execute_query(query)]

    @api.model
    def _waiting(self, limit):
        self.flush_model(["state", "due_at", "order_id"])
        query = SQL(
            """SELECT order_id FROM dropship_notification WHERE state = 'due' AND due_at <= %s
                GROUP BY order_id ORDER BY MIN(due_at), order_id LIMIT %s""",
            fields.Datetime.now(),
            limit,
        )
        return [row[0] for row in self.env.execute_query(query)]

    @api.model
    def _take(self, table, order_id, condition):
        """Rows of an order that nobody else has."""
        query = SQL(
            "SELECT id FROM %s WHERE order_id IS NOT DISTINCT FROM %s AND %s ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
            SQL.identifier(table),
            order_id,
            condition,
        )
        self.env.cr.execute(query, log_exceptions=False)
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _decide_order(self, order_id):
        shipments = self.env["dropship.shipment"].browse(
            self._take("dropship_shipment", order_id, SQL("notify_at IS NOT NULL"))
        )
        # Written, not only locked: of two workers the second is turned away.
        shipments.notify_at = False
        shipments.flush_recordset()
        self._decide(shipments)
        failpoint("before_decided")

    @api.model
    def _tell_order(self, order_id):
        now = fields.Datetime.now()
        rows = self.browse(
            self._take("dropship_notification", order_id, SQL("state = 'due' AND due_at <= %s", now))
        )
        rows.invalidate_recordset()
        if rows:
            rows.with_company(rows[0].company_id)._deliver()

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------

    @api.model
    def _decide(self, shipments):
        """What is to be told about these parcels now. The rows of the parcels must be taken.

        :return: the new messages, and those that are true again
        """
        rows = self.browse()
        for shipment in shipments:
            for order in shipment._news_orders():
                rows |= self._decide_parcel(shipment, order)
        for order in rows.filtered(lambda row: row.fact == "delivered" and row.state == "due").order_id:
            rows |= self._decide_complete(order, rows)
        return rows

    @api.model
    def _decide_parcel(self, shipment, order):
        left = shipment.state == "dispatched"
        since = shipment.status_at or shipment.dispatched_at
        now = facts_now(shipment.status, shipment.detail, since, left)
        rows = self.browse()
        if now:
            reached = {code: fields.Datetime.to_datetime(at) for code, at in (shipment.reached or {}).items()}
            for name, at in passed(reached, {fact.name for fact in now}):
                rows |= self._plan(order, name, shipment, at=at, acts=False, automatic=True, reason="passed")
        void = "void" if shipment.state == "reverted" or not shipment.current else ""
        for fact in now:
            reason = void or ("old" if is_old(fact.at, fields.Datetime.now()) else "")
            if not reason and fact.name == "moving" and self._knows_more(shipment, order):
                reason = "passed"
            rows |= self._plan(
                order, fact.name, shipment, at=fact.at, acts=fact.acts, automatic=True, reason=reason
            )
        return rows

    @api.model
    def _knows_more(self, shipment, order):
        """Whether the customer has heard more of a parcel than that it moves."""
        less = ("shipped", "moving")
        domain = [("order_id", "=", order.id), ("shipment_id", "=", shipment.id), ("automatic", "=", True)]
        domain += [("fact", "not in", less), ("state", "in", ("due", "sent", "listed"))]
        return bool(self.search_count(domain, limit=1))

    @api.model
    def _decide_complete(self, order, rows):
        """The last of several parcels arrived: one message says so, instead of one for the parcel."""
        boxes = self.env["dropship.shipment"].search(
            ["|", ("order_id", "=", order.id), ("line_ids.sale_line_id.order_id", "=", order.id),
             ("current", "=", True), ("state", "=", "dispatched")]
        )  # fmt: skip
        if len(boxes) < 2 or order.dropship_stage not in ("delivered", "closed"):
            return self.browse()
        at = max(filter(None, boxes.mapped("delivered_at")), default=False)
        complete = self._plan(order, "all_delivered", at=at, acts=False, said={"shipments": boxes.ids})
        people = {(row.audience, row.partner_id) for row in complete if row.state == "due"}
        covered = rows.filtered(
            lambda row: (
                row.order_id == order
                and row.fact == "delivered"
                and row.state == "due"
                and (row.audience, row.partner_id) in people
            )
        )
        covered._set_state("skipped", reason="covered")
        return complete

    @api.model
    def _plan(self, order, fact, shipment=None, *, at, acts=True, key="-", said=None, automatic=False, reason=""):
        """Messages about a fact for everybody whom a rule names; who was told already is not told again.

        :param bool acts: the customer has to do something
        :param str reason: why it is only noted and not told
        :return: the messages, also those that were left out before and are true again
        """
        channel = self.env["dropship.sales.channel"]._channel_of(order)[order]
        rules = self.env["dropship.notification.rule"]._for_company(order.company_id)
        shipment = shipment or self.env["dropship.shipment"]
        known = self.search(
            [("order_id", "=", order.id), ("shipment_id", "=", shipment.id), ("fact", "=", fact), ("key", "=", key)]
        )
        reason = reason or ("test" if order.dropship_is_test else "invented" if order.dropship_is_simulated else "")
        reason = reason or ("cancelled" if order.state == "cancel" else "")
        common = {"order_id": order.id, "shipment_id": shipment.id, "fact": fact, "key": key, "automatic": automatic,
                  "happened_at": at, "said": said or False}  # fmt: skip
        again, values = self.browse(), []
        for person in order._dropship_people(channel):
            told = known.filtered(
                lambda row, person=person: (
                    row.audience == person.audience
                    and (person.audience != "extra" or row.partner_id == person.partner)
                )
            )
            if told:
                again |= told._true_again(at) if not reason else self.browse()
                continue
            for rule in rules._that_count(fact, person.audience, order, channel, acts):
                way = order._dropship_ways(person, rule, channel)
                vals = self._vals_for(order, person, rule, way, reason)
                if vals["channel"] not in {row["channel"] for row in values if row["partner_id"] == person.partner.id}:
                    values.append({**common, **vals})
        with self._first_come():
            return self.create(values) | again

    def _true_again(self, at):
        """Messages that were passed before they were told, of what the customer has to know whenever it is true."""
        rows = self.filtered(
            lambda row: row.state == "skipped" and row.reason == "passed" and row.fact in COMES_BACK and row.automatic
        )
        now = fields.Datetime.now()
        for row in rows:
            due = row.order_id._dropship_not_before(now, row.channel, row.partner_id)
            row._set_state("due", reason=False, happened_at=at, due_at=due)
        return rows

    @api.model
    def _vals_for(self, order, person, rule, way, reason):
        now = fields.Datetime.now()
        if not way and not reason:
            reason = "no_address"
        way = way or (rule.channel if rule.channel != "auto" else "email")
        langs = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = [person.partner.lang, order.partner_id.lang, order.company_id.partner_id.lang, "en_US"]
        return {
            "audience": person.audience,
            "partner_id": person.partner.id,
            "channel": way,
            "address": {"email": person.email, "sms": person.phone}.get(way) or False,
            "lang": next((code for code in wanted if code in langs), self.env.lang),
            "rule_id": rule.id,
            "state": "skipped" if reason else "due",
            "reason": reason or False,
            "due_at": order._dropship_not_before(now, way, person.partner),
        }


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_tell(self, fact, shipments=None, key="", **said):
        """Tell everybody whom the rules name; each person once for each parcel (or order) and key.

        Mails go into the queue in this transaction; in quiet hours, and where a person has to copy it into a chat, it
        waits.

        :param str fact: one of `notification_rule.FACTS`
        :param shipments: the parcels it is about
        :param str key: tells news of one kind apart; the new day, or the parcels, where nothing is given
        :param said: figures for the templates: `date` (the new day), `reason` (why, in the customer's language), …
        :return: the messages that are told
        """
        if fact not in dict(FACTS):
            raise ValueError(f"Nobody can be told {fact!r}")
        said = {
            name: fields.Date.to_string(value) if isinstance(value, date) else value for name, value in said.items()
        }
        notifications = self.env["dropship.notification"].sudo()  # asked by all parts, also on customers' pages
        rows = notifications
        for order in self.sudo():
            boxes = (shipments or self.env["dropship.shipment"]).sudo()
            for shipment in [None] if fact in OF_ORDER or not boxes else boxes:
                own_key = key or said.get("date") or ("" if shipment else ",".join(map(str, sorted(boxes.ids)))) or "-"
                rows |= notifications.with_company(order.company_id)._plan(
                    order,
                    fact,
                    shipment,
                    at=fields.Datetime.now(),
                    key=own_key[:64],
                    said={**said, "shipments": boxes.ids} if boxes else said,
                )
        now = fields.Datetime.now()
        due = rows.filtered(lambda row: row.state == "due" and row.due_at <= now)
        for own in due.grouped("order_id").values():
            own._deliver()
        return rows.filtered(lambda row: row.state != "skipped")

    def action_dropship_tell_now(self):
        """Do not wait: decide and tell what is new about the parcels of these orders."""
        self.env["dropship.notification"]._check_desk()
        self.check_access("read")
        for order_sudo in self.sudo():  # messages are written by the flow
            boxes = order_sudo.dropship_shipment_ids.filtered("current")
            boxes._take_rows()
            boxes.notify_at = False
            notifications = self.env["dropship.notification"].sudo().with_company(order_sudo.company_id)
            notifications._decide(boxes)
            waiting = notifications.search([("order_id", "=", order_sudo.id), ("state", "=", "due")])
            waiting.due_at = fields.Datetime.now()
            waiting._deliver()
        return True
