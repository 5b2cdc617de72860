from . import address, blocklist, openapi, order_texts, portal, question, shop, supplier_answer
from . import supplier_desk, supplier_desk_bulk, supplier_desk_papers

from . import address_view, health  # isort: skip
from . import supplier_documents
from . import address, blocklist, openapi, order_texts, portal, question, shop, supplier_answer, supplier_api
