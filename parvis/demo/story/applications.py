"""Applications of the fictional network: cards of the launcher that lead to addresses reserved for examples."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApplicationStory:
    """An application and who may use it: everyone when no group is named."""

    key: str
    name_fr: str
    name_en: str
    description_fr: str
    description_en: str
    url: str
    maturity: str
    owner: str
    groups: tuple[str, ...] = ()
    is_public: bool = False


APPLICATIONS = (
    ApplicationStory(
        "documents",
        "Documents",
        "Documents",
        "Écrire à plusieurs, partager, retrouver.",
        "Write together, share, find again.",
        "https://documents.example.org/",
        "stable",
        "fabrique",
        is_public=True,
    ),
    ApplicationStory(
        "visio",
        "Visio",
        "Video calls",
        "Se réunir en un clic, sans rien installer.",
        "Meet in one click, with nothing to install.",
        "https://visio.example.org/",
        "beta",
        "fabrique",
        is_public=True,
    ),
    ApplicationStory(
        "tableau-de-bord",
        "Tableau de bord",
        "Dashboard",
        "Les chiffres de chaque service, pour les équipes des incubateurs.",
        "The figures of each service, for the incubators’ teams.",
        "https://tableau-de-bord.example.org/",
        "alpha",
        "signature-simple",
        groups=("fabrique", "atelier-des-rivages", "pouls", "armor-lab"),
    ),
)
# Who keeps which applications at hand.
PINS = {"claire.moreau": ("documents", "tableau-de-bord"), "julien.petit": ("visio", "documents")}
