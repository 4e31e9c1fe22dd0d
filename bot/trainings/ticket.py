"""The ticket: a QR code with the short code under it, as a small PNG."""

import io

TICKET_LINK = "https://t.me/{username}?start=hadir_{code}"
"""What the code says: opened by an officer it marks the holder as there; to anybody else it shows nothing of them."""


def ticket(username: str, code: str) -> bytes:
    """A PNG of some kilobytes."""
    return picture_of(TICKET_LINK.format(username=username, code=code))


def picture_of(link: str) -> bytes:
    """A QR code that says *link*, as a PNG of some kilobytes."""
    import segno  # noqa: PLC0415 -- heavy, and seldom needed

    qr = segno.make(link, error="m", micro=False)
    file = io.BytesIO()
    qr.save(file, kind="png", scale=12, border=4)
    return file.getvalue()
