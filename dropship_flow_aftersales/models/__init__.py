from . import (  # isort: skip_file - a model comes before what extends it
    overview,
    case,
    policy,
    refund,
    remedies,
    goods,
    claims,
    portal,
    supplier,
    board,
    played,
    privacy,
)
