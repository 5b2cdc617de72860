"""Something is wrong with a parcel, says the customer: an exception for the desk with all he told us."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.image import image_process
from odoo.tools.mimetypes import guess_mimetype

from .reason_text import FLOW_REASONS, _lt

KIND = "customer_reports"
PROBLEMS = {
    "not_received": _lt("I did not receive it"),
    "damaged": _lt("It arrived damaged"),
    "wrong": _lt("It is not what I ordered"),
    "missing": _lt("Something is missing"),
    "redirect": _lt("It should go to another address"),
    "other": _lt("Something else"),
}
FLOW_REASONS.update(
    {
        "customer_not_received": _lt("%(parcel)s: the customer did not receive it. %(text)s"),
        "customer_damaged": _lt("%(parcel)s: arrived damaged, says the customer. %(text)s"),
        "customer_wrong": _lt("%(parcel)s: not what was ordered, says the customer. %(text)s"),
        "customer_missing": _lt("%(parcel)s: something is missing, says the customer. %(text)s"),
        "customer_redirect": _lt("%(parcel)s: the customer wants it to go to another address: %(text)s"),
        "customer_other": _lt("%(parcel)s: the customer writes: %(text)s"),
    }
)
MOST_LETTERS = 2000
MOST_PHOTOS = 5
MOST_BYTES = 8 * 1024 * 1024
PHOTO_TYPES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
# What one open report gathers before somebody looks at it.
MOST_REASONS = 20
# Buttons of other parts that help here, where they are there.
HELPFUL = ("action_intercept", "action_resend_parcel", "action_chase", "action_open_parcel")


def photo_of(name, data):
    """(name, bytes) of a photo as it is kept: turned the right way up, smaller, without what the camera noted.

    :raise ValueError: when it is none, or too large
    """
    if not data or len(data) > MOST_BYTES:
        raise ValueError(name)
    mimetype = guess_mimetype(data)
    if mimetype not in PHOTO_TYPES:
        raise ValueError(name)
    if mimetype != "image/webp":
        try:
            data = image_process(data, size=(1920, 1920), verify_resolution=True)
        except (UserError, ValueError, OSError) as error:
            raise ValueError(name) from error
    return data, PHOTO_TYPES[mimetype]


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        return [
            *super()._exception_kinds(),
            (KIND, self.env._("Customer reports a problem")),
            ("bad_rating", self.env._("Bad rating")),
        ]

    @api.model
    def _verbs(self):
        return {
            **super()._verbs(),
            KIND: ["action_write_customer", *HELPFUL, "action_open_sale", "action_done"],
            "bad_rating": ["action_write_customer", "action_open_sale", "action_done"],
        }

    @api.model
    def _verb_titles(self):
        return {
            **super()._verb_titles(),
            "action_write_customer": self.env._("Write to the Customer"),
            "action_open_sale": self.env._("Open Order"),
        }

    @api.model
    def _raise_order(self, order, kind, reasons):
        """Open an exception about an order as a whole, or refresh the open one.

        :return: the exception
        """
        exceptions_sudo = self.sudo()  # told by the customer, who has no rights
        old = exceptions_sudo.search(
            [("order_id", "=", order.id), ("shipment_id", "=", False), ("purchase_id", "=", False),
             ("allocation_id", "=", False), ("kind", "=", kind), ("state", "=", "open")], limit=1
        )  # fmt: skip
        if old:
            old.reasons = reasons
            return old
        with self._first_come():
            return exceptions_sudo.create(
                {"order_id": order.id, "company_id": order.company_id.id, "kind": kind, "reasons": reasons}
            )

    def action_write_customer(self):
        """Open a mail to the customer, on his order."""
        self.ensure_one()
        self._for_verb("action_write_customer")
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Write to the Customer"),
            "context": {
                "default_model": "sale.order",
                "default_res_ids": self.order_id.ids,
                "default_partner_ids": self.order_id.partner_id.ids,
                "default_composition_mode": "comment",
                "default_subject": self.order_id.name,
            },
        }

    def action_open_sale(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }

    def _keep_photos(self, photos):
        """:param photos: (bytes, ending) of each"""
        if not photos:
            return
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": f"{fields.Datetime.now():%Y%m%d-%H%M%S}-{number}.{ending}",
                    "datas": base64.b64encode(data),
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for number, (data, ending) in enumerate(photos, 1)
            ]
        )
        self.message_post(
            body=self.env._("Photos of the customer"),
            attachment_ids=attachments.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            author_id=self.order_id.partner_id.id or None,
        )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_report(self, problem, text="", box_id=None, photos=()):
        """The customer reports a problem: one open exception per parcel gathers all he says about it.

        :param str problem: one of PROBLEMS
        :param int box_id: the parcel; the order as a whole without
        :param photos: (name, bytes) of each
        :return: done, already, long, photo, empty, choose or nothing
        """
        self.ensure_one()
        text = " ".join(text.split())
        if problem not in PROBLEMS:
            return "choose"
        if problem in ("other", "redirect") and not text:
            return "empty"
        if len(text) > MOST_LETTERS:
            return "long"
        if len(photos) > MOST_PHOTOS:
            return "photo"
        try:
            kept = [photo_of(name, data) for name, data in photos]
        except ValueError:
            return "photo"
        self._dropship_lock()
        boxes = self._dropship_boxes_by_order()[self]
        box = boxes.filtered(lambda box: box.id == box_id)
        if box_id and not box:
            return "nothing"
        exception = self._dropship_open_report(box)
        parcel = box.number or self.name
        reason = [f"customer_{problem}", {"parcel": parcel, "text": text}]
        known = exception.reasons or []
        if reason in known and not kept:
            return "already"
        if len(known) >= MOST_REASONS:
            return "already"
        reasons = known if reason in known else [*known, reason]
        raising = self.env["dropship.exception"]
        if box:
            exception = raising._raise_parcel(box, KIND, reasons)
        else:
            exception = raising._raise_order(self, KIND, reasons)
        exception._keep_photos(kept)
        self._dropship_note(self.env._("The customer reports a problem on the tracking page: see the exception."))
        return "done"

    def _dropship_open_report(self, box):
        return self.env["dropship.exception"].search(
            [("order_id", "=", (box.order_id or self).id), ("shipment_id", "=", box.id), ("kind", "=", KIND),
             ("state", "=", "open")], limit=1
        )  # fmt: skip


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _solve_not_received(self):
        """What the customer missed he has found: reports of nothing else are solved."""
        for exception in self.exception_ids.filtered(lambda row: row.state == "open" and row.kind == KIND):
            if {code for code, _figures in exception.reasons or []} == {"customer_not_received"}:
                exception._set_state("solved", solution=self.env._("The customer has it"))
