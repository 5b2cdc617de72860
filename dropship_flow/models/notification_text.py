"""What templates of news can say: everything by allow-list, in the language of the environment, nothing of where the
goods come from."""

from collections import defaultdict

from odoo import fields, models
from odoo.tools import float_compare, format_date, formatLang
from odoo.tools.misc import limited_field_access_token

# Once a parcel is here, nobody asks when it comes.
NO_DAY = ("delivered", "returning", "returned", "lost", "available_for_pickup", "cancelled")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_news(self):
        """The messages a template is rendered for; Odoo's own preview shows the newest of the order."""
        self.ensure_one()
        rows_sudo = self.env["dropship.notification"].sudo()  # whoever renders the template sees what it says
        ids = self.env.context.get("dropship_news")
        if ids is None:
            return rows_sudo.search([("order_id", "=", self.id)], limit=1)
        return rows_sudo.browse(ids).exists()

    def _dropship_news_name(self):
        """Whom the message greets."""
        return self._dropship_news()[:1].partner_id.name or self.partner_id.name or ""

    def _dropship_news_lang(self):
        return self._dropship_news()[:1].lang or self.partner_id.lang

    def _dropship_news_sender(self):
        """Who writes: the company that sold it."""
        company = self.company_id.sudo()
        return company.email_formatted or self.env.user.email_formatted

    def _dropship_news_shipments(self):
        """The parcels the message is about."""
        self.ensure_one()
        rows = self._dropship_news()
        boxes = self.env["dropship.shipment"].sudo()  # as above
        ids = [number for row in rows for number in (row.said or {}).get("shipments", ())]
        return rows.shipment_id.sudo() | boxes.browse(ids).exists()

    def _dropship_news_parcels(self):
        """The parcels, what is in each, and what is still to come, for mails."""
        self.ensure_one()
        values = {
            "parcels": [box._news_facts(self) for box in self._dropship_news_shipments()],
            "to_come": self._dropship_news_to_come(),
        }
        return self.env["ir.qweb"]._render("dropship_flow.news_parcels", values)

    def _dropship_news_numbers(self):
        """The parcels in one line each, for short texts."""
        texts = []
        for box in self._dropship_news_shipments():
            word = box._customer_status_word(box.status)
            texts.append(" ".join(filter(None, [box.carrier_title, box.number, "–", word])))
        return "\n".join(texts)

    def _dropship_news_number(self):
        """Carrier and number of the parcel; of the first one where there are several."""
        box = self._dropship_news_shipments()[:1]
        return " ".join(filter(None, [box.carrier_title, box.number]))

    def _dropship_news_place(self):
        """Where the parcel waits to be picked up."""
        box = self._dropship_news_shipments()[:1]
        event = box.event_ids.filtered(lambda event: event.code == "available_for_pickup")[:1]
        return box._customer_place(event) if event else ""

    def _dropship_news_until(self):
        """Until when it waits there; '' where nobody knows."""
        box = self._dropship_news_shipments()[:1]
        return format_date(self.env, box.pickup_until) if box.pickup_until else ""

    def _dropship_news_detail(self):
        """What is the matter with the parcel, in our words."""
        box = self._dropship_news_shipments()[:1]
        words = dict(box._fields["detail"]._description_selection(self.env))
        return words.get(box.detail, "")

    def _dropship_news_fact(self):
        """What happened, in the words of the rules."""
        row = self._dropship_news()[:1]
        return dict(row._fields["fact"]._description_selection(self.env)).get(row.fact, "")

    def _dropship_news_day(self):
        """When the parcel is expected; '' where nobody knows."""
        return self._dropship_news_shipments()[:1]._news_expected() if self._dropship_news_shipments() else ""

    def _dropship_news_link(self):
        """The page where the reader follows his parcels; it shows no prices."""
        self.ensure_one()
        order_sudo = self.sudo()  # the link is made for who is told
        return order_sudo._dropship_track_url()

    def _dropship_news_to_come(self):
        """[{name, qty, day}] of what is bought and in no parcel yet."""
        self.ensure_one()
        open_rows = defaultdict(lambda: [0.0, None])
        for row in self.sudo().dropship_allocation_ids:  # as above
            rest = row.qty - row.qty_shipped
            if row.state in ("planned", "submitted", "accepted") and rest > 0:
                known = open_rows[row.product_id]
                known[0] += rest
                known[1] = max(filter(None, (known[1], row.promised_date)), default=None)
        today = fields.Date.context_today(self)
        return [
            {
                "name": _plain_name(product),
                "qty": _quantity(self.env, product, qty),
                "day": format_date(self.env, day) if day and day >= today else "",
            }
            for product, (qty, day) in open_rows.items()
            if float_compare(qty, 0, precision_rounding=product.uom_id.rounding) > 0
        ]


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _news_facts(self, order):
        """One parcel as a mail shows it: of the contents only what belongs to the order."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: not line.sale_line_id or line.sale_line_id.order_id == order)
        return {
            "word": self._customer_status_word(self.status),
            "carrier": self.carrier_title or "",
            "number": self.number,
            "expected": self._news_expected(),
            "items": [self._news_item(line, order) for line in lines],
        }

    def _news_item(self, line, order):
        product = line.product_id
        return {
            "name": _plain_name(product),
            "qty": "" if line.is_part else _quantity(self.env, product, line.qty),
            "part": line.is_part,
            "image": _image(product, order.get_base_url()),
        }

    def _news_expected(self):
        """The day, or the days, on which it is expected; '' where nobody knows or it is too late for it."""
        self.ensure_one()
        if self.status in NO_DAY:
            return ""
        today = fields.Date.context_today(self)
        early, late = self.expected_p50, self.expected_p80
        if not late:
            rows = self.line_ids.purchase_line_id.dropship_allocation_ids.filtered(lambda row: row.state != "released")
            early, late = None, max(filter(None, rows.mapped("promised_date")), default=None)
        if not late or late < today:
            return ""
        if early and today <= early < late:
            return f"{format_date(self.env, early)} – {format_date(self.env, late)}"
        return format_date(self.env, late)


def _plain_name(product):
    return product.with_context(display_default_code=False, seller_id=False, partner_id=False).display_name


def _quantity(env, product, qty):
    """A quantity as people write it; the unit only where it is no piece."""
    text = formatLang(env, qty, digits=0 if qty == int(qty) else 2)
    unit = product.uom_id
    piece = env.ref("uom.product_uom_unit", raise_if_not_found=False)
    return text if unit == piece else f"{text} {unit.name}"


def _image(product, base):
    """An address at which mail programs find the picture for some weeks; '' for products without one."""
    if not product.image_128:
        return ""
    token = limited_field_access_token(product, "image_128", scope="binary")
    return f"{base}/web/image/product.product/{product.id}/image_128?access_token={token}"
