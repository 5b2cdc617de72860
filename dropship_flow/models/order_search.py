from odoo import fields, models
from odoo.tools import SQL

from ..desk import escaped, read

# One significant form of a phone in any writing, read from its end. Indexed: change both or none.
PHONE = (
    "reverse(ltrim(regexp_replace(replace(translate({alias}phone, '０１２３４５６７８９', '0123456789'), '(0)', ''),"
    " '[^0-9]', '', 'g'), '0'))"
)
CHARACTERS = "string_to_array({alias}complete_name, NULL)"
OTHER_SCRIPT = "octet_length({alias}complete_name) <> char_length({alias}complete_name)"


def _sql(template, alias="partner."):
    return SQL(template.format(alias=alias).replace("%", "%%"))


class ResPartner(models.Model):
    _inherit = "res.partner"

    def init(self):
        """Override: indexes that find a customer by name in any script, mail address, or phone in any writing."""
        result = super().init()
        wanted = {
            "dropship_phone": f"({PHONE.format(alias='')} text_pattern_ops) WHERE phone IS NOT NULL",
            "dropship_characters": f"USING gin ({CHARACTERS.format(alias='')}) WHERE {OTHER_SCRIPT.format(alias='')}",
        }
        if self.env.registry.has_trigram:
            wanted["dropship_name"] = "USING gin (complete_name gin_trgm_ops)"
            wanted["dropship_email"] = "USING gin (email gin_trgm_ops)"
        for name, definition in wanted.items():
            self.env.cr.execute(
                SQL(
                    "CREATE INDEX IF NOT EXISTS %s ON res_partner %s",
                    SQL.identifier(f"res_partner_{name}_idx"),
                    SQL(definition.replace("%", "%%")),
                )
            )
        return result


class StockPicking(models.Model):
    _inherit = "stock.picking"

    carrier_tracking_ref = fields.Char(index="trigram")


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    partner_ref = fields.Char(index="trigram")


class SaleOrder(models.Model):
    """One box finds an order by anything somebody on the phone may have in front of him."""

    _inherit = "sale.order"

    # More hits than this are combined with the other conditions inside the database.
    _dropship_search_most = 10_000

    client_order_ref = fields.Char(index="trigram")
    dropship_search = fields.Char(
        string="Find",
        compute="_compute_dropship_search",
        search="_search_dropship_search",
        groups="base.group_user",
        help="Order or reference number, tracking number, phone, name, e-mail, purchase or supplier's number.",
    )

    def _compute_dropship_search(self):
        """There is nothing to read: the field is a question only."""
        self.dropship_search = False

    def _search_dropship_search(self, operator, value):
        """Orders one of whose keys holds the text. Nobody outside may ask; vendors' facts are for who reads them."""
        if operator not in ("ilike", "in"):
            return NotImplemented
        # A portal or website page that searches with all rights still speaks for the visitor.
        if not self.env.user._is_internal():
            return fields.Domain.FALSE
        texts = [value] if isinstance(value, str) else value
        return fields.Domain.OR(self._dropship_find(text or "") for text in texts)

    def _dropship_find(self, text):
        typed = read(text)
        if typed is None:
            return fields.Domain.FALSE
        self._dropship_flush_keys()
        orders = SQL(
            "WITH people AS MATERIALIZED (%s) %s",
            SQL(" UNION ").join(self._dropship_partner_queries(typed)),
            SQL(" UNION ").join(self._dropship_key_queries(typed)),
        )
        rows = self.env.execute_query(SQL("SELECT id FROM (%s) found LIMIT %s", orders, self._dropship_search_most + 1))
        if len(rows) <= self._dropship_search_most:
            return fields.Domain("id", "in", [row[0] for row in rows])
        return fields.Domain.custom(
            to_sql=lambda model, alias, query: SQL("%s IN (%s)", SQL.identifier(alias, "id"), orders)
        )

    def _dropship_flush_keys(self):
        self.flush_model(["name", "client_order_ref", "partner_id", "partner_shipping_id"])
        self.env["res.partner"].flush_model(["complete_name", "email", "phone"])
        self.env["purchase.order"].flush_model(["name", "partner_ref", "dropship_sale_id"])
        self.env["stock.picking"].flush_model(["carrier_tracking_ref", "sale_id"])
        self.env["dropship.shipment"].flush_model(["number", "order_id"])
        self.env["dropship.shipment.line"].flush_model(["shipment_id", "sale_line_id"])

    def _dropship_key_queries(self, typed):
        """One query of order ids per kind of key. Each uses its own index."""
        yield SQL("SELECT o.id FROM sale_order o JOIN people ON o.partner_id = people.id")
        yield SQL("SELECT o.id FROM sale_order o JOIN people ON o.partner_shipping_id = people.id")
        if not typed.numbers:
            return
        numbers = list(typed.numbers)
        yield SQL("SELECT o.id FROM sale_order o WHERE o.name ILIKE ANY(%s)", numbers)
        yield SQL("SELECT o.id FROM sale_order o WHERE o.client_order_ref ILIKE ANY(%s)", numbers)
        yield SQL(
            "SELECT picking.sale_id FROM stock_picking picking"
            " WHERE picking.sale_id IS NOT NULL AND picking.carrier_tracking_ref ILIKE ANY(%s)",
            numbers,
        )
        # Also boxes that were only announced, and those whose number was corrected; one may hold goods of two orders.
        yield SQL("SELECT box.order_id FROM dropship_shipment box WHERE box.number ILIKE ANY(%s)", numbers)
        yield SQL(
            "SELECT line.order_id FROM dropship_shipment box"
            " JOIN dropship_shipment_line goods ON goods.shipment_id = box.id"
            " JOIN sale_order_line line ON line.id = goods.sale_line_id WHERE box.number ILIKE ANY(%s)",
            numbers,
        )
        if self._dropship_reads_purchases():
            for column in ("name", "partner_ref"):
                yield SQL(
                    "SELECT purchase.dropship_sale_id FROM purchase_order purchase"
                    " WHERE purchase.dropship_sale_id IS NOT NULL AND purchase.%s ILIKE ANY(%s)",
                    SQL.identifier(column), numbers,
                )  # fmt: skip

    def _dropship_reads_purchases(self):
        return self.env.su or any(
            self.env.user.has_group(name)
            for name in ("dropship_flow.group_dropship_user", "sales_team.group_sale_salesman")
        )

    def _dropship_partner_queries(self, typed):
        """Queries of contacts by name, phone and e-mail."""
        if typed.caseless:
            yield SQL(
                "SELECT partner.id FROM res_partner partner WHERE %s AND %s @> %s AND partner.complete_name ILIKE %s",
                _sql(OTHER_SCRIPT), _sql(CHARACTERS), list(typed.caseless), f"%{escaped(typed.text)}%",
            )  # fmt: skip
        else:
            words = [SQL("partner.complete_name ILIKE ANY(%s)", list(patterns)) for patterns in typed.words]
            if not typed.numbers:  # signs and letters no trigram knows: among the few names that have some
                words.append(_sql(OTHER_SCRIPT))
            yield SQL("SELECT partner.id FROM res_partner partner WHERE %s", SQL(" AND ").join(words))
        if typed.email:
            yield SQL("SELECT partner.id FROM res_partner partner WHERE partner.email ILIKE ANY(%s)", [*typed.numbers])
        if typed.phone:
            phone = _sql(PHONE)
            yield SQL(
                "SELECT partner.id FROM res_partner partner"
                " WHERE partner.phone IS NOT NULL AND (%s LIKE %s OR %s = ANY(%s))",
                phone, f"{typed.phone[::-1]}%", phone, [way.lstrip("0")[::-1] for way in typed.phones],
            )  # fmt: skip
