"""Where each territory stands on a map of equal squares: our own drawing, free of any licence.

A square for each territory is readable on a telephone, where the inner ring of Paris would be a dot, and gives Lozère
as much room as the North. What a layout does not know is put in lines below it.
"""

FRANCE = """
--- --- --- --- --- ---  62  59 --- --- --- --- ---
--- --- --- --- ---  76  80  60  02  08 --- --- ---
--- ---  50  14  27  95  93  77  51  55  54  57  67
 29  22 ---  61  78  92  75  94  10  52  88  68 ---
---  56  35  53  72  28  91  89  21  70  90 --- ---
--- ---  44  49  37  41  45  58  71  39  25 --- ---
--- --- ---  85  79  86  36  18  03  69  01  74 ---
--- --- --- ---  17  16  87  23  63  42  38  73 ---
971 --- --- ---  33  24  19  15  43  07  26  05 ---
972 --- --- ---  40  47  46  12  48  30  84  04  06
973 --- --- ---  64  32  82  81  34 ---  13  83  2B
974 976 --- --- ---  65  31  11 --- --- --- ---  2A
975 977 978 --- ---  --- 09  66 --- --- --- --- ---
986 987 988 --- --- --- --- --- --- --- --- --- ---
"""

FRENCH_REGIONS = """
--- --- HDF --- ---
BRE NOR IDF GES ---
--- PDL CVL BFC ---
971 --- NAQ ARA ---
972 973 OCC PAC ---
974 976 --- --- COR
"""

COUNTRIES = """
 IS --- --- ---  NO  SE  FI ---
 IE  GB --- ---  DK ---  LV  EE
--- ---  BE  NL  DE  PL  LT  BY
---  AD  FR  LU  CZ  SK  UA ---
 PT  ES  CH  LI  AT  HU  RO  MD
--- ---  MC  IT  SI  HR  RS  BG
--- --- ---  MT  BA  ME  MK  TR
--- --- --- ---  XK  AL  GR  CY
"""

FRENCH_REGION_OF = {
    "ARA": "01 03 07 15 26 38 42 43 63 69 73 74",
    "BFC": "21 25 39 58 70 71 89 90",
    "BRE": "22 29 35 56",
    "COR": "2A 2B",
    "CVL": "18 28 36 37 41 45",
    "GES": "08 10 51 52 54 55 57 67 68 88",
    "HDF": "02 59 60 62 80",
    "IDF": "75 77 78 91 92 93 94 95",
    "NAQ": "16 17 19 23 24 33 40 47 64 79 86 87",
    "NOR": "14 27 50 61 76",
    "OCC": "09 11 12 30 31 32 34 46 48 65 66 81 82",
    "PAC": "04 05 06 13 83 84",
    "PDL": "44 49 53 72 85",
}
"""The departments of each metropolitan region of France, by the letters of ISO 3166-2; overseas they are the same."""


def places(layout: str) -> dict[str, tuple[int, int]]:
    """Return the column and row of each code of a layout."""
    rows = [line.split() for line in layout.strip("\n").splitlines()]
    return {code: (column, row) for row, line in enumerate(rows) for column, code in enumerate(line) if code != "---"}


FRANCE_PLACES = places(FRANCE)
FRENCH_REGION_PLACES = places(FRENCH_REGIONS)
COUNTRY_PLACES = places(COUNTRIES)
