from . import openapi, order_texts, portal
