from . import address, blocklist, openapi, order_texts, portal, question, shop, supplier_answer, supplier_api
