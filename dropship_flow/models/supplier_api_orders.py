"""What a supplier's program may do with its orders: read, answer, ship."""

import hashlib
import json
from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.http import request

from ..api.supplier_schema import ORDER_STATES
from ..api.validate import Problem
from ..connectors.answer import clean
from .exchange_reply import SCHEMA

PAGE, MAX_PAGE = 50, 100
OPEN_TRANSFER = Domain("picking_type_id.code", "=", "dropship") & Domain("state", "not in", ("done", "cancel"))


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_handed_over_at = fields.Datetime(
        string="Handed to the Supplier", copy=False, readonly=True, groups="base.group_user"
    )

    def _dropship_hand_over(self):
        """Override: from now on the supplier may know of it, also when it is cancelled later."""
        self.dropship_handed_over_at = fields.Datetime.now()
        return super()._dropship_hand_over()


class DropshipSupplierApi(models.AbstractModel):
    _inherit = "dropship.supplier.api"

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    @api.model
    def _read(self, method, ref, args):
        if method == "supplier_orders":
            return self._read_page(args)
        order = self._order_of(ref)
        if not order:
            return self._refuse(404, [Problem("ref", "no_such_order", {"name": ref})])
        view = self._view(order)
        if request.httprequest.headers.get("If-None-Match", "").strip('W/"') == view["revision"]:
            return request.make_response("", status=304, headers={"ETag": f'"{view["revision"]}"'})
        return self._reply(200, view)

    @api.model
    def _orders_domain(self):
        """The purchases of this key's supplier in this key's company that he may know of."""
        key = self._key
        return Domain(
            [
                ("company_id", "=", key.company_id.id),
                ("dropship_warehouse_id.supplier_id", "=", key.supplier_id.id),
                ("state", "not in", ("draft", "to approve")),
                ("dropship_is_test", "=", False),
                "|",
                ("state", "!=", "cancel"),
                ("dropship_handed_over_at", "!=", False),
            ]
        )

    @api.model
    def _order_of(self, ref):
        return self.env["purchase.order"].search(self._orders_domain() & Domain("name", "=", ref), limit=1)

    @api.model
    def _read_page(self, args):
        domain, limit, problems = self._question(args)
        if problems:
            return self._refuse(422, problems)
        orders = self.env["purchase.order"].search(self._orders_domain() & domain, order="id", limit=limit + 1)
        page = {"orders": [self._view(order) for order in orders[:limit]]}
        if len(orders) > limit:
            page["cursor"] = f"{orders[limit - 1].id:x}"
        return self._reply(200, page)

    @api.model
    def _question(self, args):
        """(domain, limit, what is wrong with the question)."""
        domain, problems, limit = Domain.TRUE, [], args.get("limit", str(PAGE))
        for name in set(args) - {"state", "since", "cursor", "limit"}:
            problems.append(Problem(name[:60], "unknown", {"name": name[:60]}))
        if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit[:9]) <= MAX_PAGE:
            problems.append(Problem("limit", "limit", {"limit": MAX_PAGE}))
            limit = "1"
        if "state" in args:
            if args["state"] in ORDER_STATES:
                domain &= self._state_domain(args["state"])
            else:
                allowed = ", ".join(ORDER_STATES)
                problems.append(Problem("state", "word", {"name": args["state"][:40], "allowed": allowed}))
        if "since" in args:
            try:
                told = args["since"]
                # A plus sign in an address means a blank.
                since = datetime.fromisoformat(told.replace(" ", "+") if "T" in told else told)
                if since.tzinfo:
                    since = since.astimezone(timezone.utc).replace(tzinfo=None)
                domain &= Domain("write_date", ">=", since)
            except (ValueError, OverflowError):
                problems.append(Problem("since", "moment", {}))
        if "cursor" in args:
            try:
                place = int(args["cursor"][:16], 16)
                if not 0 < place < 2**31:
                    raise ValueError
                domain &= Domain("id", ">", place)
            except ValueError:
                problems.append(Problem("cursor", "cursor", {}))
        return domain, int(limit[:9]), problems

    @api.model
    def _state_domain(self, state):
        waiting = Domain("picking_ids", "any", list(OPEN_TRANSFER))
        accepted = Domain("state", "in", ("purchase", "done"))
        return {
            "to_answer": Domain("state", "=", "sent"),
            "cancelled": Domain("state", "=", "cancel"),
            "to_ship": accepted & waiting,
            "shipped": accepted & ~waiting,
        }[state]

    @api.model
    def _view(self, order):
        """An order as its supplier may see it; where it goes is not told any more once it is cancelled."""
        state = {"accept": "to_answer", "ship": "to_ship"}.get(order._dropship_answer_state())
        state = state or ("cancelled" if order.state == "cancel" else "shipped")
        view = {
            "schema": SCHEMA,
            "ref": order.name,
            "state": state,
            "id": order.partner_ref or "",
            "changed": fields.Datetime.to_string(order.write_date).replace(" ", "T") + "Z",
            "parcels": self._parcels_view(order),
        }
        view |= self.env["dropship.connector"]._order_payload(order)
        if state == "cancelled":
            view["ship_to"], view["message"], view["gift_note"] = {}, "", ""
        told = json.dumps({name: view[name] for name in view if name != "changed"}, sort_keys=True, default=str)
        view["revision"] = hashlib.sha256(told.encode()).hexdigest()[:16]
        return view

    @api.model
    def _parcels_view(self, order):
        """What left, by number."""
        return [
            {"number": number, "carrier": picking.carrier_id.name or picking.dropship_carrier or ""}
            for picking in order._dropship_done_transfers()
            for number in picking._dropship_numbers_list()
        ]

    # ------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------

    @api.model
    def _supplier_acknowledge(self, body):
        return self._take(body)

    @api.model
    def _supplier_ship(self, body):
        return self._take({**body, "status": "shipped"})

    @api.model
    def _take(self, raw):
        """Store the answer, act on it, say how the order stands now.

        :return: [result], or None when somebody else works on the order this moment
        """
        order = self._order_of(raw["ref"])
        if not order:
            return self._refused(404, Problem("ref", "no_such_order", {"name": raw["ref"]}))
        if not order.try_lock_for_update(allow_referencing=True):
            return None
        wanted = request.httprequest.headers.get("If-Match", "").strip('W/"')
        if wanted and wanted != "*" and wanted != self._view(order)["revision"]:
            return self._refused(412, Problem("ref", "changed_meanwhile", {}))
        try:
            answer = clean(raw)
        except ValueError as error:
            return self._refused(422, Problem("", "refused", {"text": str(error)}))
        key = self._key
        message = self.env["dropship.exchange"]._put_in(
            answer, f"supplier key {key.supplier_id.id}", order, key.supplier_id, key.company_id
        )
        if message:
            message._process()
            self._ship_without_notice(order, answer, message)
            self.env.flush_all()
        order.invalidate_recordset()
        return [self._view(order)]

    @api.model
    def _ship_without_notice(self, order, answer, message):
        """Where no part of the addon takes parcels one by one, all that waits leaves under the numbers told."""
        if hasattr(order, "_dropship_take_parcels") or not answer["parcels"] or order.state != "purchase":
            return
        numbers = order._dropship_numbers("\n".join(parcel["number"] for parcel in answer["parcels"]))
        order._dropship_ship(numbers)
