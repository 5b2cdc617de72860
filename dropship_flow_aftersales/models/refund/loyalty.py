"""Promotions, and points that were earned and spent, as the calculation of refunds reads them."""

from decimal import Decimal

from odoo import models
from odoo.addons.dropship_flow.models.exact import decimal

from ...refunding import Promotion
from .facts import exact

ZERO = Decimal(0)
CARDS = ("gift_card", "ewallet")
WITH_POINTS = ("loyalty", "coupons", "next_order_coupons")  # what is spent can be given back to a card


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_refund_promotions(self, lines, included):
        """Promotions that hang on how much was bought, in the figure prices are meant in.

        :param list lines: refunding.Line of the order
        """
        kinds = {line.key: line.kind for line in lines}
        by_program = self.order_line.filtered(
            lambda line: line.reward_id and line.reward_id.program_id.program_type not in CARDS
        ).grouped(lambda line: line.reward_id.program_id)
        for program, rewards in by_program.items():
            keys = tuple(line.id for line in rewards if line.id in kinds)
            rule = program.rule_ids.sorted(lambda rule: rule.minimum_amount)[-1:]
            if not keys or not rule.minimum_amount:
                continue
            goods = self.order_line.filtered(lambda line: kinds.get(line.id) == "goods")
            counted = self._dropship_goods_of(rule, goods)
            yield Promotion(
                f"program {program.id}",
                self._dropship_threshold(rule, included, goods),
                keys,
                rule=self.company_id.dropship_refund_promotions,
                on=() if counted == goods else tuple(counted.ids),
            )

    def _dropship_goods_of(self, rule, goods):
        """The lines whose goods count for a rule."""
        products = rule.program_id._get_valid_products(goods.product_id).get(rule, goods.product_id)
        return goods.filtered(lambda line: line.product_id in products)

    def _dropship_threshold(self, rule, included, goods):
        amount = rule._compute_amount(self.currency_id)
        return self._dropship_meant(amount, rule.minimum_amount_tax_mode == "incl", included, goods)

    def _dropship_meant(self, amount, taxed, included, goods):
        """A sum that is meant otherwise than prices are is put right by the goods' taxes."""
        if taxed != included:
            net, gross = sum(goods.mapped("price_subtotal")), sum(goods.mapped("price_total"))
            if net and gross:
                amount *= gross / net if included else net / gross
        return exact(amount, self._dropship_step())

    def _dropship_points_earned(self):
        """Points the order brought, and what is on those cards: arguments of `refunding.Order`."""
        rows = self._dropship_earning()
        if not rows:
            return {}
        return {
            "earned": sum((decimal(row.points) for row in rows), ZERO),
            "points": sum((decimal(card.points) for card in rows.coupon_id), ZERO),
        }

    def _dropship_earning(self):
        return self.coupon_point_ids.filtered(lambda row: row.coupon_id.program_id.program_type == "loyalty")


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_promotion_facts(self):
        """What a promotion line lowers, and the points it cost: arguments of `refunding.Line`."""
        self.ensure_one()
        points = ZERO
        if self.coupon_id.program_id.program_type in WITH_POINTS:
            points = decimal(self.points_cost)
        refunds = self.order_id.dropship_refund_book_ids
        back = sum((Decimal((refund.points_back or {}).get(str(self.id), "0")) for refund in refunds), ZERO)
        return {"given_for": tuple(self._dropship_lowers().ids), "points": points, "points_back": back}

    def _dropship_lowers(self):
        """The lines a promotion makes cheaper; none: all goods."""
        reward = self.reward_id
        others = self.order_id._dropship_sold_lines().filtered(lambda line: line.price_total > 0)
        if reward.reward_type == "shipping":
            return others.filtered(lambda line: line._is_delivery())
        goods = others.filtered(lambda line: not line._is_delivery() and not line.reward_id)
        if reward.discount_applicability == "specific":
            goods = goods.filtered(lambda line: line.product_id in reward.all_discount_product_ids)
        elif reward.discount_applicability == "cheapest":
            return goods.sorted("price_unit")[:1]
        elif not reward:
            return self.browse()
        # A discount over several taxes is a line for each of them.
        return goods.filtered(lambda line: line.tax_ids == self.tax_ids) or goods
