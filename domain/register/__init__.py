"""The office's register of businesses, and how their owners come in by its letters.

rows: what a file may say · importing: into the table · inviting: links for letters · claiming: who opens one ·
figures: how many came, and from where.
"""

from db.models import RegisteredBusiness
from domain.register.claiming import claim, decline, known_of, open_link, opened
from domain.register.figures import Figures, OfKecamatan, figures, note_source, source_of
from domain.register.importing import Counts, import_rows
from domain.register.inviting import LINK_LASTS, RegisterChanged, Waiting, note_letters, waiting
from domain.register.rows import COLUMNS, NEEDED, Fault, Row, clean_rows, kecamatan_meant

__all__ = [
    "COLUMNS",
    "LINK_LASTS",
    "NEEDED",
    "Counts",
    "Fault",
    "Figures",
    "OfKecamatan",
    "RegisterChanged",
    "RegisteredBusiness",
    "Row",
    "Waiting",
    "claim",
    "clean_rows",
    "decline",
    "figures",
    "import_rows",
    "kecamatan_meant",
    "known_of",
    "note_letters",
    "note_source",
    "open_link",
    "opened",
    "source_of",
    "waiting",
]
