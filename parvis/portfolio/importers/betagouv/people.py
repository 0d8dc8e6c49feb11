"""People to what is wanted of the portfolio: their card, and their missions exactly as the source wrote them."""

from typing import Any

from parvis.directory.importers.betagouv.values import Reader
from parvis.portfolio.importers.betagouv import reading
from parvis.portfolio.importers.betagouv.reading import Context, silent, storable, strings, web_address
from parvis.portfolio.importers.wanted import Item, Wanted

_FIELDS = frozenset(
    {
        "avatar",
        "bio",
        "competences",
        "domaine",
        "employer",
        "end",
        "fullname",
        "github",
        "link",
        "memberType",
        "missions",
        "previously",
        "role",
        "start",
        "startups",
        "status",
    }
)


def person(reader: Reader, context: Context) -> Wanted:
    """Return a person's card and missions; name, role and places are the directory's."""
    document, quiet = reader.document, silent(reader.document)
    values = {
        "key": storable(document.key, 200),
        "domain": reader.text("domaine", 100),
        "role": quiet.text("role", 300),
        "skills": strings(reader, "competences"),
        "member_type": reader.text("memberType", 60),
        "previously": quiet.references("previously"),
        "startups_old": quiet.references("startups"),
        "link": web_address(reader, "link"),
        "github": reader.text("github", 100),
        "bio": reader.cut(document.body, "body", 20_000),
        "avatar": reader.text("avatar", 500),
        "extra": reading.unknown_fields(reader, _FIELDS),
    }
    return Wanted("authors", document.key, document.file, values, {"missions": _missions(quiet, context)})


def _missions(quiet: Reader, context: Context) -> list[Item]:
    """Return [start, end, status, employer, [[raw product, product]...]] of each mission, as listed."""
    fields, raw = quiet.document.fields, quiet.document.raw
    items = [(item, _raw_item(raw.get("missions"), index)) for index, item in enumerate(quiet.items("missions"))]
    if not items and fields.get("start"):
        items = [(fields, raw)]
    return [_mission(quiet, item, before, context) for item, before in items if isinstance(item, dict)]


def _raw_item(raw: Any, index: int) -> dict[str, Any]:
    item = raw[index] if isinstance(raw, list) and index < len(raw) else raw
    return item if isinstance(item, dict) else {}


def _mission(quiet: Reader, item: dict[str, Any], raw: dict[str, Any], context: Context) -> Item:
    start, end = quiet.day(item.get("start"), "start"), quiet.day(item.get("end"), "end")
    listed = item.get("startups")
    products = listed if isinstance(listed, list) else [listed] if listed else []
    links = [_link(quiet, value, context) for value in products]
    return [
        start.isoformat() if start else None,
        end.isoformat() if end else None,
        storable(raw.get("status"), 40),
        storable(raw.get("employer"), 2000),
        links,
    ]


def _link(quiet: Reader, value: Any, context: Context) -> Item:
    named = quiet.reference(value, "startups")
    found = context.references.product(quiet, named, "startups") if named else None
    target = context.products.get(found) if found else None
    return [storable(named, 200), str(target) if target else None]
