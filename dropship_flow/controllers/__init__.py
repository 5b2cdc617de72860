from . import (
    address,
    address_view,
    arrival,
    availability,
    blocklist,
    health,
    openapi,
    order_texts,
    portal,
    question,
    shop,
    supplier_answer,
    supplier_api,
    supplier_desk,
    supplier_desk_bulk,
    supplier_desk_papers,
    supplier_documents,
    track,
    track_push,
)
from . import availability
from . import feed_api
from . import supplier_join
