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
    redirect_uri: str = ""
    """Where it takes the answers of sign-ins; empty when it is a link only."""


# How many people sign in on each day of the week, from Monday, and how many requests of the application were refused.
WEEK = ((64, 1), (71, 0), (58, 2), (69, 0), (47, 1), (3, 0), (5, 0))
# What developers find refused: where it was asked, why, and what was received.
REFUSED = (
    (
        "authorize",
        "invalid_redirect_uri",
        "redirect_uri is not one of those registered for this application.",
        {"redirect_uri": "http://documents.example.org/callback", "response_type": "code", "scope": "openid email"},
    ),
    (
        "token",
        "invalid_grant",
        "code_verifier does not match the code_challenge.",
        {"grant_type": "authorization_code", "authentication": "client_secret_basic"},
    ),
)
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
        redirect_uri="https://documents.example.org/callback/",
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
