"""The first page of a request: which articles of which orders, and how many."""

import re

from odoo.exceptions import UserError
from odoo.http import request

from .return_pages import DropshipReturnPages

MOST_ORDERS = 10


class DropshipReturnChoose(DropshipReturnPages):
    def _aftersales_show_items(self, draft_sudo, errors="", problem="", **searched):
        orders = draft_sudo.order_ids if draft_sudo.by == "guest" else None
        return self._aftersales_items(
            draft_sudo.token, draft_sudo.partner_id, orders=orders, draft=draft_sudo, errors=errors, problem=problem,
            **searched,
        )  # fmt: skip

    def _aftersales_items(
        self, form, partner, orders=None, words="", page=1, only=0, box=0, draft=None, track="", **said
    ):
        orders_sudo, more = orders, False
        if orders is None:
            # His own orders: found by his account.
            found_sudo = request.env["sale.order"].sudo()
            offset = (page - 1) * MOST_ORDERS
            orders_sudo, more = found_sudo._dropship_asked_by(partner, words, MOST_ORDERS, offset)
            if only:
                orders_sudo, more = orders_sudo.browse(only).exists() & self._aftersales_all(partner, only), False
        picked = {row["line"]: row for row in (draft.lines if draft else []) or []}
        groups = self._aftersales_groups(orders_sudo, picked, box, begun=bool(draft))
        values = {
            "form": form, "groups": groups, "words": words, "page": page, "more": more, "only": only, "track": track,
            "guest": orders is not None, "base": f"/return/new/{form}" if draft else "", "place": 1,
            "errors": said.get("errors", ""), "problem": said.get("problem", ""),
            "elsewhere": len(picked) - sum(line["picked"] for group in groups for line in group["lines"]),
        }  # fmt: skip
        return self._track_render("dropship_flow_aftersales.return_items", values)

    def _aftersales_all(self, partner, only):
        order_sudo = request.env["sale.order"].sudo().browse(only).exists()
        mine = order_sudo.partner_id.commercial_partner_id == partner.commercial_partner_id
        return order_sudo._dropship_may_ask() if mine else order_sudo.browse()

    def _aftersales_groups(self, orders_sudo, picked, box, begun):
        groups = []
        lines_sudo = orders_sudo._dropship_may_ask()._dropship_ask_lines()
        pieces = lines_sudo._dropship_pieces()
        boxed_sudo = request.env["dropship.shipment"].sudo().browse(box or []).exists().line_ids.sale_line_id
        for order_sudo in orders_sudo:
            rows = []
            for line_sudo in lines_sudo.filtered(lambda line, order=order_sudo: line.order_id == order):
                item = self._aftersales_item(line_sudo, pieces[line_sudo])
                row = picked.get(line_sudo.id)
                alone = len(lines_sudo) == 1 or line_sudo in boxed_sudo
                item["picked"] = bool(row) or (not begun and alone and pieces[line_sudo].left > 0)
                item["qty"] = row["qty"] if row else item["left"] if line_sudo in boxed_sudo else min(item["left"], 1)
                rows.append(item)
            if rows:
                groups.append({"order": order_sudo.name, "date": order_sudo.date_order, "lines": rows})
        return groups

    def _aftersales_item(self, line_sudo, pieces):
        product_sudo = line_sudo.product_id.with_context(display_default_code=False)
        unit_sudo = line_sudo.product_uom_id
        whole = unit_sudo.rounding >= 1 or unit_sudo == request.env.ref("uom.product_uom_unit").sudo()
        return {
            "id": line_sudo.id, "name": product_sudo.display_name, "image": product_sudo.image_128,
            "bought": line_sudo.product_uom_qty, "have": pieces.have, "underway": pieces.underway,
            "waiting": pieces.waiting, "asked": pieces.asked, "left": pieces.left, "order": line_sudo.order_id.name,
            "step": "1" if whole else "any", "unit": "" if whole else unit_sudo.name,
        }  # fmt: skip

    def _aftersales_take_items(self, draft_sudo, post, track=""):
        quantities, shown = {}, set()
        for name in post:
            kind, _, number = name.partition("_")
            if kind == "shown" and (line := self._track_number(number)):
                shown.add(line)
                if post.get(f"pick_{number}"):
                    quantities[line] = self._aftersales_quantity(post.get(f"qty_{number}"))
        mine = {line.id for line in request.env["sale.order.line"].sudo().browse(shown).exists()
                if draft_sudo._may_ask_about(line)}  # fmt: skip
        draft_sudo._pick(quantities, shown & mine)
        go = post.get("go")
        if go == "search":
            return self._aftersales_show_items(draft_sudo, words=str(post.get("words") or "")[:100])
        if go in ("more", "less"):
            searched = self._aftersales_searched(post)
            return self._aftersales_show_items(draft_sudo, words=searched["words"], page=max(searched["page"], 1))
        if go == "add":
            return self._aftersales_add(draft_sudo, post)
        try:
            if shown - mine:
                raise UserError(request.env._("Only confirmed orders of the customer can be chosen."))
            if any(qty is None for qty in quantities.values()):
                raise UserError(request.env._("Say how many pieces it is about."))
            draft_sudo._check_picked()
        except UserError as error:
            return self._aftersales_show_items(draft_sudo, errors=str(error))
        return self._aftersales_go(draft_sudo, "why")

    def _aftersales_quantity(self, text):
        """A quantity as typed; None for none."""
        text = str(text or "").strip().replace(",", ".")
        return float(text) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,4})?", text) and float(text) else None

    def _aftersales_add(self, draft_sudo, post):
        """Another order of the same customer: both facts of it have to be known."""
        if draft_sudo.by != "guest":
            return self._aftersales_go(draft_sudo, "items")
        reference, contact = str(post.get("reference") or ""), str(post.get("contact") or "")
        problem = self._track_captcha() or self._track_limits(reference)
        if not problem:
            website = request.website
            order_sudo = (
                request.env["sale.order"].sudo()._dropship_lookup(website.company_id, website, reference, contact)
            )
            problem = "unknown" if not order_sudo else draft_sudo._add_order(order_sudo)
        if problem == "done":
            return self._aftersales_go(draft_sudo, "items")
        return self._aftersales_show_items(draft_sudo, problem=problem)
