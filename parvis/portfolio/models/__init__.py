"""The portfolio: incubators, products and their lives, teams, impact, territories, hand-off, decisions."""

from parvis.portfolio.models.handoff import HandOff, HandOffItem, HandOffSignal, Operator
from parvis.portfolio.models.impact import BudgetLine, Indicator, Measure
from parvis.portfolio.models.incubator import Incubator
from parvis.portfolio.models.life import Committee, CommitteePaper, Decision, LinkCheck, Review, Revision
from parvis.portfolio.models.mission import Mission, MissionProduct, PersonCard
from parvis.portfolio.models.notice import Mute, Notice
from parvis.portfolio.models.phase import ACTIVE, NOT_STARTED, RANK, STOPPED, Event, Funding, Phase, PhaseName
from parvis.portfolio.models.product import Product, ProductIncubator, Sponsorship
from parvis.portfolio.models.source import SourceFile
from parvis.portfolio.models.term import ProductTerm, Term
from parvis.portfolio.models.territory import Deployment, Territory

__all__ = [
    "ACTIVE",
    "NOT_STARTED",
    "RANK",
    "STOPPED",
    "BudgetLine",
    "Committee",
    "CommitteePaper",
    "Decision",
    "Deployment",
    "Event",
    "Funding",
    "HandOff",
    "HandOffItem",
    "HandOffSignal",
    "Incubator",
    "Indicator",
    "LinkCheck",
    "Measure",
    "Mission",
    "MissionProduct",
    "Mute",
    "Notice",
    "Operator",
    "PersonCard",
    "Phase",
    "PhaseName",
    "Product",
    "ProductIncubator",
    "ProductTerm",
    "Review",
    "Revision",
    "SourceFile",
    "Sponsorship",
    "Term",
    "Territory",
]
