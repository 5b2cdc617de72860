"""The forms of the supplier's pages of returns and claims, as answers before they are cleaned."""

from odoo import models
from odoo.addons.dropship_flow.papers.sniff import TYPES, kind_of
from odoo.exceptions import UserError

from ...connectors.replies import CONDITIONS

RETURN_VERBS = ("approve", "refuse", "count")
CLAIM_VERBS = ("accept", "part", "refuse")
MAX_PHOTOS, MAX_BYTES = 6, 8 * 1024 * 1024
PHOTOS = ("png", "jpeg")
LABELS = ("pdf", "png", "jpeg")


class DropshipReturnSide(models.Model):
    _inherit = "dropship.return.side"

    def _typed_wrong(self, error):
        """A form that cannot be read, in words."""
        return UserError(self.env._("This cannot be read: %s", error))

    def _desk_raw(self, verb, data):
        """What a form of the page says.

        :param str verb: one of RETURN_VERBS
        :param dict data: the fields of the form; whatever else it holds is not looked at
        :raise UserError: what is to be corrected
        """
        if verb == "approve":
            return {
                "answer": "approved",
                "note": data.get("note"),
                "remote_ref": data.get("remote_ref"),
                "address": self._typed_address(data),
            }
        if verb == "refuse":
            if not (data.get("reason") or "").strip():
                raise UserError(self.env._("Say why it may not come back."))
            return {"answer": "refused", "reason": data.get("reason")}
        return self._typed_count(data)

    def _typed_address(self, data):
        """The address he entered; {} when it is the one we know."""
        names = ("name", "street", "city", "state", "zip", "country", "phone")
        typed = {name: (data.get(f"to_{name}") or "").strip()[:200] for name in names}
        if not any(typed.values()):
            return {}
        if not typed["street"] or not typed["city"]:
            raise UserError(self.env._("Enter street and city of the return address, or leave it as it is."))
        known = self.address or self._known_address()
        same = all(typed[name] == (known.get(name) or "") for name in names)
        return {} if same else typed

    def _typed_count(self, data):
        """Of each line: how many came in which condition; two conditions at most."""
        lines, checked = [], False
        for line in (self.content or {}).get("lines", []):
            came = self._typed_number(data.get(f"came_{line['line']}"), line["sku"])
            if came is None:
                raise UserError(self.env._("%s: enter how many came, 0 if none did.", line["sku"]))
            other = self._typed_number(data.get(f"other_{line['line']}"), line["sku"]) or 0.0
            if other > came:
                raise UserError(self.env._("%s: more are in another condition than came at all.", line["sku"]))
            first, second = data.get(f"condition_{line['line']}"), data.get(f"other_condition_{line['line']}")
            for qty, condition in ((came - other, first), (other, second)):
                if qty and condition not in CONDITIONS:
                    raise UserError(self.env._("%s: choose in which condition it is.", line["sku"]))
                if qty:
                    checked = True
                    lines.append({"line": line["line"], "sku": line["sku"], "qty": qty, "condition": condition})
        if not checked:
            goods = (self.content or {}).get("lines", [])
            lines = [{"line": line["line"], "sku": line["sku"], "qty": 0.0} for line in goods]
        answer = "inspected" if checked else "counted"
        return {"answer": answer, "lines": lines, "parcel": data.get("parcel"), "note": data.get("note")}

    def _typed_number(self, text, sku):
        text = str(text or "").strip().replace(",", ".")
        if not text:
            return None
        try:
            number = float(text)
            if not 0 <= number < 1e6:
                raise ValueError
        except ValueError:
            raise UserError(self.env._('%(sku)s: "%(text)s" is no number.', sku=sku, text=text[:40])) from None
        return number

    def _desk_files(self, photos, label):
        """What he handed in, by what is in it.

        :param list photos: [bytes] · bytes label: b"" for none
        :return: [(photo or label, name, bytes, mimetype)]
        :raise UserError: a file we do not take
        """
        if len(photos) > MAX_PHOTOS:
            raise UserError(self.env._("At most %s photos.", MAX_PHOTOS))
        found = [self._file_of("photo", number, content, PHOTOS) for number, content in enumerate(photos, 1)]
        return found + ([self._file_of("label", 1, label, LABELS)] if label else [])

    def _file_of(self, what, number, content, allowed):
        if len(content) > MAX_BYTES:
            raise UserError(self.env._("A file is larger than 8 MB. Make it smaller and try once more."))
        kind = kind_of(content)
        if kind not in allowed:
            raise UserError(
                self.env._("Only these files are taken here: %s.", ", ".join(word.upper() for word in allowed))
            )
        mimetype, ending = TYPES[kind]
        return what, f"{self.ref.replace('/', '-')}-{what}-{number}{ending}", content, mimetype


class DropshipClaim(models.Model):
    _inherit = "dropship.claim"

    def _desk_raw(self, verb, data):
        """What a form of the claim's page says; see `dropship.return.side`."""
        said = {"remote_ref": data.get("remote_ref"), "reason": (data.get("reason") or "").strip()}
        if verb == "accept":
            return said | {"answer": "accepted", "amount": self._claimed()}
        if verb == "part":
            amount = str(data.get("amount") or "").strip().replace(",", ".")
            if not amount:
                raise UserError(self.env._("Enter how much you grant."))
            return said | {"answer": "partly", "amount": amount}
        if not said["reason"]:
            raise UserError(self.env._("Say why you do not grant it."))
        return said | {"answer": "refused", "reason_code": data.get("reason_code") or "other"}
