from . import (  # isort: skip_file
    link,
    askable,
    draft,
    photos,
    cards,
    headlines,
    timeline,
    page,
    way_back,
    say,
    news,
    withdrawal,
)
