"""Mobile numbers: however they are typed, kept as +62… (E.164)."""

import re

from domain.errors import Unfit
from domain.forms.checks import MASKED
from messages import Sentence, say

REGION = "ID"
HERE = "+62"
_SHORTEST, _LONGEST = 9, 12
"""Digits of a mobile number here, after +62."""

_NUMBER = re.compile(r"(?:\+|00)?\(?\d[\d \t\u00a0().\-‐-―]*")
_DIGITS_OF_A_NUMBER = 6
"""Fewer stand for something else ("WA 0812-3456-7890 jam 9")."""

_NOBODYS = "+888"
"""Numbers that Telegram sells: they name an account and ring nowhere."""


def normalise(text: str) -> str:
    """The number in *text* as +62…; one from abroad with its own country's code.

    Raises Unfit saying what is wrong: too short, too long, several, no mobile number.
    """
    # Here, since its tables cost 50 ms and 7 MB once, and few turns need them.
    import phonenumbers  # noqa: PLC0415

    if text.count("•") >= MASKED:
        raise Unfit(say("form.identity_number"))
    written = _written(text)
    for candidate in _readings(written):
        try:
            number = phonenumbers.parse(candidate, REGION)
        except phonenumbers.NumberParseException:
            continue
        kind = phonenumbers.number_type(number)
        if kind in {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}:
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
        if kind == phonenumbers.PhoneNumberType.FIXED_LINE:
            raise Unfit(say("form.phone_landline"))
    raise Unfit(_fault(written))


def of_contact(number: str) -> str:
    """The number of the account somebody shared, as +62…: Telegram itself has proved it. Raises Unfit for none."""
    digits = f"+{re.sub(r'[^0-9]', '', number)}"
    if digits.startswith(_NOBODYS) or not re.fullmatch(r"\+[1-9]\d{6,14}", digits):
        raise Unfit(say("form.phone_not_real"))
    return digits


def spoken(number: str) -> Sentence | str:
    """How a kept number is read here: 0812-3456-7890; one from abroad with a word that it is."""
    if not number.startswith(HERE):
        return say("form.phone_abroad", number=number)
    own = f"0{number.removeprefix(HERE)}"
    return "-".join(part for part in (own[:4], own[4:8], own[8:]) if part)


def masked(number: str) -> str:
    """A number of somebody who has yet to say that it is theirs: 0812-••••-999."""
    own = f"0{number.removeprefix(HERE)}" if number.startswith(HERE) else number
    return f"{own[:4]}-••••-{own[-3:]}"


def _written(text: str) -> str:
    """The digits of the one number in *text*, after a + for 00. Raises Unfit for none, and for several."""
    plain = [re.sub(r"^00", "+", re.sub(r"[^\d+]", "", found[0])) for found in _NUMBER.finditer(text)]
    if not plain:
        raise Unfit(say("form.phone_no_digits"))
    numbers = [number for number in plain if len(number) >= _DIGITS_OF_A_NUMBER]
    if len(numbers) > 1:
        raise Unfit(say("form.phone_several"))
    return numbers[0] if numbers else plain[0]


def _readings(written: str) -> list[str]:
    """As a number of this country, then as one that lacks the + before its own country's code."""
    # What begins with 0 or 8 is one from here, with a digit wrong.
    return [written] if written.startswith(("+", "0", "8")) else [written, f"+{written}"]


def _fault(written: str) -> Sentence:
    own = re.sub(r"^\+?(?:62)?0*", "", written)
    if written.startswith("+") and not written.startswith(HERE):
        return say("form.phone_unknown")
    if len(own) < _SHORTEST:
        return say("form.phone_short")
    return say("form.phone_long") if len(own) > _LONGEST else say("form.phone_unknown")
