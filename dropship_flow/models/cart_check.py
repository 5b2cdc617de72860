import hashlib
import json
import logging
from datetime import timedelta

import psycopg2
from odoo import fields, models
from odoo.exceptions import ConcurrencyError, ValidationError

_logger = logging.getLogger(__name__)

# A visitor looks at his cart often; what suppliers can do changes slowly. Paying always looks afresh.
GOOD_FOR = timedelta(minutes=10)


class SaleOrder(models.Model):
    """What the cart says before anything is paid: what cannot be delivered to the address, and why it costs more."""

    _inherit = "sale.order"

    dropship_delivery_facts = fields.Json(
        copy=False,
        groups="base.group_user",
        help="What is known about delivering these lines to this address, and until when it counts.",
    )

    def _dropship_facts_key(self):
        """Changes with everything the facts depend on."""
        partner = self.partner_shipping_id
        lines = [
            (line.id, line.product_id.id, line.product_uom_qty, line.product_uom_id.id, line.price_subtotal)
            for line in self.order_line
            if not line.is_delivery and not line.display_type
        ]
        place = (partner.id, partner.country_id.id, partner.state_id.id, partner.zip, partner.city)
        facts = [str(line) for line in lines] + [str(place), self.company_id.id, self.currency_id.id]
        return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()[:32]

    def _dropship_facts(self, name, find, fresh=False):
        """A fact about delivering the order, found once for the same lines and address.

        :param callable find: finds it; what it returns must be plain JSON
        """
        self.ensure_one()
        order_sudo = self.sudo()
        if not isinstance(order_sudo.id, int):
            return find()
        now, key = fields.Datetime.now(), order_sudo._dropship_facts_key()
        known = order_sudo.dropship_delivery_facts or {}
        if known.get("key") != key or fields.Datetime.to_datetime(known.get("until") or "2000-01-01") < now:
            known = {"key": key, "until": fields.Datetime.to_string(now + GOOD_FOR)}
        if name not in known or fresh:
            known = {**known, name: find()}
            order_sudo.with_context(tracking_disable=True).dropship_delivery_facts = known
        return known[name]

    def _dropship_reach(self, fresh=False):
        """{line id: names of the services that bring it to the address}; see the router's `_reach`.

        Whatever is wrong with the suppliers' data must not keep a customer from his cart: nothing is said then.
        """

        def find():
            try:
                with self.env.cr.savepoint():
                    reach = self.env["dropship.router"]._reach(self)
            except (psycopg2.OperationalError, ConcurrencyError):
                raise
            except Exception:  # the order is held at routing instead
                _logger.exception("Where sale order %s can be delivered is not known", self.id)
                reach = {}
            return {str(line_id): services for line_id, services in reach.items()}

        if not self.sudo().partner_shipping_id.country_id:
            return {}
        found = self._dropship_facts("reach", find, fresh)
        return {int(line_id): services for line_id, services in found.items()}

    def _dropship_planned_freight(self, carrier):
        """Freight of the best plan if the customer took this carrier, company currency; None when there is no plan."""

        def find():
            order = self.with_context(dropship_carrier=carrier.id)
            try:
                with self.env.cr.savepoint():
                    outcome = self.env["dropship.router"].with_context(dropship_carrier=carrier.id)._simulate(order)
            except (psycopg2.OperationalError, ConcurrencyError):
                raise
            except Exception:
                _logger.exception("The freight of sale order %s is not known", self.id)
                return None
            plan = outcome[self].plan if self in outcome else None
            return str(sum(parcel.freight for parcel in plan.parcels)) if plan and plan.parcels else None

        found = self._dropship_facts(f"freight_{carrier.id}", find)
        return None if found is None else float(found)

    def _dropship_undeliverable_lines(self, fresh=False):
        """Lines nobody can bring to the address, whatever the customer pays."""
        self.ensure_one()
        if self._dropship_address_unknown():
            return self.order_line.browse()
        reach = self._dropship_reach(fresh)
        return self.order_line.filtered(lambda line: reach.get(line.id) == [])

    def _dropship_address_unknown(self):
        """A visitor who has not said where he lives yet is told nothing."""
        order_sudo = self.sudo()
        partner = order_sudo.partner_shipping_id
        return not partner.country_id or partner == order_sudo.website_id.user_id.partner_id

    def _dropship_place_name(self):
        partner = self.sudo().partner_shipping_id
        parts = (partner.city, partner.state_id.name, partner.country_id.name)
        return ", ".join(part for part in parts if part)

    def _dropship_delivery_problem(self, fresh=False):
        """Why the order cannot be delivered to its address, and how to go on; empty when it can. No supplier is named.

        :return: (sentence, sale lines it is about)
        """
        self.ensure_one()
        lines = self._dropship_undeliverable_lines(fresh)
        if lines:
            return self.env._(
                "%(products)s cannot be delivered to %(place)s. Remove it from the cart or choose another address.",
                products=", ".join(lines.product_id.mapped("name")),
                place=self._dropship_place_name(),
            ), lines
        if self._dropship_address_unknown() or not self._has_deliverable_products():
            return "", lines
        if not self._get_delivery_methods() and self._dropship_published_carriers():
            return self.env._(
                "We cannot deliver this cart to %s. Choose another address, or remove an article.",
                self._dropship_place_name(),
            ), lines
        return "", lines

    def _dropship_published_carriers(self):
        """Delivery methods the shop offers to anybody at all."""
        carriers_sudo = self.env["delivery.carrier"].sudo()
        return carriers_sudo.search(
            [("website_published", "=", True), *carriers_sudo._check_company_domain(self.company_id)], limit=1
        )

    def _dropship_cart_notes(self):
        """What the shop's pages say about the delivery: [(bootstrap level, sentence)]."""
        if not self or self.state not in ("draft", "sent"):
            return []
        problem, _lines = self._dropship_delivery_problem()
        if problem:
            return [("danger", problem)]
        if self._dropship_address_unknown() or not self._has_deliverable_products():
            return []
        carrier = self.carrier_id or self._get_delivery_methods()[:1]
        text = carrier._dropship_surcharge_text(self) if carrier else ""
        place = self._dropship_place_name()
        if not text:
            return []
        words = {"place": place, "method": carrier.name, "text": text}
        return [("info", self.env._("Delivery to %(place)s by %(method)s: %(text)s", **words))]

    def _check_cart_is_ready_to_be_paid(self):
        """Override: nothing is paid that cannot be delivered; asked afresh."""
        problem, _lines = self._dropship_delivery_problem(fresh=True)
        if problem:
            raise ValidationError(problem)
        return super()._check_cart_is_ready_to_be_paid()
