"""The kinds of papers a training has (`bot.trainings.papers`), which a row of the outbox names by the training's id."""

POSTER = "poster"
"""For the wall (PDF)."""

CODE = "training_code"
"""A picture of a QR code that leads to the training's card."""

DOOR_CODE = "door_code"
"""Likewise one for the door: who comes without a seat asks to be let in."""

DOOR_LIST = "door_list"
"""Who has a seat, numbered, to sign (PDF)."""

PARTICIPANTS = "participants"
"""Everybody, with answers and who was there (XLSX)."""

PERSONAL = (DOOR_LIST, PARTICIPANTS)
"""Those with personal data, which are taken out of the chat after a day (`domain.keeping`)."""
