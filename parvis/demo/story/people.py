"""People of the fictional network, and their places."""

from dataclasses import dataclass

FREE_MAILBOX = "messagerie.example"
"""A domain that belongs to no organisation."""


@dataclass(frozen=True, slots=True)
class PlaceStory:
    """A place in a group: days from today on which it begins and ends."""

    group: str
    start: int
    end: int | None = None
    manages: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class PersonStory:
    """A person. The key is the part of their address before the `@`."""

    key: str
    given_name: str
    family_name: str
    job_title: str
    organization: str
    places: tuple[PlaceStory, ...] = ()
    language: str = "fr"
    second_organization: str = ""
    looks_after: bool = False
    state: str = "active"
    is_operator: bool = False
    phone_number: str = ""


def _in(group: str, start: int, end: int | None = None, note: str = "") -> PlaceStory:
    return PlaceStory(group, start, end, note=note)


def _for(group: str, start: int, end: int | None = None) -> PlaceStory:
    return PlaceStory(group, start, end, manages=True)


P = PersonStory
OPERATOR, INCUBATOR_MANAGER, TEAM_MANAGER = "claire.moreau", "julien.petit", "nadia.cherif"
ORGANIZATION_MANAGER, NEWCOMER, INTERNATIONAL = "rozenn.quere", "noe.lambert", "liis.tamm"

PEOPLE = (
    # Direction interministérielle du service numérique
    P(OPERATOR, "Claire", "Moreau", "Responsable du réseau", "disn",
      (_for("jury-acceleration", -90),), is_operator=True,
      phone_number="+33199000112"),
    P(INCUBATOR_MANAGER, "Julien", "Petit", "Responsable de la Fabrique", "disn",
      (_for("fabrique", -400), _in("jury-acceleration", -88))),
    P("ngoc-anh.tran", "Ngọc Anh", "Trần", "Développeuse", "disn", (_in("demarche-claire", -340, 18),)),
    P("mamadou.diallo", "Mamadou", "Diallo", "Designer de services", "disn",
      (_for("demarche-claire", -380), _in("communaute-accessibilite", -300))),
    P("sophie.leroux", "Sophie", "Leroux", "Coach produit", "disn",
      (_in("fabrique", -350), _for("promotion-d-automne", -70, 110))),
    P("victor.almeida", "Victor", "Almeida", "Développeur", "disn", (_for("signature-simple", -310, 240),)),
    P("ines.carpentier", "Inès", "Carpentier", "Chargée de déploiement", "disn",
      (_in("signature-simple", -180, 27), _in("mon-releve", 8, 190))),
    P("aicha.benali", "Aïcha", "Benali", "Juriste", "disn",
      (_for("mon-releve", -150, 95),), second_organization="solidarites"),
    P("paul.girard", "Paul", "Girard", "Administrateur système", "disn", (_in("fabrique", -395),)),
    P("lucie.fontaine", "Lucie", "Fontaine", "Chargée des ressources humaines", "disn", looks_after=True),
    P("thierry.marchand", "Thierry", "Marchand", "Chef de projet", "disn", (_in("signature-simple", -290, -40),),
      state="suspended"),
    P("elodie.besson", "Élodie", "Besson", "Experte accessibilité", "disn",
      (_for("communaute-accessibilite", -330), _in("open-forms", -120, 60))),
    # Ministère des Rivages et de la Montagne
    P("yann.le-goff", "Yann", "Le Goff", "Responsable de l’Atelier", "rivages", (_for("atelier-des-rivages", -398),)),
    P("camille.ferrand", "Camille", "Ferrand", "Intrapreneuse", "rivages",
      (_for("sentier-ouvert", -380), _in("promotion-d-automne", -70, 110))),
    P("oscar.nilsson", "Oscar", "Nilsson", "Data scientist", "rivages", (_in("neige-sure", -200, 4),), language="en"),
    P("maelle.kerdoncuff", "Maëlle", "Kerdoncuff", "Intrapreneuse", "rivages", (_for("marees", -200, 165),)),
    P("antoine.rey", "Antoine", "Rey", "Nivologue", "rivages", (_for("neige-sure", -290),)),
    P("fatou.sarr", "Fatou", "Sarr", "Développeuse", "rivages",
      (_in("sentier-ouvert", -250, 120), _in("bornes", -360, -80))),
    P("hugo.bertin", "Hugo", "Bertin", "Chargé de déploiement", "rivages", (_in("marees", -110, 9),)),
    P("salome.weiss", "Salomé", "Weiss", "Géomaticienne", "rivages",
      (_in("sentier-ouvert", -90, 275), _in("marees", -90, 275))),
    P("gael.morvan", "Gaël", "Morvan", "Chef de bureau", "rivages", looks_after=True),
    # Ministère de la Santé de proximité
    P(TEAM_MANAGER, "Nadia", "Chérif", "Infirmière, intrapreneuse", "sante",
      (_for("carnet-partage", -380), _in("promotion-d-automne", -70, 110)), phone_number="+33639980045"),
    P("emile.roussel", "Émile", "Roussel", "Responsable de Pouls", "sante",
      (_for("pouls", -396), _in("jury-acceleration", -60))),
    P("priya.nair", "Priya", "Nair", "Développeuse", "sante", (_in("carnet-partage", -230, 21),)),
    P("jeanne.delmas", "Jeanne", "Delmas", "Médecin de santé publique", "sante",
      (_for("rendez-vous-depistage", -240),)),
    P("karim.haddad", "Karim", "Haddad", "Coach produit", "sante", (_in("pouls", -320), _in("nuit-calme", -60, 120))),
    P("louise.perrin", "Louise", "Perrin", "Intrapreneuse", "sante", (_for("nuit-calme", -60, 120),)),
    P("anton.petrov", "Anton", "Petrov", "Développeur", "sante", (_in("rendez-vous-depistage", -170, 12),)),
    P("myriam.azoulay", "Myriam", "Azoulay", "Chercheuse en usages", "sante",
      (_in("carnet-partage", -100, 80), _in("nuit-calme", 21, 200))),
    P("bastien.colin", "Bastien", "Colin", "Délégué à la protection des données", "sante", looks_after=True),
    # Région Armor-Atlantique
    P(ORGANIZATION_MANAGER, "Rozenn", "Quéré", "Directrice de l’innovation", "armor",
      (_for("armor-lab", -394), _in("jury-acceleration", -85)), looks_after=True),
    P("samuel.okafor", "Samuel", "Okafor", "Développeur", "armor", (_in("cantine-locale", -210, 150),)),
    P("clemence.vidal", "Clémence", "Vidal", "Intrapreneuse", "armor",
      (_for("cantine-locale", -380), _in("promotion-d-automne", -70, 110))),
    P("erwan.tanguy", "Erwan", "Tanguy", "Chargé des mobilités", "armor", (_for("covoit-du-quotidien", -220, 140),)),
    P("leila.mansouri", "Leïla", "Mansouri", "Designer", "armor",
      (_in("mairie-mobile", -120, 60), _in("covoit-du-quotidien", -80, 60))),
    P("tom.hascoet", "Tom", "Hascoët", "Apprenti développeur", "armor", (_in("covoit-du-quotidien", -75, 290),)),
    P("adele.joly", "Adèle", "Joly", "Secrétaire de mairie", "armor", (_for("mairie-mobile", -120),)),
    P("mathis.renard", "Mathis", "Renard", "Chargé de communication", "armor", (_in("armor-lab", -45, 45),)),
    # Agence des mobilités ordinaires
    P("pauline.guichard", "Pauline", "Guichard", "Cheffe de produit", "mobilites",
      (_for("bornes", -370, -76), _in("covoit-du-quotidien", -60))),
    P("dragan.jovanovic", "Dragan", "Jovanović", "Ingénieur de données", "mobilites",
      (_in("covoit-du-quotidien", -140, 30),)),
    P("marc.aubry", "Marc", "Aubry", "Responsable d’exploitation", "mobilites", looks_after=True),
    P("lea.fabre", "Léa", "Fabre", "Chargée d’études", "mobilites", (_in("bornes", -340, -76),)),
    # Caisse nationale des solidarités
    P("bruno.lefort", "Bruno", "Lefort", "Expert des droits à la retraite", "solidarites",
      (_in("mon-releve", -150, 95),)),
    P("chloe.martinez", "Chloé", "Martinez", "Développeuse", "solidarites", (_in("mon-releve", -120, 14),)),
    P("stephane.noel", "Stéphane", "Noël", "Directeur de projet", "solidarites",
      (_in("jury-acceleration", -40),), looks_after=True),
    P("wei.zhang", "Wei", "Zhang", "Analyste", "solidarites", (_in("mon-releve", -30, 150),)),
    # Agency for Shared Public Services
    P(INTERNATIONAL, "Liis", "Tamm", "Lead product manager", "shared-services",
      (_for("open-forms", -260),), language="en"),
    P("mart.kask", "Mart", "Kask", "Software engineer", "shared-services",
      (_in("open-forms", -255, 25),), language="en"),
    P("kadri.saar", "Kadri", "Saar", "Content designer", "shared-services",
      (_in("open-forms", -140, 200), _in("communaute-accessibilite", -140)), language="en"),
    P("jonas.lindqvist", "Jonas", "Lindqvist", "Security engineer", "shared-services",
      (_in("open-forms", 10, 190),), language="en"),
    P("anna.kowalska", "Anna", "Kowalska", "Programme director", "shared-services", looks_after=True, language="en"),
    # Les Artisans du code
    P("zoe.lemaire", "Zoé", "Lemaire", "Développeuse", "artisans",
      (_in("demarche-claire", -160, 6, "Refonte de l’éditeur"),)),
    P("idriss.bakayoko", "Idriss", "Bakayoko", "Développeur", "artisans",
      (_in("signature-simple", -150, 75), _in("open-forms", -150, 75))),
    P("marta.silva", "Marta", "Silva", "Designer", "artisans",
      (_in("cantine-locale", -95, 85, "Parcours de commande"),)),
    P("nils.hoffmann", "Nils", "Hoffmann", "Développeur", "artisans", (_in("rendez-vous-depistage", -210, 29),)),
    P("sarah.cohen", "Sarah", "Cohen", "Coach agile", "artisans",
      (_in("promotion-d-automne", -70, 110), _in("neige-sure", -130, 50))),
    P("diego.fuentes", "Diego", "Fuentes", "Administrateur de bases de données", "artisans",
      (_in("carnet-partage", -365, -20),)),
    # On their own
    P(NEWCOMER, "Noé", "Lambert", "", ""),
    P("hortense.masson", "Hortense", "Masson", "Développeuse", "",
      (_in("marees", -200, -15), _in("bornes", -330, -80))),
    P("former-member", "", "", "", "", (_in("demarche-claire", -370, -190),), state="anonymised"),
)  # fmt: skip

# Group, address, role, who invites, days ago, days until the membership ends.
INVITATIONS = (
    ("demarche-claire", f"{NEWCOMER}@{FREE_MAILBOX}", "member", "mamadou.diallo", 1, 180),
    ("covoit-du-quotidien", "maya.lopez@mobilites.example", "member", "erwan.tanguy", 2, 140),
    ("open-forms", "otto.brandt@shared-services.example", "manager", INTERNATIONAL, 3, None),
    ("carnet-partage", "gabriel.nguyen@sante-proximite.example", "member", TEAM_MANAGER, 5, 90),
)

# Who is worth signing in as, and why.
SIGN_IN_AS = (
    (OPERATOR, "operator of the installation: sees everything, opens the console"),
    (INCUBATOR_MANAGER, "manager of an incubator and of its four teams"),
    (TEAM_MANAGER, "manager of a team, with an invitation waiting"),
    (ORGANIZATION_MANAGER, "manager of an organisation and of its incubator"),
    ("aicha.benali", "belongs to two organisations"),
    (INTERNATIONAL, "foreign partner, reads English"),
    (NEWCOMER, "newcomer: belongs to nothing, and is invited to a team"),
)
