"""What an import repaired, left out or remarked: each by name, so that somebody can mend the source."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

_LONGEST = 300


class Outcome(Enum):
    """What became of the thing found."""

    REPAIRED = "repaired"
    SKIPPED = "skipped"
    NOTED = "noted"


R, S, N = Outcome.REPAIRED, Outcome.SKIPPED, Outcome.NOTED


class Kind(Enum):
    """Every defect the importers know: its name in reports, what becomes of it, and what it means."""

    # Files
    LINK_OUTSIDE = "link-outside", S, "A symbolic link leads out of the folder: it is not followed."
    NOT_A_FILE = "not-a-file", S, "A folder, hidden file or special file lies among the records."
    FILE_TOO_LARGE = "file-too-large", S, "The file is larger than any record can be."
    FILE_UNREADABLE = "file-unreadable", S, "The system refused to read the file."
    KEY_TOO_LONG = "key-too-long", S, "The file name is longer than 200 characters."
    KEY_TWICE = "key-twice", S, "Two files have the same id; the first one is read."
    SUFFIX_MISSING = "suffix-missing", R, "The file name lacks `.md`; it is read as if it had it."
    FOLDER_MISSING = "folder-missing", N, "A folder of the layout is absent: its records are left as they are."
    NOT_UTF8 = "not-utf8", R, "The file is not UTF-8; it is read as Windows-1252."
    CRLF = "crlf", R, "Lines end in CR LF; they are read as LF."
    # Front matter
    NO_FRONT_MATTER = "no-front-matter", S, "The file does not start with a block of fields between `---` lines."
    FRONT_MATTER_OPEN = "front-matter-open", R, "The closing `---` is missing: the whole file is read as fields."
    INVALID_YAML = "invalid-yaml", S, "The fields are not valid YAML."
    INVALID_JSON = "invalid-json", S, "The file is not valid JSON, or not a record."
    YAML_REFUSED = "yaml-refused", S, "The YAML uses aliases, tags, nesting or sizes that a record never needs."
    KEY_REPEATED = "field-repeated", R, "A field is given twice; the last one counts, as in YAML 1.1 readers."
    # Text
    OUTER_BLANKS = "outer-blanks", R, "A text begins or ends with blanks; they are removed."
    NOT_NFC = "not-nfc", R, "Accents are written as separate characters; they are composed (Unicode NFC)."
    INVISIBLE = "invisible-characters", R, "A text holds zero-width or control characters; they are removed."
    HTML_ENTITIES = "html-entities", R, "A text holds HTML entities; they are decoded."
    HTML_REMOVED = "html-removed", R, "A sentence holds HTML tags; only its text is shown."
    URL_TAIL = "url-tail", R, "An address ends in punctuation; it is removed."
    TOO_LONG = "too-long", R, "A text is longer than its field; it is cut."
    BODY_HTML = "body-html", N, "The description holds raw HTML; it is kept, and cleaned each time it is shown."
    BODY_NBSP = "body-no-break-space", N, "The description holds no-break spaces; they are kept."
    # Identifiers and references
    SLUG_ADAPTED = "slug-adapted", R, "The id cannot be an address on the site; a close and unique one is made."
    KEYS_ALIKE = "ids-alike", N, "Ids differ by punctuation or case only; they stay distinct records."
    UNKNOWN_INCUBATOR = "unknown-incubator", R, "The incubator does not exist; the reference is left empty."
    UNKNOWN_OWNER = "unknown-owner", R, "The owner organisation does not exist; the reference is left empty."
    UNKNOWN_SPONSOR = "unknown-sponsor", N, "The sponsor does not exist; it stays in the source record."
    UNKNOWN_PRODUCT = "unknown-product", S, "The product does not exist; the link to it is left out."
    PRODUCT_RENAMED = "product-renamed", R, "The product is named by an old address or another case; it is found."
    SECOND_INCUBATOR = (
        "second-incubator",
        N,
        "The product has several incubators; its team is under the main one.",
    )
    REPOSITORY_SHARED = "repository-shared", N, "Several products give the same code repository."
    # Fields
    FIELD_TYPE = "field-type", R, "A field is a map, a list or a number where a text is expected; it is converted."
    ITEM_MAP = "item-map", R, "An item of a list is a map; its identifier is read."
    NAME_MISSING = "name-missing", R, "The name is missing; one is made from the id."
    VALUE_UNKNOWN = "unknown-value", R, "A value is not in the vocabulary; the nearest meaning is used."
    STATUS_OLD = "old-status", R, "A status from before 2020 or 2026 is read with today's meaning."
    FIELD_OLD = "old-field", R, "Fields of before 2020 stand on the record; they are read as a phase or a mission."
    LINK_UNDATED = "link-undated", N, "A person names a product without dates; no membership is made."
    FIELD_MISSING = "field-missing", N, "A field that the format asks for is missing; the record is read without it."
    FIELD_UNKNOWN = "unknown-field", N, "The field has no place here; it is kept with the record."
    LIST_ITEM_TYPE = (
        "list-item-type",
        R,
        "An item of a list is no text; it is converted, or left out when it cannot be.",
    )
    LINK_REFUSED = (
        "link-refused",
        S,
        "The address is not one of the web (`javascript:`, a path, too long...); it is left out.",
    )
    LINK_COMPLETED = "link-completed", R, "The address lacks its scheme; https is put before it."
    KEY_REFUSED = "id-refused", S, "The id cannot stand in an address (a path, blanks, signs, over 100 characters)."
    USER_TYPE_FREE = "free-user-type", N, "The kind of users is not one of the seven; it is kept as a word of its own."
    THEME_FREE = "free-theme", N, "The theme is not in the official list; it is kept as a word of its own."
    TERM_FOLDED = (
        "folded-word",
        R,
        "A theme or kind of users is the same as another but for case and accents; they are one.",
    )
    TECHNOLOGY_FOLDED = (
        "folded-technology",
        R,
        "A technology is written in another case or with other blanks; they are one.",
    )
    EVENT_INVALID = "event-invalid", S, "An event is no map; it is left out."
    EVENT_NAME_UNKNOWN = "event-name-unknown", N, "The kind of event has no words here; it is shown as written."
    EVENT_DATE_MISSING = "event-date-missing", R, "An event has no day; it is kept and placed nowhere."
    AMOUNT_INVALID = "amount-invalid", R, "An amount of money is no number; it is treated as missing."
    # Dates
    DATE_QUOTED = "date-quoted", R, "A date is written as a text; it is read as a date."
    DATE_REWRITTEN = "date-rewritten", R, "A date is not written year-month-day; it is understood."
    DATE_INVALID = "date-invalid", R, "A date cannot be understood; it is treated as missing."
    PHASE_INVALID = "phase-invalid", S, "A phase has no name or is no map; it is left out."
    PHASE_START_MISSING = "phase-start-missing", S, "A phase has no start; it is left out."
    PHASE_END_NULL = "phase-end-null", R, "The end of a phase is null; it is treated as absent."
    PHASE_END_MISSING = (
        "phase-end-missing",
        R,
        "A phase has no end though another follows; that one ends it.",
    )
    PHASE_GAP = "phase-gap", R, "A phase ends before the next starts; it lasts until then."
    PHASE_OVERLAP = "phase-overlap", R, "A phase ends after the next starts; it ends then."
    PHASE_END_BEFORE_START = "phase-end-before-start", R, "A phase ends before it starts; its end is ignored."
    PHASE_TWICE = "phase-twice", R, "A phase is given twice; the one that starts first counts."
    PHASE_ORDER = "phase-order", R, "Phases are not listed by start; they are sorted."
    PHASE_SAME_START = "phase-same-start", R, "Two phases start on one day; the method says which is first."
    PHASE_FUTURE = "phase-future", R, "A phase starts in the future; it does not count yet."
    PHASE_LAST_ENDED = (
        "phase-last-ended",
        R,
        "The last phase of an active product ends; it stays active.",
    )
    EVENT_AFTER_STOP = "event-after-stop", N, "A stopped product has a later event; it stays stopped."
    CLOSING_DATE_MISSING = "closing-date-missing", R, "A product is stopped without a date; its team stays open."
    MISSION_INVALID = "mission-invalid", S, "A mission is no map; it is left out."
    MISSION_START_MISSING = "mission-start-missing", S, "A mission has no start; it gives no membership."
    MISSION_END_MISSING = "mission-end-missing", R, "A mission has no end; the membership lasts."
    MISSION_END_BEFORE_START = "mission-end-before-start", R, "A mission ends before it starts; it lasts one day."
    MISSION_AFTER_STOP = (
        "mission-after-stop",
        R,
        "A mission goes on after its product stopped; the membership ends then.",
    )
    MISSIONS_MERGED = (
        "missions-merged",
        N,
        "Missions in one team overlap or touch; they make one membership.",
    )
    NO_MISSION = "no-mission", N, "The person has no mission."
    # What is already here
    EMPLOYER_AMBIGUOUS = (
        "employer-ambiguous",
        N,
        "Several organisations have the employer's name; none is chosen.",
    )
    DELETED_HERE = "deleted-here", S, "What the record became was deleted here; it is not made again."
    ERASED_HERE = "erased-here", S, "The person asked to be erased here; the record is not read again."
    EDITED_HERE = "edited-here", N, "A membership that left the source was changed here; it is left."
    FIELD_EDITED_HERE = "field-edited-here", N, "The source changed what people changed here too; theirs is left."
    TAKEN_HERE = "made-here", N, "A product or incubator of that id is here already; what people wrote there is left."
    HELD_HERE = "membership-here", N, "The person already belongs to the team for those days; nothing is added."
    CYCLE = "cycle", S, "Placing the group there would make it part of itself; it stays where it is."
    VANISHED = "vanished", N, "The record left the source; what it became stays, and its memberships end."
    MANY_VANISHED = "many-vanished", N, "Most records of a folder are gone, as in a broken copy: nothing is ended."

    def __init__(self, code: str, outcome: Outcome, meaning: str) -> None:
        self.code = code
        self.outcome = outcome
        self.meaning = meaning


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect in one place."""

    kind: Kind
    file: str
    field: str = ""
    was: str = ""
    done: str = ""

    def as_json(self) -> dict[str, str]:
        """Return what `--report` writes."""
        return {
            "kind": self.kind.code,
            "outcome": self.kind.outcome.value,
            "file": self.file,
            "field": self.field,
            "was": self.was,
            "done": self.done,
        }


@dataclass
class Findings:
    """All findings of a run, in the order of reading."""

    items: list[Finding] = field(default_factory=list)

    def add(self, kind: Kind, file: str, field: str = "", *, was: object = "", done: object = "") -> None:
        """Note a finding; long values are cut."""
        self.items.append(Finding(kind, file, field, _short(was), _short(done)))

    def counts(self, outcome: Outcome | None = None) -> dict[Kind, int]:
        """Return how many of each kind, most frequent first."""
        counter = Counter(item.kind for item in self.items if outcome in {None, item.kind.outcome})
        return dict(counter.most_common())

    def as_json(self) -> list[dict[str, str]]:
        """Return every finding for `--report`."""
        return [item.as_json() for item in self.items]

    def of(self, kinds: Iterable[Kind]) -> list[Finding]:
        """Return the findings of some kinds."""
        wanted = set(kinds)
        return [item for item in self.items if item.kind in wanted]


def _short(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
