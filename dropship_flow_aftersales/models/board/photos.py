"""What the customer showed, small and side by side, and the verdict on each line in words."""

from markupsafe import Markup
from odoo import api, fields, models

THUMBNAIL = Markup(
    '<a href="/web/content/{id}" target="_blank" title="{name}">'
    '<img src="/web/image/{id}/128x128" alt="{name}" class="img-thumbnail me-1 mb-1" style="height: 72px"/></a>'
)
FILE = Markup(
    '<a href="/web/content/{id}" target="_blank" class="btn btn-light btn-sm me-1 mb-1">'
    '<i class="fa fa-play-circle me-1" role="img" aria-label="{name}"></i>{name}</a>'
)
SENTENCE = Markup("<div>{}</div>")


class DropshipReturnLine(models.Model):
    _inherit = "dropship.return.line"

    photos = fields.Html(string="Shown", compute="_compute_photos", sanitize=False)
    why = fields.Html(compute="_compute_why", sanitize=False)

    @api.depends("photo_ids")
    def _compute_photos(self):
        for line in self:
            # Names and numbers; each file asks for the right to read it when it is opened.
            files_sudo = line.sudo().photo_ids
            line.photos = Markup("").join(
                (THUMBNAIL if (file.mimetype or "").startswith("image/") else FILE).format(id=file.id, name=file.name)
                for file in files_sudo
            )

    @api.depends("verdict", "reasons")
    @api.depends_context("lang")
    def _compute_why(self):
        for line in self:
            sentences = line._why(staff=True) if line._origin.id else []
            line.why = Markup("").join(SENTENCE.format(sentence) for sentence in sentences)


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _keep_photos(self):
        """Files nobody else has become files of the case: who reads the case sees them."""
        for case in self:
            files_sudo = case.line_ids.sudo().photo_ids
            files_sudo.filtered(lambda file: not file.res_id).write({"res_model": case._name, "res_id": case.id})
