from . import portal

from . import address  # isort: skip
from . import blocklist
from . import openapi, order_texts, portal
from . import shop
from . import portal, question
# isort: split
from . import supplier_answer
