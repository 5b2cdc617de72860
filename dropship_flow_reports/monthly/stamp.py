"""Pages with a line above them."""

import io


def pages_of(content):
    """How many pages a PDF has."""
    from pypdf import PdfReader  # noqa: PLC0415 - loading takes a while

    return len(PdfReader(io.BytesIO(content)).pages)


def stamp(content, above):
    """The PDF with the pages of another one laid under its own, the first under the first.

    Pages are white as far as they are written on, so what is to be seen must stand in the margins.

    :raise ValueError: when the other has not as many pages
    """
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 - see above

    writer = PdfWriter(clone_from=io.BytesIO(content))
    over = PdfReader(io.BytesIO(above))
    if len(over.pages) != len(writer.pages):
        raise ValueError(f"{len(over.pages)} pages over {len(writer.pages)}")
    for page, line in zip(writer.pages, over.pages, strict=True):
        page.merge_page(line, over=False)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
