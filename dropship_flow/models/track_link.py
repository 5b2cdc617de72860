from odoo import api, fields, models

from ..tracking import link


class SaleOrder(models.Model):
    """The customer's link to the tracking page of his order: signed, for looking, receipt and reports only."""

    _inherit = "sale.order"

    dropship_track_serial = fields.Integer(
        string="Tracking Link Number",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Counts on when the link to the tracking page is taken back.",
    )

    @api.model
    def _dropship_track_secret(self):
        return self.env["ir.config_parameter"].sudo().get_param("database.secret")

    def _dropship_track_token(self):
        self.ensure_one()
        order_sudo = self.sudo()  # whoever may write to the customer may send him his link
        return link.make(self._dropship_track_secret(), order_sudo.id, order_sudo.dropship_track_serial)

    def _dropship_track_url(self, lang=None):
        """The address of the tracking page, on the website and in the language of the customer. Writes nothing.

        :param str lang: code of the language it is read in; the customer's own without
        """
        self.ensure_one()
        order_sudo = self.sudo()  # as above
        path = f"/track/{self._dropship_track_token()}"
        website = order_sudo.website_id or order_sudo.company_id.website_id
        lang = self.env["res.lang"]._get_data(code=lang or order_sudo.partner_id.lang)
        if lang.code in website.language_ids.mapped("code") and lang.code != website.default_lang_id.code:
            path = f"/{lang.url_code}{path}"
        return f"{order_sudo.get_base_url()}{path}"

    def _dropship_track_path(self):
        """The same on the website the reader is on already."""
        return f"/track/{self._dropship_track_token()}"

    def _dropship_shows_track(self):
        """Whether there is anything to follow: confirmed orders of ours."""
        self.ensure_one()
        order_sudo = self.sudo()  # whoever may read the order
        ours = order_sudo.dropship_allocation_ids or order_sudo.dropship_shipment_ids
        return self.state in ("sale", "cancel") and bool(ours)

    @api.model
    def _dropship_by_track_token(self, token):
        """The order a link opens; an empty one for every link that is not ours any more.

        Runs as the system: who has the link is the customer.
        """
        number = link.order_of(token)
        order = self.browse(number).exists() if number else self.browse()
        secret = self._dropship_track_secret()
        return order if order and link.genuine(token, secret, order.id, order.dropship_track_serial) else self.browse()

    def action_dropship_track_open(self):
        """Open the page the customer sees."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": self._dropship_track_url(lang=self.env.lang), "target": "new"}

    def action_dropship_track_revoke(self):
        """Take the link back: those sent before stop to work at once; the next mail has a new one."""
        self.check_access("write")
        for order_sudo in self.sudo():  # the field is nobody's to write
            order_sudo.dropship_track_serial += 1
            order_sudo._dropship_note(self.env._("The link to the tracking page was taken back."))
        return True
