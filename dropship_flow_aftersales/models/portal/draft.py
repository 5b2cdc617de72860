"""A request while the customer fills it in, page by page: nothing is lost, nothing asked twice."""

from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.addons.dropship_flow.remedy import key_of, same
from odoo.exceptions import UserError

from ..case.locked import locked
from ..case.words import OUTCOMES

LONGEST = 2000
MOST_LINES = 50
KEPT_DAYS = 3
# What is asked of goods that are not with the customer.
ABSENT_KINDS = ("not_shipped", "not_received", "refused_parcel", "price")


class DropshipReturnDraft(models.Model):
    """What a customer has chosen so far. Its token is in the form from the first page on: the same form is one draft,
    and one draft is one case."""

    _name = "dropship.return.draft"
    _description = "Request Being Filled In"
    _order = "id desc"

    token = fields.Char(required=True, readonly=True, groups="base.group_system")
    token_key = fields.Char(required=True, readonly=True, groups="base.group_system")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, ondelete="cascade", readonly=True)
    by = fields.Selection([("customer", "Customer"), ("guest", "Customer by Link")], required=True, readonly=True)
    order_ids = fields.Many2many(
        "sale.order", string="Orders", readonly=True, help="Of a guest: those whose number and contact he knew."
    )
    lines = fields.Json(readonly=True, help="[{line, qty, reason, note, wanted}, …], ids and plain figures.")
    wanted = fields.Selection(OUTCOMES, string="Wished", readonly=True)
    note = fields.Text(readonly=True)
    photo_ids = fields.Many2many("ir.attachment", string="Photos and Videos", readonly=True)
    case_id = fields.Many2one("dropship.return", ondelete="set null", readonly=True)

    _token_once = models.UniqueIndex("(token_key)", "This form exists already.")

    # ------------------------------------------------------------------
    # Finding and making one
    # ------------------------------------------------------------------

    @api.model
    def _of_form(self, token):
        """The draft of a form; empty for every form that is none. Runs as the system."""
        key = key_of(token)
        draft = self.search([("token_key", "=", key)]) if key else self.browse()
        return draft if draft and same(draft.token, token) else self.browse()

    @api.model
    def _begin(self, token, partner, company, orders=None, by="customer"):
        """The draft of a form that is sent for the first time; the known one when it is sent again.

        :raises UserError: the form is not one of ours, or somebody else's
        """
        if draft := self._of_form(token):
            if draft.partner_id.commercial_partner_id != partner.commercial_partner_id or draft.by != by:
                raise UserError(self.env._("This form is not yours. Begin again."))
            return draft
        if not key_of(token):
            raise UserError(self.env._("This form is too old. Begin again."))
        with self.env["dropship.allocation"]._first_come():
            return self.create(
                {
                    "token": token,
                    "token_key": key_of(token),
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "by": by,
                    "order_ids": [Command.set(orders.ids)] if orders else [],
                }
            )

    def _add_order(self, order):
        """Another order of the same customer, whose number and contact a guest knew.

        :return: done, or other: it is of somebody else, and cannot be in one request
        """
        self.ensure_one()
        first = self.order_ids[:1]
        if order.partner_id.commercial_partner_id != self.partner_id.commercial_partner_id:
            return "other"
        if order.company_id != self.company_id or (first and order.currency_id != first.currency_id):
            return "other"
        self.order_ids |= order
        return "done"

    def _may_ask_about(self, line):
        """Whether a sold line is one of those this customer was shown."""
        order = line.order_id
        if self.by == "guest":
            known = order in self.order_ids
        else:
            known = order.partner_id.commercial_partner_id == self.partner_id.commercial_partner_id
        return known and order.company_id == self.company_id and line in order._dropship_may_ask()._dropship_ask_lines()

    # ------------------------------------------------------------------
    # Filling it in
    # ------------------------------------------------------------------

    def _picked(self):
        """[(sale.order.line, {qty, reason, note, wanted})] of what was chosen and is still there to be asked about."""
        self.ensure_one()
        rows = {row["line"]: row for row in self.lines or []}
        found = self.env["sale.order.line"].browse(list(rows)).exists()
        return [(line, rows[line.id]) for line in found if self._may_ask_about(line)]

    def _pick(self, quantities, shown):
        """Choose lines.

        :param dict quantities: {id of a sold line: quantity}, 0 or missing: not this one
        :param set shown: ids of the lines that were on the page; others stay as they were chosen
        :raises UserError: what was chosen cannot be; it is kept as it was typed all the same
        """
        self.ensure_one()
        rows = {row["line"]: row for row in self.lines or []}
        for number in shown:
            qty = quantities.get(number) or 0
            if qty:
                rows[number] = {**rows.get(number, {}), "line": number, "qty": qty}
            else:
                rows.pop(number, None)
        self.lines = list(rows.values())

    def _check_picked(self):
        """
        :raises UserError: why this cannot be asked, in words for the customer
        """
        picked = self._picked()
        if not picked:
            raise UserError(self.env._("Choose what it is about."))
        if len(picked) > MOST_LINES:
            raise UserError(self.env._("Please choose at most %s articles at once.", MOST_LINES))
        lines = self.env["sale.order.line"].union(*(line for line, _row in picked))
        self.env["dropship.return"]._check_request(
            lines.order_id, [{"order_line": line, "qty": row["qty"]} for line, row in picked]
        )
        for line, pieces in lines._dropship_pieces().items():
            qty = dict(picked)[line]["qty"]
            if line.product_uom_id.compare(qty, pieces.left) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: %(qty)g is more than the %(left)g you can still ask for.",
                        product=line.product_id.with_context(display_default_code=False).display_name,
                        qty=qty,
                        left=pieces.left,
                    )
                )

    def _explain(self, reasons, notes):
        """Say why, line by line.

        :param dict reasons: {id of a sold line: id of a reason}
        :param dict notes: {id of a sold line: words}
        :raises UserError: a reason is missing or does not fit; all that was typed is kept
        """
        self.ensure_one()
        picked = self._picked()
        for line, row in picked:
            row["reason"] = reasons.get(line.id)
            row["note"] = (notes.get(line.id) or "").strip()[:LONGEST]
        self.lines = [row for _line, row in picked]

    def _check_reasons(self):
        """
        :raises UserError: a reason is missing, or says something else than the parcels do
        """
        picked = self._picked()
        pieces = self.env["sale.order.line"].union(*(line for line, _row in picked))._dropship_pieces()
        for line, row in picked:
            reason = self._reason(row)
            name = line.product_id.with_context(display_default_code=False).display_name
            if reason not in self._reasons(pieces[line]):
                raise UserError(self.env._("%s: choose what happened.", name))
            there = pieces[line].have + pieces[line].underway
            if not self._is_absent(reason) and line.product_uom_id.compare(row["qty"], there) > 0:
                raise UserError(
                    self.env._("%(product)s: only %(there)g have left yet. Ask for the others separately.",
                               product=name, there=there)
                )  # fmt: skip

    def _reason(self, row):
        return self.env["dropship.return.reason"].browse(row.get("reason") or []).exists()

    @api.model
    def _is_absent(self, reason):
        return reason.absent or reason.kind in ABSENT_KINDS

    def _reasons(self, pieces=None):
        """The reasons a customer can choose for a line: public leaves that fit where its goods are."""
        reasons = self.env["dropship.return.reason"].search(
            [("public", "=", True), ("child_ids", "=", False), ("company_id", "in", [False, self.company_id.id])]
        )
        if pieces and not pieces.have and not pieces.underway:
            reasons = reasons.filtered(self._is_absent)
        elif pieces and not pieces.waiting:
            reasons = reasons.filtered(lambda reason: reason.kind != "not_shipped")
        return reasons

    def _is_explained(self):
        picked = self._picked()
        return bool(picked) and all(self._reason(row) for _line, row in picked)

    def _instead_ids(self):
        """Products that were chosen instead."""
        return [row["instead"] for row in self.lines or [] if row.get("instead")]

    def _choose_instead(self, card, chosen):
        """What the customer wants instead, line by line.

        :param dict card: of `_cards`
        :param dict chosen: {id of a sold line: id of a product}
        :raises UserError: nothing was chosen where there is a choice, or it cannot be supplied
        """
        self.ensure_one()
        rows = {row["line"]: {**row, "instead": None} for row in self.lines or []}
        missing = False
        for choice in card.get("choices", ()):
            known = {option["id"] for option in choice["options"]}
            product = chosen.get(choice["line"])
            missing = missing or product not in known
            if choice["line"] in rows and product in known:
                rows[choice["line"]]["instead"] = product
        self.lines = list(rows.values())
        if missing:
            raise UserError(self.env._("Choose which one you want instead."))
        if not card.get("choices"):
            return
        again = next((one for one in self._cards()[1] if one["kind"] == card["kind"]), card)
        if again["verdict"] == "refuse":
            raise UserError("\n".join(again["why"]))

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    def _request_lines(self):
        """The lines as `dropship.return._open` reads them."""
        photos = self.photo_ids
        lines = []
        for line, row in self._picked():
            lines.append(
                {
                    "order_line": line,
                    "qty": row["qty"],
                    "reason": self._reason(row),
                    "note": row.get("note"),
                    "wanted": self.wanted or "",
                    "photos": photos,
                    "instead": self.env["product.product"].browse(row.get("instead") or []).exists(),
                }
            )
        return lines

    def _ask(self):
        """Open the case of this draft; the known one when it was opened already.

        :raises UserError: it cannot be asked, in words for the customer
        """
        self.ensure_one()
        locked(self)
        if self.case_id:
            return self.case_id
        self._check_picked()
        self._check_reasons()
        lines = self._request_lines()
        orders = self.env["sale.order"].union(*(line["order_line"].order_id for line in lines))
        case = self.env["dropship.return"]._open(
            orders,
            lines,
            self.by,
            origin="guest" if self.by == "guest" else "portal",
            note=self.note,
            key=f"form {self.token}",
        )
        self.photo_ids.write({"res_model": case._name, "res_id": case.id})
        self.case_id = case
        return case

    @api.autovacuum
    def _gc_drafts(self):
        """What was never sent, and what became a case, is forgotten."""
        old = self.search([("write_date", "<", fields.Datetime.now() - timedelta(days=KEPT_DAYS))], limit=1000)
        old.photo_ids.filtered(lambda photo: photo.res_model == self._name).unlink()
        old.unlink()
