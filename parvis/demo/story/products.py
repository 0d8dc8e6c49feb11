"""Products of the fictional network: what they are for, how far they came, and what they changed.

Days are counted from today. A product whose key is that of a group has that group for a team; older ones have none.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProductStory:
    """A product and its life."""

    key: str
    name: str
    incubator: str
    mission: str
    phases: tuple[tuple[str, int], ...]
    themes: str = ""
    users: str = "particulier"
    technologies: str = ""
    sponsors: str = ""
    launched: int | None = None
    national: int | None = None
    fast: int | None = None
    links: str = "site code"
    accessibility: str = ""
    told: int = -40  # When its page was last changed.
    second_incubator: str = ""


P = ProductStory

PRODUCTS = (
    # La Fabrique interministérielle
    P("demarche-claire", "Démarche claire", "fabrique",
      "Écrire des courriers administratifs que tout le monde comprend.",
      (("investigation", -380), ("construction", -210), ("acceleration", 40)), "Administratif", "etat particulier",
      "python django", "disn", -150, links="site code stats budget impact", accessibility="partiellement conforme"),
    P("signature-simple", "Signature simple", "fabrique", "Signer un acte à plusieurs, sans l’imprimer.",
      (("investigation", -1500), ("construction", -1330), ("acceleration", -1180)), "Outil technique|Administratif",
      "etat collectivite-territoriale", "typescript react postgresql", "disn|rivages", -1250, fast=-900,
      links="site code stats", accessibility="non conforme", told=-410),
    P("mon-releve", "Mon relevé", "fabrique", "Retrouver en une page tous ses droits à la retraite.",
      (("investigation", -150), ("construction", -20)), "Social", "particulier", "python vue", "solidarites|disn",
      links="code", told=-6),
    P("open-forms", "Open Forms", "fabrique", "A common toolkit for accessible public forms, built in the open.",
      (("investigation", -260), ("construction", -120)), "Outil technique|Inclusion numérique",
      "etat collectivite-territoriale", "typescript svelte", "shared-services", -60, links="site code stats dashlord",
      accessibility="totalement conforme"),
    P("agenda-partage-des-prefectures", "Agenda partagé des préfectures", "fabrique",
      "Prendre rendez-vous en préfecture sans attendre minuit devant son écran.",
      (("investigation", -2300), ("construction", -2150), ("acceleration", -1600), ("consolidation", -900),
       ("transfere", -500)),
      "Administratif", "particulier etat", "ruby rails", "disn", -2050, -1200, -1700,
      "site code stats budget impact dashlord", "totalement conforme", -120),
    P("annuaire-des-guichets", "Annuaire des guichets", "fabrique", "Savoir quel guichet ouvre vraiment, et quand.",
      (("investigation", -1900), ("construction", -1750), ("acceleration", -1200), ("opere", -400)),
      "Open-Data|Territoires", "particulier collectivite-territoriale", "python django postgresql", "disn", -1650,
      -700, None, "site code stats budget impact dashlord", "partiellement conforme"),
    P("courrier-vocal", "Courrier vocal", "fabrique", "Dicter un courrier administratif quand écrire est difficile.",
      (("investigation", -620), ("abandon-investigation", -440)), "Inclusion numérique", "particulier", "python",
      "disn", links="code", told=-430),
    P("badge-visiteur", "Badge visiteur", "fabrique",
      "Accueillir un visiteur dans un bâtiment public sans registre papier.",
      (("investigation", -1450), ("construction", -1300), ("abandon", -820)), "Outil technique", "etat", "node",
      "disn", -1200, links="code", told=-800),
    # L’Atelier des rivages
    P("sentier-ouvert", "Sentier ouvert", "atelier-des-rivages",
      "Savoir avant de partir si un sentier du littoral est praticable, pour tous.",
      (("investigation", -900), ("construction", -720), ("acceleration", -380)), "Écologie|Territoires",
      "particulier collectivite-territoriale", "python vue postgresql", "rivages", -650, fast=-420,
      links="site code stats budget impact dashlord", accessibility="partiellement conforme", told=-3),
    P("neige-sure", "Neige sûre", "atelier-des-rivages",
      "Prévenir les habitants des vallées d’un risque d’avalanche, rue par rue.",
      (("investigation", -290), ("construction", -130)), "Écologie|Territoires",
      "particulier collectivite-territoriale", "python postgresql", "rivages", -30, links="site code stats"),
    P("marees", "Marées", "atelier-des-rivages", "Les horaires de marée et les zones de pêche à pied autorisées.",
      (("investigation", -200), ("construction", -50)), "Mer|Open-Data", "particulier entreprise", "go vue", "rivages",
      links="code"),
    P("bornes", "Bornes", "atelier-des-rivages", "Trouver une borne de recharge qui fonctionne.",
      (("investigation", -700), ("construction", -520), ("abandon", -75)), "Transports|Écologie", "particulier",
      "python react", "mobilites|rivages", -400, links="code", told=-70),
    P("ports-propres", "Ports propres", "atelier-des-rivages",
      "Signaler une pollution dans un port, et savoir qui s’en occupe.",
      (("investigation", -1250), ("construction", -1100), ("acceleration", -700), ("consolidation", -160)),
      "Mer|Écologie", "entreprise collectivite-territoriale", "ruby", "rivages", -1000, None, -760,
      "site code stats budget impact", "partiellement conforme"),
    P("cabanes-de-plage", "Cabanes de plage", "atelier-des-rivages",
      "Connaître ses droits sur une concession de plage.", (("investigation", -980), ("abandon-investigation", -860)),
      "Mer", "entreprise", "", "rivages", links="", told=-850),
    # Pouls
    P("carnet-partage", "Carnet partagé", "pouls", "Un carnet de suivi que patients et soignants écrivent ensemble.",
      (("investigation", -380), ("construction", -260), ("acceleration", -70)), "Santé", "particulier entreprise",
      "typescript react", "sante", -180, fast=-90, links="site code stats impact",
      accessibility="partiellement conforme", told=-12),
    P("rendez-vous-depistage", "Rendez-vous dépistage", "pouls",
      "Prendre rendez-vous pour un dépistage près de chez soi.",
      (("investigation", -1380), ("construction", -1240), ("acceleration", -1130)), "Santé", "particulier",
      "java postgresql", "sante", -1150, -300, links="site code stats budget", accessibility="non conforme",
      told=-500),
    P("nuit-calme", "Nuit calme", "pouls", "Aider les soignants de nuit à se relayer sans perdre une information.",
      (("investigation", -60),), "Santé", "etat", "", "sante", links=""),
    P("ordonnance-lisible", "Ordonnance lisible", "pouls", "Comprendre son ordonnance en sortant du cabinet.",
      (("investigation", -800), ("abandon-investigation", -640)), "Santé|Inclusion numérique", "particulier", "python",
      "sante", links="code", told=-630),
    P("garde-du-soir", "Garde du soir", "pouls", "Trouver un médecin de garde, sans passer par les urgences.",
      (("investigation", -2100), ("construction", -1950), ("acceleration", -1500), ("transfere", -640)),
      "Santé|Territoires", "particulier", "ruby rails", "sante", -1850, -1000, None, "site code stats impact",
      "partiellement conforme", -600),
    # Armor Lab
    P("cantine-locale", "Cantine locale", "armor-lab",
      "Remplir les assiettes des écoles avec les producteurs du coin.",
      (("investigation", -380), ("construction", -230), ("acceleration", -30)), "Agriculture|Collectivités",
      "collectivite-territoriale entreprise etablissement-scolaire", "python django", "armor", -170,
      links="site code stats budget impact", accessibility="partiellement conforme"),
    P("covoit-du-quotidien", "Covoit du quotidien", "armor-lab", "Aller au travail à deux, là où aucun car ne passe.",
      (("investigation", -220), ("construction", -80)), "Transports|Territoires", "particulier entreprise",
      "react node", "armor|mobilites", -20, links="site code", second_incubator="atelier-des-rivages"),
    P("mairie-mobile", "Mairie mobile", "armor-lab",
      "La mairie qui vient au marché, avec tout ce qu’il faut pour une démarche.", (("investigation", -120),),
      "Collectivités|Inclusion numérique", "particulier collectivite-territoriale", "", "armor", links=""),
    P("bus-de-nuit", "Bus de nuit", "armor-lab", "Rentrer d’une fête de village sans voiture.",
      (("investigation", -720), ("construction", -600), ("abandon", -330)), "Transports|Jeunesse", "particulier",
      "node", "armor", -520, links="code", told=-320),
    P("lycee-ouvert", "Lycée ouvert", "armor-lab", "Prêter les salles du lycée aux associations quand il est fermé.",
      (("investigation", -1150), ("construction", -1000), ("acceleration", -640), ("consolidation", -200)),
      "Jeunesse|Collectivités", "association etablissement-scolaire", "python django", "armor", -900,
      links="site code stats budget impact", accessibility="totalement conforme"),
    P("haies-vivantes", "Haies vivantes", "armor-lab", "Replanter une haie en trouvant les aides et les bras.",
      (("investigation", 14),), "Agriculture|Écologie", "entreprise association", "", "armor", links="", told=-2),
)  # fmt: skip

# Somebody asks for an investigation, and nobody has decided yet.
PROPOSAL = ("bibliotheque-a-velo", "Bibliothèque à vélo", "armor-lab", "noe.lambert",
            "Apporter des livres là où la bibliothèque a fermé.")  # fmt: skip

# Product, territories, since.
DEPLOYMENTS = (
    ("sentier-ouvert", "FR-22", -640), ("sentier-ouvert", "FR-29", -560), ("sentier-ouvert", "FR-56", -420),
    ("sentier-ouvert", "FR-35", -300), ("sentier-ouvert", "FR-50", -200), ("sentier-ouvert", "FR-85", -90),
    ("sentier-ouvert", "FR-17", -20), ("neige-sure", "FR-73", -30), ("neige-sure", "FR-74", -12),
    ("cantine-locale", "FR-29", -170), ("cantine-locale", "FR-22", -100), ("cantine-locale", "FR-44", -25),
    ("covoit-du-quotidien", "FR-56", -20), ("carnet-partage", "FR-69", -180), ("carnet-partage", "FR-38", -110),
    ("carnet-partage", "FR-ARA", -30), ("rendez-vous-depistage", "FR-59", -1150),
    ("rendez-vous-depistage", "FR-62", -1000), ("rendez-vous-depistage", "FR-HDF", -800),
    ("rendez-vous-depistage", "FR", -300), ("signature-simple", "FR-75", -1250), ("signature-simple", "FR-13", -900),
    ("signature-simple", "FR-33", -700), ("signature-simple", "FR-974", -300),
    ("agenda-partage-des-prefectures", "FR-92", -2050), ("agenda-partage-des-prefectures", "FR", -1200),
    ("annuaire-des-guichets", "FR-23", -1650), ("annuaire-des-guichets", "FR-NAQ", -1200),
    ("annuaire-des-guichets", "FR", -700), ("garde-du-soir", "FR-BRE", -1850), ("garde-du-soir", "FR", -1000),
    ("ports-propres", "FR-83", -1000), ("ports-propres", "FR-06", -820), ("ports-propres", "FR-2A", -500),
    ("ports-propres", "FR-PAC", -300), ("lycee-ouvert", "FR-35", -900), ("lycee-ouvert", "FR-BRE", -500),
    ("open-forms", "EE", -60), ("open-forms", "FI", -20), ("demarche-claire", "FR-IDF", -150),
    ("marees", "FR-17", -10),
)  # fmt: skip

# Product, what is measured, unit, better up or down, target, days until it, first value, last value, months.
INDICATORS = (
    ("sentier-ouvert", "Personnes qui préparent une sortie", "personnes", "up", 60_000, 200, 900, 41_200, 18),
    ("sentier-ouvert", "Secours pour sentier fermé", "interventions", "down", 20, 200, 74, 31, 12),
    ("signature-simple", "Actes signés chaque mois", "actes", "up", 30_000, 90, 400, 12_300, 24),
    ("demarche-claire", "Courriers réécrits", "courriers", "up", 500, 150, 12, 214, 5),
    ("rendez-vous-depistage", "Rendez-vous honorés", "rendez-vous", "up", 250_000, -30, 2_000, 188_000, 24),
    ("carnet-partage", "Patients suivis", "personnes", "up", 5_000, 180, 60, 2_350, 6),
    ("cantine-locale", "Part de produits locaux", "%", "up", 40, 120, 11, 33, 6),
    ("annuaire-des-guichets", "Déplacements inutiles", "% des visites", "down", 10, 300, 31, 14, 24),
    ("agenda-partage-des-prefectures", "Attente avant un rendez-vous", "jours", "down", 15, -200, 62, 13, 24),
    ("ports-propres", "Signalements traités en deux jours", "%", "up", 90, 60, 35, 82, 18),
    ("lycee-ouvert", "Heures de salle prêtées", "heures", "up", 20_000, 240, 300, 15_400, 18),
    ("garde-du-soir", "Passages aux urgences évités", "passages", "up", 80_000, -400, 4_000, 91_000, 24),
)  # fmt: skip

# Product, funder, euros this year, last year and the year before.
BUDGETS = (
    ("sentier-ouvert", "rivages", (420_000, 380_000, 210_000)),
    ("signature-simple", "disn", (510_000, 510_000, 480_000)),
    ("demarche-claire", "disn", (280_000, 90_000, 0)),
    ("carnet-partage", "sante", (390_000, 150_000, 0)),
    ("rendez-vous-depistage", "sante", (620_000, 600_000, 540_000)),
    ("cantine-locale", "armor", (240_000, 110_000, 0)),
    ("ports-propres", "rivages", (300_000, 330_000, 310_000)),
    ("lycee-ouvert", "armor", (180_000, 220_000, 200_000)),
    ("annuaire-des-guichets", "disn", (450_000, 430_000, 440_000)),
    ("open-forms", "shared-services", (350_000, 120_000, 0)),
)
