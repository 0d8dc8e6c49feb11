"""Incubators and products to what is wanted of the portfolio. Lists keep the source's order and its repetitions."""

from datetime import date
from typing import Any

from parvis.directory.importers import tidy
from parvis.directory.importers.betagouv import groups, phases
from parvis.directory.importers.betagouv.values import Reader
from parvis.directory.importers.findings import Kind
from parvis.portfolio.importers.betagouv import reading
from parvis.portfolio.importers.betagouv.reading import Context, silent, storable, strings, web_address, yes_no
from parvis.portfolio.importers.wanted import Item, Wanted
from parvis.portfolio.models import Event, PhaseName, Term

_INCUBATOR_FIELDS = frozenset(
    {
        "address",
        "contact",
        "github",
        "hidden",
        "highlighted_startups",
        "logo",
        "owner",
        "redirect_from",
        "short_description",
        "title",
        "website",
    }
)
_PRODUCT_FIELDS = frozenset(
    {
        "accessibility_status",
        "analyse_risques",
        "analyse_risques_url",
        "budget_url",
        "contact",
        "contact_dinum",
        "contact_incubator",
        "dashlord_url",
        "end",
        "events",
        "fast",
        "impact_url",
        "incubator",
        "incubators",
        "link",
        "mission",
        "mon_service_securise",
        "owner",
        "phases",
        "redirect_from",
        "repository",
        "sponsors",
        "start",
        "stats",
        "stats_url",
        "status",
        "techno",
        "thematiques",
        "title",
        "usertypes",
    }
)
_EMPTY_PHASE: dict[str, Any] = {}


def incubator(reader: Reader, context: Context) -> Wanted:
    """Return an incubator. The name and sentence were noted by the directory's importer, which reads them too."""
    document, quiet = reader.document, silent(reader.document)
    owner = quiet.reference(document.fields.get("owner"), "owner")
    sentence = document.fields.get("short_description")
    values = {
        "name": quiet.name("title", 250),
        "group_id": _id(context.target("incubators", document.key)),
        "owner_id": _id(context.target("organisations", owner)),
        "owner_raw": storable(owner, 200),
        "contact": reader.text("contact", 254),
        "website": web_address(reader, "website"),
        "github": web_address(reader, "github"),
        "address": reader.text("address", 300),
        "logo": reader.text("logo", 500),
        "short_description": tidy.without_tags(sentence)[:2000] if isinstance(sentence, str) else "",
        "description": document.body,
        "is_hidden": yes_no(reader, "hidden") is True,
        "highlighted": strings(reader, "highlighted_startups"),
        "redirect_from": strings(reader, "redirect_from"),
        "extra": reading.unknown_fields(reader, _INCUBATOR_FIELDS),
    }
    return Wanted("incubators", document.key, document.file, values)


def product(reader: Reader, context: Context) -> Wanted:
    """Return a product with its phases, events, money, places, sponsors and words."""
    document, quiet = reader.document, silent(reader.document)
    values = {
        "name": quiet.name("title", 250),
        "mission": reader.cut(_one_line(document.fields.get("mission")), "mission", 1000),
        "description": document.body,
        "group_id": _id(context.target("startups", document.key)),
        "contact": reader.text("contact", 254),
        "contact_dinum": reader.text("contact_dinum", 200),
        "contact_incubator": reader.text("contact_incubator", 200),
        "website": web_address(reader, "link"),
        "repository": web_address(reader, "repository"),
        "has_stats": yes_no(reader, "stats"),
        "stats_url": web_address(reader, "stats_url"),
        "budget_url": web_address(reader, "budget_url"),
        "impact_url": web_address(reader, "impact_url"),
        "dashlord_url": web_address(reader, "dashlord_url"),
        "accessibility_status": reader.text("accessibility_status", 60),
        "has_risk_analysis": yes_no(reader, "analyse_risques"),
        "risk_analysis_url": web_address(reader, "analyse_risques_url"),
        "uses_mon_service_securise": yes_no(reader, "mon_service_securise"),
        "redirect_from": strings(reader, "redirect_from"),
        "extra": reading.unknown_fields(reader, _PRODUCT_FIELDS),
    }
    lists = {
        "phases": _phases(quiet),
        "events": _events(reader, quiet if document.key in context.references.stopped else reader),
        "fundings": _fundings(reader),
        "incubators": _incubators(quiet, context),
        "sponsors": _sponsors(quiet, context),
        "terms": _terms(reader, context),
    }
    return Wanted("startups", document.key, document.file, values, lists, reading.defects(document))


def _id(value: object) -> str | None:
    return str(value) if value is not None else None


def _one_line(value: Any) -> str:
    return tidy.without_tags(value) if isinstance(value, str) else ""


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _phases(quiet: Reader) -> list[Item]:
    """Return [today's name, raw name, start, end, comment] of each phase, in the source's order."""
    items = quiet.items("phases")
    if not items and quiet.document.fields.get("status"):
        items = [phases.from_product(quiet)]
    names: set[str] = set()
    result: list[Item] = []
    for item in items:
        given = item if isinstance(item, dict) else _EMPTY_PHASE
        written = given.get("name") if isinstance(given.get("name"), str) else ""
        name = phases.today_name(written or "", investigated_only=names <= {PhaseName.INVESTIGATION.value})
        name = name if name in PhaseName.values else ""
        names |= {name} - {""}
        raw = written or (item if not isinstance(item, dict) else given.get("name"))
        comment = given.get("comment")
        result.append([
            name,
            storable(raw, 100),
            _day(quiet.day(given.get("start"), "start")),
            _day(quiet.day(given.get("end"), "end")),
            comment[:5000] if isinstance(comment, str) else "",
        ])  # fmt: skip
    return result


def _events(reader: Reader, of_days: Reader) -> list[Item]:
    """Return [kind, day, comment] of each event. The directory has read, and noted, the days of stopped products."""
    result: list[Item] = []
    for index, item in enumerate(reader.items("events")):
        path = f"events[{index}]"
        if not isinstance(item, dict):
            reader.note(Kind.EVENT_INVALID, path, was=item)
            continue
        name = item.get("name")
        kind = storable(name, 60)
        if kind not in Event.Kind.values:
            reader.note(Kind.EVENT_NAME_UNKNOWN, f"{path}.name", was=name, done=kind)
        day = of_days.day(item.get("date"), f"{path}.date")
        if day is None:
            reader.note(Kind.EVENT_DATE_MISSING, f"{path}.date", was=item.get("date"))
        comment = item.get("comment")
        result.append([kind, _day(day), comment[:5000] if isinstance(comment, str) else ""])
    return result


def _fundings(reader: Reader) -> list[Item]:
    """Return [programme, promotion, amount] of the acceleration fund, when the product won it."""
    fund = reader.document.fields.get("fast")
    if fund is None:
        return []
    if not isinstance(fund, dict):
        reader.note(Kind.FIELD_TYPE, "fast", was=fund, done="no amount")
        fund = {"promotion": fund}
    return [["fast", storable(fund.get("promotion"), 40), reading.amount(reader, fund.get("montant"), "fast.montant")]]


def _incubators(quiet: Reader, context: Context) -> list[Item]:
    """Return [raw key, incubator, whether it is the main one]: the list where there is one, else the single field."""
    fields = quiet.document.fields
    main = groups.main_incubator(quiet, context.references)
    named = quiet.references("incubators")
    if not named:
        single = quiet.reference(fields.get("incubator") or fields.get("owner"), "incubator")
        named = [single] if single else []
    result: list[Item] = []
    seen: set[str] = set()
    for key in named:
        target = _id(context.incubators.get(key)) if key not in seen else None
        result.append([storable(key, 200), target, target is not None and key == main])
        seen.add(key)
    if result and not any(item[2] for item in result):
        first = next((item for item in result if item[1]), None)
        if first:
            first[2] = True
    return result


def _sponsors(quiet: Reader, context: Context) -> list[Item]:
    """Return [raw key, organisation] of each sponsor."""
    keys = quiet.references("sponsors")
    return [[storable(key, 200), _id(context.target("organisations", key))] for key in keys]


def _terms(reader: Reader, context: Context) -> list[Item]:
    """Return [term, as written] of each theme, kind of users and technology."""
    result: list[Item] = []
    named = (
        (Term.Kind.THEME, "thematiques"), (Term.Kind.USER_TYPE, "usertypes"), (Term.Kind.TECHNOLOGY, "techno")
    )  # fmt: skip
    for kind, name in named:
        for path, written, raw in reading.texts(reader, name):
            term = context.term(kind, written)
            reading.note_term(reader, kind, path, written, term)
            result.append([str(term.pk), raw])
    return result
