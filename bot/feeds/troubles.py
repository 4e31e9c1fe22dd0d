"""
Why a news source could not be read, and the sentence that tells an officer what was wrong and what to do.

Refusal
    NotRead
        BadAddress
            NoAddress
            HasPassword
            OtherPort
            NotPublic
        UnknownHost
        NoConnection
        BadCertificate
        TooSlow
        TooLarge
        RoundAndRound
        Forbidden
        Gone
        Busy
        NoFeed
        Malformed
        Unreadable
"""

from typing import ClassVar

from domain.errors import Refusal
from messages import say


class NotRead(Refusal):
    """Nothing was taken from the source; the key alone is its sentence, so that a row can hold it."""

    key: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(say(self.key))


class BadAddress(NotRead):
    """Not opened at all: asking again changes nothing."""


class NoAddress(BadAddress):
    """Nothing that http or https could open."""

    key = "feed.no_address"


class HasPassword(BadAddress):
    """A name or a password stands in it; rows and logs would keep them."""

    key = "feed.has_password"


class OtherPort(BadAddress):
    """Neither 80 nor 443: what listens there is seldom meant for the public."""

    key = "feed.other_port"


class NotPublic(BadAddress):
    """It leads to this machine or a network inside; or is a number that only some read as an address."""

    key = "feed.not_public"


class UnknownHost(NotRead):
    """The name of the site leads nowhere."""

    key = "feed.unknown_host"


class NoConnection(NotRead):
    """Refused, cut off, or what answered does not speak HTTP."""

    key = "feed.no_connection"


class BadCertificate(NotRead):
    """Whoever answered cannot show to be that site."""

    key = "feed.bad_certificate"


class TooSlow(NotRead):
    """Not there in time, all redirects together."""

    key = "feed.too_slow"


class TooLarge(NotRead):
    """More than a feed is, after decompression."""

    key = "feed.too_large"


class RoundAndRound(NotRead):
    """Redirects that come back to where they were, or do not end."""

    key = "feed.round_and_round"


class Forbidden(NotRead):
    """401, 403 and their like: the site wants no programs, or a password."""

    key = "feed.forbidden"


class Gone(NotRead):
    """404 or 410."""

    key = "feed.gone"


class Busy(NotRead):
    """429, 5xx, and any other answer that is none."""

    key = "feed.busy"


class NoFeed(NotRead):
    """A web page, a picture, a PDF: whole, but no feed."""

    key = "feed.no_feed"


class Malformed(NotRead):
    """Nothing, or what was to be a feed and broke before its first item."""

    key = "feed.malformed"


class Unreadable(NotRead):
    """Reading it took more time or memory than any feed does: a trap, most likely."""

    key = "feed.unreadable"
