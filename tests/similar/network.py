"""A small network with needs that resemble each other, and a foreign service."""

from types import SimpleNamespace

from parvis.similar import actions
from tests.factories.directory import MembershipFactory
from tests.factories.portfolio import IncubatorFactory, ProductFactory
from tests.factories.similar import ServiceFactory

TEMPLATE = "Pour t'aider dans la rédaction de ta fiche produit, nous te recommandons de suivre ce plan."
STAGE = f"""{TEMPLATE}

## Problème

Les collégiens qui cherchent un stage de troisième n'ont pas de réseau : ils ne trouvent pas d'entreprise.

## Solution

Une plateforme propose aux élèves des offres de stage près du collège.
"""
INTERNSHIP = f"""{TEMPLATE}

## Problème

Beaucoup d'élèves de collège ne trouvent aucun stage d'observation faute de réseau familial.

## Solution

Les entreprises déposent des offres, les collégiens candidatent en ligne.

## Fin de l'investigation

Les entreprises répondaient peu sans l'aide de l'établissement.
"""
DROUGHT = f"""{TEMPLATE}

## Problème

En période de sécheresse, les agriculteurs ne savent pas si l'irrigation est restreinte.

## Solution

Une carte montre les restrictions d'eau de chaque commune.
"""
HOUSING = f"""{TEMPLATE}

## Problème

Des locataires vivent dans des logements insalubres et ne savent pas à qui signaler.

## Solution

Un signalement unique est suivi par tous les services de lutte contre l'habitat indigne.
"""


def small_network() -> SimpleNamespace:
    """Return products and a service whose index is built; `member` belongs to the team of `stage`."""
    incubator = IncubatorFactory()
    stage = ProductFactory(
        key="stage", name="Mon stage", mission="Trouver un stage de troisième", description=STAGE,
        incubator=incubator, phase="acceleration",
    )  # fmt: skip
    internship = ProductFactory(
        key="decouverte", name="Découverte", mission="Aider les collégiens à trouver un stage",
        description=INTERNSHIP, phase="abandon-investigation",
    )  # fmt: skip
    drought = ProductFactory(
        key="seche", name="Sèche", mission="Connaître les restrictions d'eau", description=DROUGHT, phase="construction"
    )
    housing = ProductFactory(
        key="toit", name="Toit", mission="Signaler un logement indigne", description=HOUSING, phase="construction"
    )
    foreign = ServiceFactory(
        key="work-experience", name="Find a work experience placement",
        pitches={"en": "Pupils search for a week of work experience with an employer near their school."},
        areas=["education"],
    )  # fmt: skip
    actions.rebuild()
    member = MembershipFactory(group=stage.group).user
    return SimpleNamespace(
        stage=stage, internship=internship, drought=drought, housing=housing, foreign=foreign, member=member,
        incubator=incubator,
    )  # fmt: skip
