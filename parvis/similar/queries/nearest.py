"""The nearest services of a text, by the index in the database: a bounded number of rows, whatever its size."""

from dataclasses import dataclass

from parvis.similar.engine import reasons as engine_reasons
from parvis.similar.engine import storage
from parvis.similar.engine.matching import Match
from parvis.similar.engine.profiles import profile
from parvis.similar.engine.ranking import Found, gather, rank, telling
from parvis.similar.engine.reasons import Told
from parvis.similar.engine.records import Record
from parvis.similar.engine.weights import Weighed, weigh
from parvis.similar.models import Posting, ProfileRecord
from parvis.similar.queries import lexicon as kept

COMPARED = 50
"""Candidates compared in full."""


@dataclass(frozen=True, slots=True)
class Near:
    """A service that is near, and why."""

    number: int  # Of its ProfileRecord.
    score: float
    reasons: dict[str, list[str]]
    sentence: str


def nearest(record: Record, most: int = 20) -> list[Near]:
    """Return the nearest services of one that need not be in the index; nothing before the first rebuild."""
    found = kept.current()
    if found is None:
        return []
    lexicon, trust = found
    one = weigh(profile(record, lexicon), lexicon, trust)
    return near(one, most=most)


def near(one: Weighed, *, skip: int | None = None, most: int = 20) -> list[Near]:
    """Return the nearest services of a weighed one."""
    asked = telling(one)
    found = Posting.objects.filter(term__in=[term for term, _ in asked]).values_list("term", "holders")
    packed = {term: holders for term, kept in found if not storage.is_crowded(holders := bytes(kept))}
    numbers = gather(asked, lambda term: storage.unpack(packed.get(term, b"")), skip, COMPARED)
    rows = ProfileRecord.objects.filter(pk__in=numbers).values_list("pk", "content", "sentences")
    contents = {str(pk): (storage.from_json(str(pk), content), sentences) for pk, content, sentences in rows}
    matches: Found = rank(one, {key: weighed for key, (weighed, _) in contents.items()}, most)
    return [told(one, *_readable(*contents[key]), match, int(key)) for key, match in matches]


def _readable(other: Weighed, sentences: list[str]) -> tuple[Weighed, list[Told]]:
    return other, engine_reasons.analysed(sentences, other.profile.language)


def told(one: Weighed, other: Weighed, sentences: list[Told], match: Match, number: int) -> Near:
    """Return a match with its reasons in both languages and the sentence to read."""
    in_both = {code: engine_reasons.reasons(match, one.profile, other.profile, code) for code in ("fr", "en")}
    return Near(
        number,
        match.score,
        {
            **{code: list(found.words) for code, found in in_both.items()},
            "areas": sorted(match.areas),
            "users": sorted(match.users),
            "terms": list(match.terms),
        },
        engine_reasons.sentence(sentences, match.terms),
    )
