from . import portal

from . import address  # isort: skip
from . import blocklist
