from . import portal
from . import blocklist
