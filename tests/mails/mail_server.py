"""The mail server of the tests; Odoo's tests use the same one."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

PATH = Path(__file__).resolve().parents[2] / "dropship_flow" / "tests" / "mail_server_local.py"
spec = spec_from_file_location("mail_server_local", PATH)
module = module_from_spec(spec)
spec.loader.exec_module(module)
MailServer = module.MailServer
