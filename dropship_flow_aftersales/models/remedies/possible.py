"""What can really be done, asked before it is offered and before it is done."""

import psycopg2
from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError

from ...casework import Offer
from ..case.words import OUTCOMES

GOODS = ("replacement", "exchange", "spare_part")
REMEDIES = (*GOODS, "credit", "repair")
ASKED = ("offer", "accept")


class _LookedError(Exception):
    """Enough was seen: what was tried is undone."""


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_without_source(self):
        """The products of a quotation nobody can supply now. Runs as the system."""
        self.ensure_one()
        goods = self.order_line.filtered(lambda line: not line.display_type and line.product_id.type == "consu")
        ours = goods._dropship_ours()
        missing = self.env["product.product"]
        for line in goods - ours:
            if not line._dropship_own_goods():
                missing |= line.product_id
        if ours:
            outcome = self.env["dropship.router"]._simulate(self).get(self)
            if outcome and (outcome.solution.missing or not outcome.plan):
                keys = set(outcome.solution.missing)
                rows = [demand for demand in outcome.demands if not demand.core and demand.key in keys]
                missing |= missing.union(*(row.line.product_id for row in rows)) if rows else ours.product_id
        return missing


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_own_goods(self):
        """Whether goods no supplier offers can go out of our own stock; what is not counted went so before."""
        self.ensure_one()
        product = self.product_id.with_context(warehouse_id=self.order_id.warehouse_id.id)
        if product.is_storable:
            wanted = self.product_uom_id._compute_quantity(self.product_uom_qty, product.uom_id)
            return product.uom_id.compare(product.free_qty, wanted) >= 0
        sold = self.dropship_case_line_id.order_line_id
        return product == sold.product_id and not sold.dropship_allocation_ids


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _possible_remedies(self, lines=None):
        """What of exchange, replacement, spare part, store credit and repair can be had for lines of the case.

        :param lines: dropship.return.line; None: all
        :return: {kind: (whether it is possible, why not)}
        """
        self.ensure_one()
        quantities = tuple((line.id, line._decimal()) for line in lines or self.line_ids)
        result = {}
        for kind in REMEDIES:
            why = self._why_impossible(Offer(kind, quantities))
            result[kind] = (not why, why)
        return result

    def _check_possible(self, offer):
        """Refuse what cannot be done.

        :param casework.Offer offer:
        :raise UserError: why, and what can be had instead
        """
        self.ensure_one()
        why = self._why_impossible(offer)
        if why:
            raise UserError(f"{why} {self._instead_of(offer)}")  # pylint: disable=translation-required

    def _why_impossible(self, offer):
        """Why an offer cannot be carried out, in words a customer may read; empty: it can."""
        self.ensure_one()
        if offer.kind in GOODS:
            return self._why_no_goods(offer)
        method = getattr(self, f"_why_no_{offer.kind}", None)
        return method(offer) if method else ""

    def _why_no_goods(self, offer):
        offers = [offer]
        if offer.kind == "exchange" and not any(code == "exchange_for" for code, _figures in offer.conditions):
            offers = self._exchange_tries(offer)
        if offer.kind == "spare_part" and not any(code == "spare_part" for code, _figures in offer.conditions):
            offers = self._part_tries(offer)
        why = ""
        for one in offers:
            why = self._try_goods(one)
            if not why:
                return ""
        return why

    def _exchange_tries(self, offer, limit=5):
        """Offers that exchange the goods for the same, and for each other variant."""
        lines = self.env["dropship.return.line"].browse([key for key, _qty in offer.lines])
        products = lines.product_id | lines.product_id.product_tmpl_id.product_variant_ids.filtered("sale_ok")[:limit]
        for product in products:
            mine = [line for line in lines if line.product_id.product_tmpl_id == product.product_tmpl_id]
            conditions = tuple(("exchange_for", {"line": line.id, "product": product.id}) for line in mine)
            rest = tuple(
                ("exchange_for", {"line": line.id, "product": line.product_id.id})
                for line in lines - lines.union(*mine)
            )
            yield offer._replace(conditions=(*offer.conditions, *conditions, *rest))

    def _part_tries(self, offer, limit=5):
        """Offers with each part that can stand for the goods; the same offer where there is no choice."""
        lines = self.env["dropship.return.line"].browse([key for key, _qty in offer.lines])
        parts = [self._spare_parts(line)[:limit] for line in lines]
        if any(len(found) < 1 for found in parts) or all(len(found) == 1 for found in parts):
            return [offer]
        return [
            offer._replace(
                conditions=(
                    *offer.conditions,
                    *(
                        ("spare_part", {"line": line.id, "product": found[min(place, len(found) - 1)].id})
                        for line, found in zip(lines, parts, strict=True)
                    ),
                )
            )
            for place in range(max(len(found) for found in parts))
        ]

    def _try_goods(self, offer):
        """Why the goods cannot go out now."""
        return self._look_at_goods(offer)[0]

    def _look_at_goods(self, offer):
        """What comes of sending goods: they are ordered for a moment, and nothing stays of it.

        :return: (why it cannot be done, what they cost more than those they stand for; below 0: less)
        """
        case_sudo = self.sudo().with_context(tracking_disable=True, mail_notrack=True)  # looks at sources and stock
        why, more = "", 0.0
        try:
            with self.env.cr.savepoint():
                try:
                    orders = case_sudo._remedy_orders(offer)
                    why = self._unsupplied(orders)
                    more = sum(orders.order_line.mapped("dropship_difference"))
                except UserError as error:
                    why = str(error)
                raise _LookedError
        except (psycopg2.OperationalError, ConcurrencyError):
            raise
        except _LookedError:
            return why, more

    @api.model
    def _unsupplied(self, orders):
        missing = self.env["product.product"]
        for order in orders:
            missing |= order._dropship_without_source()
        if not missing:
            return ""
        names = ", ".join(missing.sudo().mapped("display_name"))  # names only
        return self.env._("%s cannot be supplied now.", names)

    def _instead_of(self, offer):
        """What can be had instead, in a sentence."""
        words = dict(self.env["dropship.resolution"]._fields["kind"]._description_selection(self.env))
        other = [
            kind
            for kind, _word in OUTCOMES
            if kind in REMEDIES and kind != offer.kind and not self._why_impossible(offer._replace(kind=kind))
        ]
        gone = all(line.reason_id.absent for line in self.line_ids)
        other.insert(0, "refund_only" if gone else "return")
        return self.env._("Possible instead: %s.", ", ".join(words[kind] for kind in other))

    def _record(self, code, by, text="", offer=None, about=None, check=True, **facts):
        """Override: nothing is offered that cannot be done."""
        if offer and check and by != "system" and code in ASKED:
            self._check_possible(offer)
        return super()._record(code, by, text=text, offer=offer, about=about, check=check, **facts)
