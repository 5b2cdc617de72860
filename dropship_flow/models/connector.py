from odoo import api, models

from ..connectors import json_api


class DropshipConnector(models.AbstractModel):
    """How messages become calls. A kind of connection is three methods, each named `_<what>_<kind>`:

    `_prepare_<kind>(message)` reads all the call needs, in a transaction · `_call_<kind>(job)` speaks with the other
    side, with no transaction open and no record at hand · `_ask_<kind>(job, refs)` asks what it knows of references;
    a kind whose other side cannot be asked does not have it.
    """

    _name = "dropship.connector"
    _description = "Connector"

    @api.model
    def _prepare(self, message):
        return self._method("prepare", message.connection_id)(message)

    @api.model
    def _call(self, connection_kind, job):
        return getattr(self, f"_call_{connection_kind}")(job)

    @api.model
    def _can_ask(self, connection):
        return hasattr(self, f"_ask_{connection.kind}")

    @api.model
    def _method(self, what, connection):
        method = getattr(self, f"_{what}_{connection.kind}", None)
        if method is None:
            raise NotImplementedError(f"_{what}_{connection.kind} on dropship.connector")
        return method

    # --- the open JSON API ---

    @api.model
    def _prepare_json_api(self, message):
        client, headers = message.connection_id._client()
        payload = {"schema": json_api.SCHEMA, "ref": message._reference(), "revision": message.revision}
        payload |= message.content or {}
        if message.supplier_id.connection_code:
            payload["seller"] = message.supplier_id.connection_code
        if message.kind == "order":
            payload |= self._order_payload(message.purchase_id)
        elif message.kind == "cancel" and (ids := message._remote_ids_of_order()):
            payload["ids"] = ids
        return {
            "client": client,
            "headers": headers,
            "shown": message.connection_id.sudo()._shown(),  # whoever sends need not see it
            "endpoint": message.connection_id.endpoint.rstrip("/"),
            "kind": message.kind,
            "payload": payload,
            "key": message.key,
        }

    @api.model
    def _call_json_api(self, job):
        return json_api.send(job["client"], job["endpoint"], job["headers"], job["kind"], job["payload"], job["key"])

    @api.model
    def _ask_json_api(self, connection, refs):
        """:return: ({ref: message in}, Outcome)"""
        client, headers = connection._client()
        return json_api.look_up(client, connection.endpoint.rstrip("/"), headers, refs)

    # --- what a supplier may know ---

    @api.model
    def _order_payload(self, purchase):
        """All a supplier needs to ship, and nothing more: no sale, no sale price, no mail of the customer."""
        return {
            "currency": purchase.currency_id.name,
            "sender": purchase._dropship_sender() or {"name": purchase.company_id.name},
            "ship_from": purchase.dropship_warehouse_id.name,
            "ship_to": purchase._dropship_ship_to() or purchase.dest_address_id._dropship_ship_to(),
            "message": purchase.dropship_buyer_message or "",
            "gift_note": purchase.dropship_gift_note or "",
            "carrier_wish": purchase.dropship_carrier_wish or "",
            "lines": [self._line_payload(line) for line in purchase.order_line if line.product_qty],
        }

    @api.model
    def _line_payload(self, line):
        offer = line.dropship_allocation_ids.offer_id[:1]
        factor = offer.factor or 1.0
        units = line.product_uom_id._compute_quantity(line.product_qty, line.product_id.uom_id)
        quantity = units / factor
        return {
            "line": str(line.id),
            "sku": offer.sku or line.product_id.default_code or "",
            "name": offer.name or line.product_id.display_name,
            "qty": round(quantity, 6),
            "price": round(line.price_subtotal / quantity, 6) if quantity else 0.0,
            "personalisation": line.dropship_personalisation or "",
        }
