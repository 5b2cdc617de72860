"""Photos and videos customers send: known by their content, kept without what the camera noted. Pure, no Odoo."""

from .kinds import kind_of
from .plain import cleaned

__all__ = ["cleaned", "kind_of"]
