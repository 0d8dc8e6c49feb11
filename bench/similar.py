"""How well are similar services found? Ours against plain TF-IDF, on the labelled pairs of `bench/similar`.

    python bench/similar.py /path/to/beta.gouv.fr/content

The labels name products of the network by their ids, so the network's public files must be at hand; the foreign
services are ours. `--half train` shows the two thirds on which the engine may be tuned, `--half held` the third that
was kept from it.
"""

import argparse
import hashlib
import json
import math
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from parvis.similar.engine.evidence import areas, users
from parvis.similar.engine.ranking import Index
from parvis.similar.engine.records import Record

HERE = Path(__file__).parent / "similar"
CUT = 5
Ranking = Callable[[str], list[str]]


@dataclass(frozen=True)
class Query:
    """A service, and what a person would want beside it."""

    key: str
    grades: dict[str, int]
    never: frozenset[str]

    @property
    def is_held(self) -> bool:
        """Say whether the query belongs to the third that was kept from tuning."""
        return hashlib.sha256(self.key.encode()).digest()[0] % 3 == 0

    @property
    def crosses(self) -> bool:
        """Say whether the question is put from another country."""
        return "/" in self.key


def network(content: Path) -> Iterator[Record]:
    """Yield the products of the French network."""
    for file in sorted((content / "_startups").glob("*.md")):
        _, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
        fields = yaml.safe_load(head)
        yield Record(
            file.stem,
            str(fields["title"]),
            str(fields.get("mission") or ""),
            body,
            areas=areas(map(str, fields.get("thematiques") or [])),
            users=users(map(str, fields.get("usertypes") or [])),
            language="fr",
        )


def foreign() -> Iterator[Record]:
    """Yield the services that were written for this bench."""
    for file in sorted((HERE / "govuk-services").glob("*.json")):
        fields = json.loads(file.read_text(encoding="utf-8"))
        names = " / ".join([fields["name"], *fields.get("synonyms", [])])
        yield Record(f"govuk/{file.stem}", names, fields["description"], areas=areas([fields["theme"]]))
    for file in sorted((HERE / "publiccode").glob("*/publiccode.yml")):
        fields = yaml.safe_load(file.read_text(encoding="utf-8"))
        text = fields["description"]["en"]
        yield Record(
            f"publiccode/{file.parent.name}",
            fields["name"],
            text["shortDescription"],
            "\n".join([text["longDescription"], *text["features"]]),
            areas=areas(fields["intendedAudience"]["scope"]),
        )


def queries() -> list[Query]:
    """Return the labelled queries."""
    labels: dict[str, Any] = yaml.safe_load((HERE / "judgements.yaml").read_text(encoding="utf-8"))
    return [Query(key, item["relevant"], frozenset(item.get("never", ()))) for key, item in labels.items()]


def baseline(records: list[Record]) -> Ranking:
    """Return the plain way: cosine of TF-IDF over name, pitch and description."""
    texts = {item.key: re.findall(r"\w{2,}", f"{item.name} {item.pitch} {item.body}".lower()) for item in records}
    seen = Counter(word for words in texts.values() for word in set(words))
    vectors = {}
    for key, words in texts.items():
        vector = {
            word: number * (math.log((1 + len(texts)) / (1 + seen[word])) + 1)
            for word, number in Counter(words).items()
        }
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1
        vectors[key] = {word: weight / length for word, weight in vector.items()}

    def rank(key: str) -> list[str]:
        mine = vectors[key]
        scores = {
            other: sum(weight * vector[word] for word, weight in mine.items() if word in vector)
            for other, vector in vectors.items()
            if other != key
        }
        return sorted(scores, key=lambda other: (-scores[other], other))[:20]

    return rank


def ours(records: list[Record]) -> Ranking:
    """Return our engine's way."""
    index = Index(records)
    return lambda key: [other for other, _ in index.nearest(index.weighed[key])]


def measures(asked: list[Query], ranking: Ranking) -> dict[str, float]:
    """Return the means over queries: precision and its best possible, recall, nDCG, and traps among the first five."""
    total = defaultdict[str, float](float)
    for query in asked:
        found = ranking(query.key)
        first = found[:CUT]
        total["P@5"] += sum(key in query.grades for key in first) / CUT
        total["best P@5"] += min(len(query.grades), CUT) / CUT
        total["P@1"] += found[0] in query.grades if found else 0
        total["R@10"] += sum(key in query.grades for key in found[:10]) / len(query.grades)
        total["nDCG@5"] += _gain([query.grades.get(key, 0) for key in first]) / _gain(
            sorted(query.grades.values(), reverse=True)[:CUT]
        )
        total["traps"] += len(query.never & set(first))
    means = {name: total[name] / len(asked) for name in ("P@5", "best P@5", "P@1", "R@10", "nDCG@5")}
    return means | {"traps": total["traps"]}


def _gain(grades: list[int]) -> float:
    return float(sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades)))


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("--half", choices=["train", "held", "both"], default="both")
    parser.add_argument("--show", action="store_true", help="print each query with what was found")
    options = parser.parse_args()
    records = [*network(options.content), *foreign()]
    started = time.process_time()
    systems = {"TF-IDF": baseline(records)}
    between = time.process_time()
    systems["Parvis"] = ours(records)
    ended = time.process_time()
    print(f"{len(records)} services; index of Parvis {ended - between:.1f} s, of TF-IDF {between - started:.1f} s")
    everything = queries()
    for half in ["train", "held"] if options.half == "both" else [options.half]:
        part = [query for query in everything if query.is_held == (half == "held")]
        for label, asked in {
            "all": part,
            "French": [query for query in part if not query.crosses],
            "foreign": [query for query in part if query.crosses],
        }.items():
            print(f"\n{half}, {label}: {len(asked)} queries, {sum(len(query.grades) for query in asked)} pairs")
            for name, ranking in systems.items():
                row = "  ".join(f"{key} {value:.3f}" for key, value in measures(asked, ranking).items())
                print(f"  {name:<8}{row}")
        if options.show:
            for query in part:
                marks = [
                    f"{key}{'+' * query.grades.get(key, 0)}{'!' if key in query.never else ''}"
                    for key in systems["Parvis"](query.key)[:8]
                ]
                print(f"{query.key}: {' '.join(marks)}")


if __name__ == "__main__":
    main()
