"""Rows of suppliers' files that were not taken: shown, corrected, read again."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..sheets.reading import read_rows
from .file_text import file_reason


class DropshipFileReject(models.Model):
    """A row of a file that was not taken. Corrected, it is read again."""

    _name = "dropship.file.reject"
    _description = "Row of a File That Was Not Taken"
    _inherit = ["dropship.state.mixin"]
    _order = "file_id desc, row, id"
    _rec_name = "reason"

    _transitions = frozenset({("open", "done"), ("open", "dropped"), ("dropped", "open")})

    file_id = fields.Many2one("dropship.file", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    row = fields.Integer(string="Row in the File", readonly=True)
    text = fields.Text(
        string="What It Says", help='One cell a line, "heading: value". Correct it and press Read Again.'
    )
    reason = fields.Char(readonly=True)
    state = fields.Selection(
        [("open", "To Correct"), ("done", "Taken"), ("dropped", "Left Out")], required=True, default="open", index=True
    )

    def action_replay(self):
        """Read the corrected rows again."""
        self.check_access("write")
        for row_sudo in self.filtered(lambda row: row.state != "done").sudo():
            row_sudo._set_state("open")
            row_sudo._replay()
        return True

    def action_drop(self):
        """The row is not needed."""
        self.check_access("write")
        self.sudo().filtered(lambda row: row.state == "open")._set_state("dropped")
        return True

    def _replay(self):
        source = self.file_id
        if not source.columns:
            raise UserError(self.env._("The file itself could not be read. Bring in a corrected file."))
        mark = source.layout_id.decimal or "."
        columns = {name: list(indexes) for name, indexes in source.columns.items()}
        reading = read_rows([(self.row, self._cells())], columns, mark=mark, header=source.header or [])
        reasons = [file_reason(self.env, row.code, row.params) for row in reading.rejected]
        reasons += [reason for _row, _cells, reason in source._take(reading)] if not reasons else []
        if not reasons and not reading:
            reasons = [self.env._("The row says nothing yet: enter the tracking number.")]
        if reasons:
            self.reason = reasons[0]
        else:
            self._set_state("done")

    def _cells(self):
        """The corrected text as cells in the order of the file's columns."""
        header = list(self.file_id.header or [])
        width = max([len(header), *(index + 1 for indexes in self.file_id.columns.values() for index in indexes)])
        cells, names = [""] * width, {}
        for index in range(width):
            names.setdefault((header[index] if index < len(header) else "") or str(index + 1), index)
        for line in (self.text or "").splitlines():
            for name, index in sorted(names.items(), key=lambda pair: -len(pair[0])):
                if line.startswith(f"{name}:"):
                    cells[index] = line[len(name) + 1 :].strip()
                    break
        return cells
