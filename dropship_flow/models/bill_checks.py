"""Each thing that can be wrong with a supplier's bill, looked for in many bills at once."""

from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

from ..matching import same_number

PREPAID = ("pay_to_ship", "wallet")
# Why a row of the matching stops a bill, by its state.
BY_STATE = {"differs": "bill_difference", "disputed": "bill_disputed", "credit_asked": "bill_credit_asked"}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dropship_checks(self):
        """{bill: [[code, {figure: text}]]}: everything that speaks against it, whatever was released."""
        bills_sudo = self.sudo()  # an accountant need not read purchases and parcels
        found = {bill: [] for bill in bills_sudo}
        real = bills_sudo.filtered(lambda bill: bill.state != "cancel")
        ours = real.filtered("dropship_is_bill")
        invoices = ours.filtered(lambda bill: bill.move_type == "in_invoice")
        for part in (
            invoices._dropship_duplicates(),
            ours._dropship_strangers(),
            invoices._dropship_row_reasons(),
            invoices._dropship_bank_reasons(),
            invoices._dropship_tracking_reasons(),
        ):
            for bill, reasons in part.items():
                found[bill] += reasons
        for bill in ours:
            if bill.state == "draft" and not bill.invoice_date:
                found[bill].append(["bill_no_date", {}])
            found[bill] += bill._dropship_valuation_blockers()
        return {bill: found[bill.sudo()] for bill in self}

    def _dropship_duplicates(self):
        """Bills whose number the supplier used before, however it was typed. The first of them is right."""
        result = defaultdict(list)
        numbered = self.filtered(lambda bill: same_number(bill.ref) and not bill.dropship_drafted)
        if not numbered:
            return result
        others = self.search_fetch(
            [
                ("commercial_partner_id", "in", numbered.commercial_partner_id.ids),
                ("company_id", "in", numbered.company_id.ids),
                ("move_type", "=", "in_invoice"),
                ("state", "!=", "cancel"),
                ("ref", "not in", (False, "")),
                ("dropship_drafted", "=", False),
            ],
            ["ref", "name", "state", "commercial_partner_id", "company_id"],
            order="id",
        )
        first = {}
        for other in others:
            key = (other.commercial_partner_id, other.company_id, same_number(other.ref))
            # A posted bill was there before a draft, whoever was typed first.
            if key not in first or (other.state == "posted" and first[key].state != "posted"):
                first[key] = other
        for bill in numbered:
            known = first[bill.commercial_partner_id, bill.company_id, same_number(bill.ref)]
            if known != bill:
                result[bill].append(
                    ["bill_duplicate", {"number": bill.ref.strip(), "other": known.name or known.ref or str(known.id)}]
                )
        return result

    def _dropship_strangers(self):
        """Lines about purchases of another company, currency or supplier, and goods of no purchase."""
        result = defaultdict(list)
        for bill in self:
            for purchase in bill._dropship_purchases():
                name = {"purchase": purchase.name}
                if purchase.company_id != bill.company_id:
                    result[bill].append(["bill_company", {**name, "company": purchase.company_id.name}])
                if purchase.currency_id != bill.currency_id:
                    names = {"ordered": purchase.currency_id.name, "billed": bill.currency_id.name}
                    result[bill].append(["bill_currency", {**name, **names}])
                if purchase.partner_id.commercial_partner_id != bill.commercial_partner_id:
                    result[bill].append(["bill_supplier", name])
            for line in bill.invoice_line_ids:
                goods = line.display_type == "product" and not line.dropship_charge
                if goods and not line.purchase_line_id and not line.dropship_purchase_id:
                    result[bill].append(["bill_not_ordered", {"what": line.name or line.product_id.name or ""}])
        return result

    def _dropship_row_reasons(self):
        """What the matching says against the bills."""
        result = defaultdict(list)
        rows = self._dropship_rows()
        first = self._dropship_first_bills()
        prepaid = self._dropship_prepaid()
        kinds = dict(self.env["dropship.bill.match"]._fields["kind"]._description_selection(self.env))
        for bill in self:
            for row in rows[bill]:
                codes = dict(row.reasons or [])
                other = first.get(row.purchase_line_id.id)
                what = row.product_id.display_name or kinds[row.kind]
                facts = {
                    "purchase": row.purchase_id.name,
                    "what": what,
                    "amount": row.currency_id.round(row.difference),
                }
                facts["amount"] = f"{facts['amount']:.{row.currency_id.decimal_places}f} {row.currency_id.name}"
                if "match_twice" in codes:
                    if other and other != bill and row.state == "differs":
                        twice = {"purchase": facts["purchase"], "product": what, "other": other.name or other.ref or ""}
                        result[bill].append(["bill_twice", twice])
                        continue
                    if codes.keys() <= {"match_twice", "match_unbilled", "match_rounding"}:
                        continue  # the first of them is right
                if row.state in BY_STATE:
                    result[bill].append([BY_STATE[row.state], facts])
                elif not prepaid[row.purchase_id]:
                    early = self._dropship_early(codes, facts)
                    if early:
                        result[bill].append(early)
        return result

    def _dropship_early(self, codes, facts):
        if "match_early" in codes:
            return [
                "bill_early",
                {"purchase": facts["purchase"], "product": facts["what"], "qty": codes["match_early"]["qty"]},
            ]
        if "match_charge_early" in codes:
            return ["bill_charge_early", {"purchase": facts["purchase"]}]
        return None

    def _dropship_first_bills(self):
        """{purchase line id: the bill it was billed on first}; posted ones before drafts."""
        lines = self.invoice_line_ids.purchase_line_id
        query = SQL(
            """
            SELECT DISTINCT ON (line.purchase_line_id) line.purchase_line_id, move.id
              FROM account_move_line line JOIN account_move move ON move.id = line.move_id
             WHERE line.purchase_line_id = ANY(%s) AND move.move_type = 'in_invoice' AND move.state <> 'cancel'
             ORDER BY line.purchase_line_id, move.state = 'draft', move.id
            """,
            lines.ids,
        )
        return {line_id: self.browse(move_id) for line_id, move_id in self.env.execute_query(query)}

    def _dropship_prepaid(self):
        """{purchase: whether its supplier is paid before he ships}"""
        return {purchase: purchase._dropship_payment_way() in PREPAID for purchase in self._dropship_purchases()}

    # ------------------------------------------------------------------
    # Where the money would go
    # ------------------------------------------------------------------

    def _dropship_bank_reasons(self):
        """The account is new, or was changed, since the supplier was last paid, and nobody trusted it since."""
        result = defaultdict(list)
        with_bank = self.filtered("partner_bank_id")
        if not with_bank:
            return result
        paid = {
            (partner.id, company.id): when
            for partner, company, when in self.env["account.payment"]._read_group(
                [
                    ("partner_id", "child_of", with_bank.commercial_partner_id.ids),
                    ("company_id", "in", with_bank.company_id.ids),
                    ("payment_type", "=", "outbound"),
                    ("state", "in", ("in_process", "paid")),
                ],
                ["partner_id", "company_id"],
                ["create_date:max"],
            )
        }
        last = {}
        for (partner_id, company_id), when in paid.items():
            owner = self.env["res.partner"].browse(partner_id).commercial_partner_id
            last[owner, company_id] = max(when, last.get((owner, company_id), when))
        for bill in with_bank:
            account = bill.partner_bank_id
            before = last.get((bill.commercial_partner_id, bill.company_id.id))
            changed = account.dropship_changed_at
            trusted = account.allow_out_payment and account.dropship_trusted_at
            if before and changed and changed > before and not (trusted and trusted >= changed):
                day = fields.Date.to_string(changed)
                result[bill].append(["bill_bank", {"account": f"…{(account.acc_number or '')[-4:]}", "changed": day}])
        return result

    # ------------------------------------------------------------------
    # Whether the goods are really on their way
    # ------------------------------------------------------------------

    def _dropship_needs_tracking(self):
        """{purchase: whether its bill waits for a scan}"""
        result = {}
        for purchase in self._dropship_purchases():
            term = purchase.dropship_warehouse_id.supplier_id._terms_for(purchase.company_id)
            asked = purchase.company_id.dropship_pay_needs_tracking
            if term.pay_needs_tracking:
                asked = term.pay_needs_tracking == "yes"
            result[purchase] = asked and term.payment_way not in PREPAID
        return result

    def _dropship_tracking_facts(self, purchases):
        """{purchase: (goods without a scanned parcel, suspected number, day of the last first scan)}"""
        packed = purchases.order_line.dropship_shipment_line_ids
        boxes = packed.shipment_id.filtered(lambda box: box.state == "dispatched" and box.current)
        by_purchase = defaultdict(boxes.browse)
        for line in packed.filtered(lambda line: line.shipment_id in boxes):
            by_purchase[line.purchase_line_id.order_id] |= line.shipment_id
        suspected = self.env["dropship.exception"].search(
            [("shipment_id", "in", boxes.ids), ("kind", "=", "parcel_unlikely"), ("state", "=", "open")]
        ).shipment_id
        result = {}
        for purchase in purchases:
            mine = by_purchase[purchase]
            unseen = not mine or any(not box.moved_at or box.status == "cancelled" for box in mine)
            days = [box.first_scan_at or box.moved_at for box in mine if box.moved_at]
            result[purchase] = (unseen, (mine & suspected)[:1].number, max(days, default=None))
        return result

    def _dropship_tracked(self):
        """(the purchases whose bills wait for a scan, their facts)"""
        needs = self._dropship_needs_tracking()
        asked = self.env["purchase.order"].union(*(purchase for purchase, wanted in needs.items() if wanted))
        return asked, self._dropship_tracking_facts(asked)

    def _dropship_tracking_reasons(self):
        result = defaultdict(list)
        asked, facts = self._dropship_tracked()
        for bill in self:
            for purchase in bill._dropship_purchases() & asked:
                unseen, suspected, _day = facts[purchase]
                # What has not left at all is held for that.
                if unseen and any(purchase.order_line.mapped("qty_received")):
                    result[bill].append(["bill_tracking", {"purchase": purchase.name}])
                elif suspected:
                    result[bill].append(["bill_unlikely", {"purchase": purchase.name, "number": suspected}])
        return result

    def _dropship_scanned_on(self):
        """{bill: the day the last of its parcels was scanned, where that is asked for}"""
        asked, facts = self._dropship_tracked()
        result = {}
        for bill in self:
            days = [facts[purchase][2] for purchase in bill._dropship_purchases() & asked]
            result[bill] = max((day.date() for day in days if day), default=None)
        return result
