"""The papers of an order on their way to a supplier's system."""

import base64

from odoo import api, models


class DropshipConnector(models.AbstractModel):
    _inherit = "dropship.connector"

    @api.model
    def _order_payload(self, purchase):
        """Override: customs data of what crosses a border, and which labels come with the order."""
        payload = super()._order_payload(purchase)
        customs = purchase._dropship_customs()
        if customs:
            payload["customs"] = customs
        labels = purchase._dropship_labels()
        if labels:
            payload["labels"] = [
                {
                    "number": label.number or "",
                    "carrier": label.carrier or "",
                    "name": label.name,
                    "mimetype": label.mimetype,
                    "sha256": label.checksum,
                }
                for label in labels
            ]
        return payload

    @api.model
    def _prepare_json_api(self, message):
        """Override: the files themselves travel with the call; the message keeps their names only."""
        job = super()._prepare_json_api(message)
        if message.kind == "order" and job["payload"].get("labels"):
            labels = message.purchase_id._dropship_labels()
            job["files"] = {label.checksum: label.attachment_id.raw for label in labels}
        return job

    @api.model
    def _call_json_api(self, job):
        files = job.pop("files", None)
        if files:
            labels = [
                {**label, "content": base64.b64encode(files[label["sha256"]]).decode()}
                for label in job["payload"]["labels"]
                if label["sha256"] in files
            ]
            job = {**job, "payload": {**job["payload"], "labels": labels}}
        return super()._call_json_api(job)
