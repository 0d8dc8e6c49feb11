"""Organisations and groups of the fictional network."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrganizationStory:
    """An organisation, its e-mail domain and its number."""

    key: str
    name: str
    acronym: str
    kind: str
    domain: str
    parent: str = ""
    country: str = "FR"
    siret: str = ""


@dataclass(frozen=True, slots=True)
class GroupStory:
    """A group, where it stands, and how many days ago it was made and closed."""

    key: str
    name: str
    description: str
    kind: str = "team"
    parent: str = ""
    organization: str = ""
    visibility: str = "public"
    created: int = -380
    closed: int | None = None


# Numbers that no register gives: their first eight digits are zeros; their control keys are right.
ORGANIZATIONS = (
    OrganizationStory(
        "disn",
        "Direction interministérielle du service numérique",
        "DISN",
        "central",
        "numerique.example",
        siret="00000001800010",
    ),
    OrganizationStory(
        "rivages",
        "Ministère des Rivages et de la Montagne",
        "MRM",
        "central",
        "rivages.example",
        siret="00000002600013",
    ),
    OrganizationStory("sante", "Ministère de la Santé de proximité", "MSP", "central", "sante-proximite.example"),
    OrganizationStory(
        "mobilites",
        "Agence des mobilités ordinaires",
        "AMO",
        "operator",
        "mobilites.example",
        parent="rivages",
        siret="00000003400017",
    ),
    OrganizationStory(
        "solidarites", "Caisse nationale des solidarités", "CNS", "social-security", "solidarites.example"
    ),
    OrganizationStory("armor", "Région Armor-Atlantique", "RAA", "local-authority", "armor-atlantique.example"),
    OrganizationStory(
        "shared-services",
        "Agency for Shared Public Services",
        "ASPS",
        "international",
        "shared-services.example",
        country="EE",
    ),
    OrganizationStory("artisans", "Les Artisans du code, coopérative", "", "company", "artisans-du-code.example"),
)

GROUPS = (
    GroupStory(
        "fabrique",
        "La Fabrique interministérielle",
        "L’incubateur des services que tous les ministères partagent : une équipe autonome, un problème réel, six mois "
        "pour montrer que l’on peut mieux faire.",
        kind="incubator",
        organization="disn",
        created=-400,
    ),
    GroupStory(
        "atelier-des-rivages",
        "L’Atelier des rivages",
        "Des agents du littoral et de la montagne y construisent les outils qui leur manquent, avec l’aide de "
        "développeurs et de designers.",
        kind="incubator",
        organization="rivages",
        created=-398,
    ),
    GroupStory(
        "pouls",
        "Pouls, l’incubateur de la santé",
        "Il accompagne les soignants qui veulent simplifier un geste de tous les jours.",
        kind="incubator",
        organization="sante",
        created=-396,
    ),
    GroupStory(
        "armor-lab",
        "Armor Lab",
        "Le laboratoire de services publics de la région : des communes, des lycées, des habitants autour de la table.",
        kind="incubator",
        organization="armor",
        created=-394,
    ),
    GroupStory(
        "demarche-claire",
        "Démarche claire",
        "Écrire des courriers administratifs que tout le monde comprend.",
        parent="fabrique",
    ),
    GroupStory(
        "signature-simple",
        "Signature simple",
        "Signer un acte à plusieurs, sans l’imprimer.",
        parent="fabrique",
        created=-310,
    ),
    GroupStory(
        "mon-releve",
        "Mon relevé",
        "Retrouver en une page tous ses droits à la retraite.",
        parent="fabrique",
        created=-150,
    ),
    GroupStory(
        "open-forms",
        "Open Forms",
        "A common toolkit for accessible public forms, built in the open with partner countries.",
        parent="fabrique",
        created=-260,
    ),
    GroupStory(
        "sentier-ouvert",
        "Sentier ouvert",
        "Savoir avant de partir si un sentier du littoral est praticable, pour tous.",
        parent="atelier-des-rivages",
    ),
    GroupStory(
        "neige-sure",
        "Neige sûre",
        "Prévenir les habitants des vallées d’un risque d’avalanche, rue par rue.",
        parent="atelier-des-rivages",
        created=-290,
    ),
    GroupStory(
        "marees",
        "Marées",
        "Les horaires de marée et les zones de pêche à pied autorisées, sur une seule carte.",
        parent="atelier-des-rivages",
        created=-200,
    ),
    GroupStory(
        "bornes",
        "Bornes",
        "Trouver une borne de recharge qui fonctionne. L’expérimentation est terminée.",
        parent="atelier-des-rivages",
        created=-370,
        closed=-75,
    ),
    GroupStory(
        "carnet-partage",
        "Carnet partagé",
        "Le suivi d’un malade chronique, partagé entre ses soignants.",
        parent="pouls",
    ),
    GroupStory(
        "rendez-vous-depistage",
        "Rendez-vous dépistage",
        "Prendre rendez-vous pour un dépistage près de chez soi.",
        parent="pouls",
        created=-240,
    ),
    GroupStory(
        "nuit-calme",
        "Nuit calme",
        "Aider les proches aidants à trouver un relais pour une nuit.",
        parent="pouls",
        visibility="network",
        created=-60,
    ),
    GroupStory(
        "cantine-locale",
        "Cantine locale",
        "Commander ensemble, entre cantines voisines, ce que la région produit.",
        parent="armor-lab",
    ),
    GroupStory(
        "covoit-du-quotidien",
        "Covoit’ du quotidien",
        "Le covoiturage vers la gare, sans réserver la veille.",
        parent="armor-lab",
        created=-220,
    ),
    GroupStory(
        "mairie-mobile",
        "Mairie mobile",
        "Une camionnette, deux agents, et toutes les démarches au pied du marché.",
        parent="armor-lab",
        created=-120,
    ),
    GroupStory(
        "jury-acceleration",
        "Jury du fonds d’accélération",
        "Il choisit deux fois par an les services à faire grandir.",
        kind="jury",
        organization="disn",
        visibility="members",
        created=-90,
    ),
    GroupStory(
        "promotion-d-automne",
        "Promotion d’automne",
        "Quatre équipes qui apprennent ensemble pendant six mois.",
        kind="cohort",
        visibility="network",
        created=-70,
    ),
    GroupStory(
        "communaute-accessibilite",
        "Communauté accessibilité",
        "Celles et ceux qui veulent que nos services marchent pour tout le monde. On y entre sur demande.",
        kind="community",
        visibility="public",
        created=-330,
    ),
)
