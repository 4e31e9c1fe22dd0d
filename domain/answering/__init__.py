"""Which curated entry answers a question, and how sure we are; plain Python, no model, no network."""

from domain.answering.answerer import Answerer
from domain.answering.data import AnsweringData, read_answering
from domain.answering.verdict import ACTIONS, ASKED, MISSING, SMALLTALK, Verdict

__all__ = ["ACTIONS", "ASKED", "MISSING", "SMALLTALK", "Answerer", "AnsweringData", "Verdict", "read_answering"]
