"""What the fictional products tell of themselves: the problem, the solution, and what was learnt when they stopped."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextStory:
    """The problem and the solution, in the original language and in English."""

    problem: str
    problem_en: str
    solution: str
    solution_en: str


T = TextStory

TEXTS = {
    "demarche-claire": T(
        (
            "Un courrier administratif sur trois fait rappeler l’administration : la personne ne sait pas ce qu’on "
            "lui demande."
        ),
        "One administrative letter in three makes people call back: they do not know what is asked of them.",
        "Un éditeur qui souligne les phrases obscures et propose une version simple, relue par des usagers.",
        "An editor that underlines obscure sentences and offers a plain version, reviewed by users.",
    ),
    "signature-simple": T(
        "Un acte à quatre signatures voyage onze jours entre les services, souvent imprimé puis numérisé.",
        "A deed with four signatures travels eleven days between offices, often printed and scanned again.",
        ("Signer en ligne à plusieurs, avec l’identité que chaque agent a déjà, et garder la preuve au même endroit."),
        "Several people sign online, with the identity that each already has, and the proof is kept in one place.",
    ),
    "mon-releve": T(
        "Les droits à la retraite sont répartis entre des caisses qui n’affichent pas les mêmes chiffres.",
        "Pension rights are spread over funds that do not show the same figures.",
        "Une page qui réunit les droits de toutes les caisses et explique chaque écart.",
        "One page that brings together the rights of all funds and explains each difference.",
    ),
    "open-forms": T(
        "Every agency builds its own forms, and most of them cannot be filled in with a screen reader.",
        "Every agency builds its own forms, and most of them cannot be filled in with a screen reader.",
        "Shared, tested form components that any country may reuse, with the research that shaped them.",
        "Shared, tested form components that any country may reuse, with the research that shaped them.",
    ),
    "sentier-ouvert": T(
        "Chaque été, des promeneurs s’engagent sur un sentier fermé, et les secours interviennent.",
        "Each summer walkers set out on a closed path, and rescuers have to come.",
        ("Une carte tenue par les communes dit si le sentier est praticable, en fauteuil et avec une poussette aussi."),
        "A map kept by municipalities says whether a path can be used, in a wheelchair or with a pram too.",
    ),
    "neige-sure": T(
        "Le bulletin d’avalanche parle de massifs ; les habitants veulent savoir pour leur rue.",
        "Avalanche bulletins speak of mountain ranges; residents want to know about their street.",
        "Un message à l’échelle de la rue, envoyé par la mairie à ceux qui l’ont demandé.",
        "A message about the street, sent by the town hall to those who asked for it.",
    ),
    "carnet-partage": T(
        "Entre deux consultations, chaque soignant repart de zéro parce que les notes ne circulent pas.",
        "Between two visits each carer starts from scratch, because notes do not travel.",
        "Un carnet que le patient ouvre à qui il veut, et que chacun complète en deux minutes.",
        "A record that patients open to whom they wish, and that each carer completes in two minutes.",
    ),
    "rendez-vous-depistage": T(
        "Les personnes éligibles à un dépistage renoncent : il faut appeler trois numéros pour trouver une date.",
        "People who could be screened give up: it takes three phone calls to find a date.",
        "Une prise de rendez-vous en ligne dans le centre le plus proche, avec rappel et transport.",
        "Online booking at the nearest centre, with a reminder and transport.",
    ),
    "cantine-locale": T(
        "Les cantines veulent acheter local, mais ne savent ni qui produit ni comment commander.",
        "School canteens want to buy local food, but know neither who grows it nor how to order.",
        "Un marché commun où les producteurs du coin répondent aux menus des écoles.",
        "A shared market where nearby growers answer the menus of schools.",
    ),
    "covoit-du-quotidien": T(
        "Dans les villages sans car, deux voisins font chaque jour le même trajet, seuls dans leur voiture.",
        "In villages without a bus, two neighbours drive the same way each day, alone in their cars.",
        "Des lignes de covoiturage affichées comme celles d’un car, avec un point de rencontre et un horaire.",
        "Car-sharing lines shown like those of a bus, with a meeting point and a timetable.",
    ),
    "bornes": T(
        "Une borne de recharge sur cinq est en panne, et les applications n’en savent rien.",
        "One charging point in five is broken, and applications do not know.",
        "Un état en temps réel des bornes, donné par les exploitants et corrigé par les conducteurs.",
        "A live state of charging points, given by operators and corrected by drivers.",
    ),
    "courrier-vocal": T(
        "Des personnes qui lisent mal renoncent à répondre à l’administration.",
        "People who read with difficulty give up answering the administration.",
        "Dicter sa réponse, l’écouter, puis l’envoyer comme un courrier.",
        "Dictate an answer, listen to it, then send it as a letter.",
    ),
    "ordonnance-lisible": T(
        "Un patient sur deux ne sait pas dire, une heure après, à quoi sert chaque médicament.",
        "An hour later, one patient in two cannot say what each medicine is for.",
        "Une version en mots simples de l’ordonnance, imprimée avec elle.",
        "A version of the prescription in plain words, printed with it.",
    ),
    "badge-visiteur": T(
        "À l’accueil, on recopie une pièce d’identité dans un registre que personne ne lit.",
        "At the reception, an identity card is copied into a register that nobody reads.",
        "Une invitation avec un code, lue à l’entrée, et effacée le soir.",
        "An invitation with a code, read at the entrance, and forgotten in the evening.",
    ),
    "bus-de-nuit": T(
        "Après une fête de village, le seul retour possible est la voiture.",
        "After a village party, the only way home is by car.",
        "Un minibus à la demande, partagé entre communes, réservé à l’avance.",
        "A minibus on demand, shared between municipalities and booked ahead.",
    ),
    "cabanes-de-plage": T(
        ("Les concessionnaires de plage ignorent ce qu’ils peuvent construire, et démontent ce qu’ils ont construit."),
        "Beach concession holders do not know what they may build, and take down what they have built.",
        "Un questionnaire qui dit, plage par plage, ce que la concession permet.",
        "A questionnaire that says, beach by beach, what the concession allows.",
    ),
    "garde-du-soir": T(
        "Le soir, on va aux urgences parce qu’on ne trouve pas le médecin de garde.",
        "In the evening people go to the emergency ward because they cannot find the doctor on duty.",
        "Un annuaire tenu chaque jour par les médecins, et un numéro qui répond.",
        "A directory that doctors keep up to date each day, and a number that answers.",
    ),
    "annuaire-des-guichets": T(
        "Les horaires affichés sont faux un jour sur six, et l’usager a posé une demi-journée.",
        "Posted opening hours are wrong one day in six, and the visitor has taken half a day off.",
        "Un annuaire que les guichets corrigent eux-mêmes, réutilisé par tous les sites publics.",
        "A directory that offices correct themselves, reused by every public site.",
    ),
}

# Why a product stopped, for those who will have the same idea, in French and in English.
LESSONS = {
    "bornes": (
        (
            "Les exploitants ne livrent pas l’état des bornes sans y être obligés : sur 40 contactés, 6 ont "
            "répondu.\n\n- La donnée existe, mais elle a une valeur commerciale.\n- Les conducteurs signalent une "
            "panne, jamais une remise en service.\n\nÀ qui reprend le sujet : commencez par l’obligation "
            "réglementaire, pas par la carte."
        ),
        (
            "Operators do not give the state of charging points unless they must: of 40 that were asked, 6 "
            "answered.\n\n- The data exists, but it is worth money.\n- Drivers report a failure, and never a "
            "repair.\n\nTo whoever takes it up again: begin with the legal duty, not with the map."
        ),
    ),
    "courrier-vocal": (
        (
            "Les personnes rencontrées ne veulent pas dicter seules : elles veulent quelqu’un à côté d’elles. "
            "L’aidant est l’usager, et il a déjà un clavier."
        ),
        (
            "The people we met do not want to dictate alone: they want somebody beside them. The helper is the "
            "user, and already has a keyboard."
        ),
    ),
    "badge-visiteur": (
        (
            "Vingt ministères, vingt règles d’accueil. Trois sites sont restés fidèles, aucun n’a pu généraliser "
            "sans changer son marché de gardiennage."
        ),
        (
            "Twenty ministries, twenty sets of rules at the door. Three sites stayed, none could go further "
            "without changing its security contract."
        ),
    ),
    "ordonnance-lisible": (
        (
            "Le logiciel du médecin imprime l’ordonnance et n’ouvre pas ce moment. Sans l’accord des trois "
            "éditeurs principaux, rien n’est possible ; un groupe de travail existe désormais."
        ),
        (
            "The doctor's software prints the prescription and does not open that moment. Without the three main "
            "publishers nothing can be done; a working group now exists."
        ),
    ),
    "bus-de-nuit": (
        (
            "La demande est réelle mais rare : onze soirées par an et par village. Un abonnement de taxi partagé "
            "coûte moins cher qu’un logiciel."
        ),
        (
            "The need is real but rare: eleven evenings a year and a village. A shared taxi subscription costs "
            "less than software."
        ),
    ),
    "cabanes-de-plage": (
        (
            "Le droit change de commune à commune et n’est écrit nulle part. Le vrai besoin est un interlocuteur, "
            "et la direction l’a nommé."
        ),
        (
            "The law changes from one municipality to the next and is written nowhere. What people need is "
            "somebody to ask, and the directorate has named one."
        ),
    ),
}
