"""Cases of the demo world: played some days ago with real records, through the doors everybody uses."""

from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL, file_open

from ..connectors.replies import READERS

PHOTOS = "dropship_flow_aftersales/static/demo"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_play_delivered(self, ago, number, carrier="DHL", supplier=None, took=3.0, invoiced=False):
        """It was sold, paid and delivered.

        :param float ago: days since the customer has it · took: days the parcel was on its way
        :param supplier: id of who delivered; None: whom the router chooses
        :param bool invoiced: with a posted invoice, so that money given back is a credit note
        """
        order_sudo = self.sudo()
        if supplier:
            chosen = self.env["dropship.supplier"].browse(supplier)
            for line in order_sudo.order_line:
                self.env["dropship.line.choice"]._choose(line, chosen, "pin", "Its price was agreed by telephone")
        order_sudo.write({"dropship_paid_state": "paid", "dropship_paid_amount": order_sudo.amount_total})
        order_sudo.action_confirm()
        start, city = ago + took, order_sudo.partner_shipping_id.city
        origin = order_sudo.dropship_purchase_ids[:1].dropship_warehouse_id.city or ""
        events = [
            (start - 0.2, "picked_up", "", origin, "Shipment picked up"),
            (ago + 0.3, "out_for_delivery", "", city, "Out for delivery"),
            (ago, "delivered", "signed", city, "Delivered and signed for"),
        ]
        box = {"number": number, "carrier": carrier, "left": start, "events": events}
        order_sudo._dropship_play_parcels(start + 1, [box])
        order_sudo.dropship_shipment_ids.notify_at = False
        if invoiced:
            order_sudo._create_invoices(final=True).action_post()
        return True

    def _dropship_play_case(self, lines, steps, more):
        """Somebody asks for something, and this is what happened since.

        :param list lines: [{"code": ours of the product, "qty", "reason": its code, "wanted", "note", "photo": a file
            of the demo}, …]
        :param list steps: [{"after": hours since the step before, "do": one of the `_play_…`, …}, …]; the last one may
            say no more than how long ago the others were
        :param dict more: as of `_open`; "by", "user" (xml id of the agent)
        """
        case = self.env["dropship.return"].sudo()._play_open(self.sudo(), lines, more)
        for step in steps:
            case._play_pass(step.get("after", 0))
            if step.get("do"):
                getattr(case, f"_play_{step['do']}")(step)
        return True

    def _dropship_play_withdrawal(self, hours, steps=()):
        """The customer withdrew from the contract on the page for that, so many hours ago."""
        vals = {
            "name": self.partner_id.name,
            "reference": self.name,
            "email": self.partner_id.email,
            "company_id": self.company_id.id,
            "website_id": self.website_id.id,
        }
        statement = self.env["dropship.return.withdrawal"].sudo()
        statement = statement._state_it(f"demo {self.name}", vals, self.sudo(), self.sudo().order_line)
        for case in statement.case_ids:
            for step in ({"after": 0}, *steps):
                case._play_pass(step.get("after", 0))
                if step.get("do"):
                    getattr(case, f"_play_{step['do']}")(step)
            case._play_pass(hours)
        statement.at -= timedelta(hours=hours)
        return True


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _play_open(self, orders, lines, more):
        rows = []
        for line in lines:
            sold = orders.order_line.filtered(lambda one, code=line["code"]: one.product_id.default_code == code)
            rows.append(
                {
                    "order_line": sold[:1],
                    "qty": line.get("qty", 1),
                    "reason": self.env.ref(f"dropship_flow_aftersales.reason_{line['reason']}"),
                    "wanted": line.get("wanted", ""),
                    "note": line.get("note"),
                    "photos": self._play_photo(line["photo"]) if line.get("photo") else None,
                    "evidence": line.get("evidence"),
                }
            )
        more = dict(more)
        by, user = more.pop("by", "customer"), more.pop("user", None)
        if user:
            more["user_id"] = self.env.ref(user).id
        case = self._open(orders, rows, by, more.pop("origin", "portal"), **more)
        photos = case.line_ids.photo_ids
        photos.write({"res_model": case._name, "res_id": case.id})
        return case

    def _play_photo(self, name):
        with file_open(f"{PHOTOS}/{name}", "rb") as file:
            values = {"name": name, "raw": file.read(), "mimetype": "image/jpeg"}
        return self.env["ir.attachment"].create(values)

    # --- what happened ---

    def _play_offer(self, step):
        amount = Decimal(step["amount"]) if step.get("amount") else None
        offer = self._offer_from(step["kind"], amount=amount)
        self._play_as(step)._record("offer", step.get("by", "agent"), text=step.get("text", ""), offer=offer)

    def _play_accept(self, step):
        offer = self._offer_from(step["kind"])
        if step.get("product"):
            product = self.env["product.product"].search([("default_code", "=", step["product"])], limit=1)
            found = tuple(("exchange_for", {"line": line.id, "product": product.id}) for line in self.line_ids)
            offer = offer._replace(conditions=(*offer.conditions, *found))
        if step.get("to"):
            offer = offer._replace(to=step["to"], after=step.get("waits", "received"))
        self._play_as(step)._record("accept", "agent", text=step.get("text", ""), offer=offer)

    def _play_take(self, step):
        self._record("take", step.get("by", "customer"), text=step.get("text", ""), about=self.offer_id)

    def _play_decline(self, step):
        self._record("decline", step.get("by", "customer"), text=step.get("text", ""), about=self.offer_id)

    def _play_supplier(self, step):
        """What he enters on his page: "says" as of `connectors.replies`."""
        for side in self.side_ids:
            side._take(READERS["return"]({"ref": self.name, **step["says"]}), f"demo {side.id} {len(self.event_ids)}")

    def _play_send(self, step):
        number = step.get("number") or self.parcel_ids.filtered("label_id").number
        self._send_back(number, step.get("carrier"))

    def _play_label(self, _step):
        """The carrier made the label."""
        self._fetch_label()

    def _play_arrive(self, step):
        for parcel in self.parcel_ids:
            self._record("arrive", "system", parcel=parcel.key)

    def _play_inspect(self, step):
        rows = [{"line": line, "condition": step["condition"], "qty": line.qty_accepted} for line in self.line_ids]
        self._play_as(step)._inspect(self.parcel_ids[:1], rows)

    def _play_claim(self, step):
        """The loss is handed in to the supplier; "granted": he answered with this amount, "all" with all of it."""
        for claim in self.case_claim_ids.filtered(lambda claim: claim.party == "supplier" and claim.state == "draft"):
            claim._file()
            if granted := step.get("granted"):
                whole = granted == "all"
                claim._hear("accepted" if whole else "partly", None if whole else Decimal(granted))

    def _play_paid(self, _step):
        """The money that a person gives back has been."""
        rows = self.env["dropship.refund"].search([("return_id", "=", self.id)]).money_ids
        rows.filtered(lambda row: row.state == "person")._set_state("done")

    def _play_score(self, step):
        self._record("score", "customer", text=step.get("text", ""), score=step["score"])

    def _play_close(self, step):
        self._play_as(step)._record("close", "agent")

    def _play_wake(self, _step):
        self._wake()

    def _play_as(self, step):
        """Agents write under their own name."""
        user = step.get("by", "agent") == "agent" and self.user_id
        return self.with_user(user).sudo() if user else self

    # --- time ---

    def _play_pass(self, hours):
        """So many hours pass: all that happened so far was that much earlier."""
        self.ensure_one()
        if not hours:
            return
        back = timedelta(hours=hours)
        claims = self.case_claim_ids
        self.env.flush_all()
        messages = self.message_ids | claims.message_ids
        records = (self, self.event_ids, self.parcel_ids, self.side_ids, claims, claims.event_ids, messages)
        for rows in filter(None, records):
            self._play_shift(rows, back)
        self.env.cr.execute(
            """UPDATE dropship_return_event SET offer = jsonb_set(offer, '{until}', to_jsonb(to_char(
                   (offer->>'until')::timestamp - %s, 'YYYY-MM-DD HH24:MI:SS')))
               WHERE return_id = %s AND offer->>'until' IS NOT NULL""",
            [back, self.id],
        )
        self.env.cr.execute(
            """UPDATE dropship_return_side SET content = jsonb_set(content, '{reply_by}', to_jsonb(to_char(
                   (content->>'reply_by')::timestamp - %s, 'YYYY-MM-DD HH24:MI:SS')))
               WHERE return_id = %s AND coalesce(content->>'reply_by', '') <> ''""",
            [back, self.id],
        )
        self.env.invalidate_all()
        self._refold(fields.Datetime.now())

    def _play_shift(self, rows, back):
        """All moments of some rows."""
        names = [
            name
            for name, field in rows._fields.items()
            if field.type == "datetime" and field.store and field.column_type
        ]
        moved = [SQL("%s = %s - %s", SQL.identifier(name), SQL.identifier(name), back) for name in names]
        self.env.cr.execute(
            SQL("UPDATE %s SET %s WHERE id IN %s", SQL.identifier(rows._table), SQL(", ").join(moved), tuple(rows.ids))
        )
