"""The territories that an installation starts with: Europe's countries, France's regions, departments and NUTS 2 areas.

Codes and names are those of the public registers (ISO 3166, INSEE, Eurostat). Operators may add others: any country's
subdivisions can be named by their ISO 3166-2 or NUTS code.
"""

from collections.abc import Iterator
from typing import Final

from parvis.portfolio.models.territory import Territory

_COUNTRIES: Final = """
AD Andorre|Andorra
AL Albanie|Albania
AT Autriche|Austria
BA Bosnie-Herzégovine|Bosnia and Herzegovina
BE Belgique|Belgium
BG Bulgarie|Bulgaria
BY Biélorussie|Belarus
CH Suisse|Switzerland
CY Chypre|Cyprus
CZ Tchéquie|Czechia
DE Allemagne|Germany
DK Danemark|Denmark
EE Estonie|Estonia
ES Espagne|Spain
FI Finlande|Finland
FR France|France
GB Royaume-Uni|United Kingdom
GR Grèce|Greece
HR Croatie|Croatia
HU Hongrie|Hungary
IE Irlande|Ireland
IS Islande|Iceland
IT Italie|Italy
LI Liechtenstein|Liechtenstein
LT Lituanie|Lithuania
LU Luxembourg|Luxembourg
LV Lettonie|Latvia
MC Monaco|Monaco
MD Moldavie|Moldova
ME Monténégro|Montenegro
MK Macédoine du Nord|North Macedonia
MT Malte|Malta
NL Pays-Bas|Netherlands
NO Norvège|Norway
PL Pologne|Poland
PT Portugal|Portugal
RO Roumanie|Romania
RS Serbie|Serbia
SE Suède|Sweden
SI Slovénie|Slovenia
SK Slovaquie|Slovakia
TR Turquie|Türkiye
UA Ukraine|Ukraine
"""

# ISO 3166-2 code, INSEE code, name, then the INSEE codes of its departments.
_REGIONS: Final = """
FR-ARA 84 Auvergne-Rhône-Alpes: 01 03 07 15 26 38 42 43 63 69 73 74
FR-BFC 27 Bourgogne-Franche-Comté: 21 25 39 58 70 71 89 90
FR-BRE 53 Bretagne: 22 29 35 56
FR-CVL 24 Centre-Val de Loire: 18 28 36 37 41 45
FR-COR 94 Corse: 2A 2B
FR-GES 44 Grand Est: 08 10 51 52 54 55 57 67 68 88
FR-HDF 32 Hauts-de-France: 02 59 60 62 80
FR-IDF 11 Île-de-France: 75 77 78 91 92 93 94 95
FR-NOR 28 Normandie: 14 27 50 61 76
FR-NAQ 75 Nouvelle-Aquitaine: 16 17 19 23 24 33 40 47 64 79 86 87
FR-OCC 76 Occitanie: 09 11 12 30 31 32 34 46 48 65 66 81 82
FR-PDL 52 Pays de la Loire: 44 49 53 72 85
FR-PAC 93 Provence-Alpes-Côte d’Azur: 04 05 06 13 83 84
"""

_DEPARTMENTS: Final = """
01 Ain
02 Aisne
03 Allier
04 Alpes-de-Haute-Provence
05 Hautes-Alpes
06 Alpes-Maritimes
07 Ardèche
08 Ardennes
09 Ariège
10 Aube
11 Aude
12 Aveyron
13 Bouches-du-Rhône
14 Calvados
15 Cantal
16 Charente
17 Charente-Maritime
18 Cher
19 Corrèze
2A Corse-du-Sud
2B Haute-Corse
21 Côte-d’Or
22 Côtes-d’Armor
23 Creuse
24 Dordogne
25 Doubs
26 Drôme
27 Eure
28 Eure-et-Loir
29 Finistère
30 Gard
31 Haute-Garonne
32 Gers
33 Gironde
34 Hérault
35 Ille-et-Vilaine
36 Indre
37 Indre-et-Loire
38 Isère
39 Jura
40 Landes
41 Loir-et-Cher
42 Loire
43 Haute-Loire
44 Loire-Atlantique
45 Loiret
46 Lot
47 Lot-et-Garonne
48 Lozère
49 Maine-et-Loire
50 Manche
51 Marne
52 Haute-Marne
53 Mayenne
54 Meurthe-et-Moselle
55 Meuse
56 Morbihan
57 Moselle
58 Nièvre
59 Nord
60 Oise
61 Orne
62 Pas-de-Calais
63 Puy-de-Dôme
64 Pyrénées-Atlantiques
65 Hautes-Pyrénées
66 Pyrénées-Orientales
67 Bas-Rhin
68 Haut-Rhin
69 Rhône
70 Haute-Saône
71 Saône-et-Loire
72 Sarthe
73 Savoie
74 Haute-Savoie
75 Paris
76 Seine-Maritime
77 Seine-et-Marne
78 Yvelines
79 Deux-Sèvres
80 Somme
81 Tarn
82 Tarn-et-Garonne
83 Var
84 Vaucluse
85 Vendée
86 Vienne
87 Haute-Vienne
88 Vosges
89 Yonne
90 Territoire de Belfort
91 Essonne
92 Hauts-de-Seine
93 Seine-Saint-Denis
94 Val-de-Marne
95 Val-d’Oise
971 Guadeloupe
972 Martinique
973 Guyane
974 La Réunion
975 Saint-Pierre-et-Miquelon
976 Mayotte
977 Saint-Barthélemy
978 Saint-Martin
986 Wallis-et-Futuna
987 Polynésie française
988 Nouvelle-Calédonie
"""

_NUTS: Final = """
FR10 Île-de-France
FRB0 Centre-Val de Loire
FRC1 Bourgogne
FRC2 Franche-Comté
FRD1 Basse-Normandie
FRD2 Haute-Normandie
FRE1 Nord-Pas-de-Calais
FRE2 Picardie
FRF1 Alsace
FRF2 Champagne-Ardenne
FRF3 Lorraine
FRG0 Pays de la Loire
FRH0 Bretagne
FRI1 Aquitaine
FRI2 Limousin
FRI3 Poitou-Charentes
FRJ1 Languedoc-Roussillon
FRJ2 Midi-Pyrénées
FRK1 Auvergne
FRK2 Rhône-Alpes
FRL0 Provence-Alpes-Côte d’Azur
FRM0 Corse
FRY1 Guadeloupe
FRY2 Martinique
FRY3 Guyane
FRY4 La Réunion
FRY5 Mayotte
"""


def ensure_territories() -> int:
    """Make the territories that are missing; return how many were. Those that are there are left as they are."""
    there = dict(Territory.objects.values_list("code", "pk"))
    missing: list[Territory] = []
    for territory, above in _all():
        if territory.code in there:
            continue
        territory.parent_id = there.get(above)
        there[territory.code] = territory.pk
        missing.append(territory)
    Territory.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _lines(table: str) -> Iterator[tuple[str, str]]:
    for line in table.strip().splitlines():
        code, _space, rest = line.partition(" ")
        yield code, rest


def _all() -> Iterator[tuple[Territory, str]]:
    """Yield each territory and the code of the one above it, which comes before."""
    for code, names in _lines(_COUNTRIES):
        french, _bar, english = names.partition("|")
        yield Territory(code=code, scheme=Territory.Scheme.COUNTRY, name_fr=french, name_en=english), ""
    region_of: dict[str, str] = {}
    for code, rest in _lines(_REGIONS):
        head, _colon, departments = rest.partition(": ")
        geocode, _space, name = head.partition(" ")
        region_of |= dict.fromkeys(departments.split(), code)
        yield Territory(code=code, scheme=Territory.Scheme.REGION, geocode=geocode, name_fr=name, name_en=name), "FR"
    for geocode, name in _lines(_DEPARTMENTS):
        department = Territory(code=f"FR-{geocode}", scheme=Territory.Scheme.DEPARTMENT, geocode=geocode)
        department.name_fr = department.name_en = name
        yield department, region_of.get(geocode, "FR")
    for code, name in _lines(_NUTS):
        yield Territory(code=code, scheme=Territory.Scheme.NUTS, name_fr=name, name_en=name), "FR"
