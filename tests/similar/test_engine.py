import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.similar.engine import evidence, glossary, relations, sections, storage, trust, words
from parvis.similar.engine.lexicon import Lexicon
from parvis.similar.engine.matching import compare
from parvis.similar.engine.profiles import profile
from parvis.similar.engine.ranking import Index
from parvis.similar.engine.reasons import analysed, reasons, sentence
from parvis.similar.engine.records import Record
from tests.patience import ends
from tests.similar.network import DROUGHT, HOUSING, INTERNSHIP, STAGE, TEMPLATE

ANYTHING = st.text(max_size=300)
RECORDS = [
    Record("stage", "Mon stage", "Trouver un stage de troisième", STAGE, areas=frozenset({"education"})),
    Record("decouverte", "Découverte", "Aider les collégiens à trouver un stage", INTERNSHIP),
    Record("seche", "Sèche", "Connaître les restrictions d'eau", DROUGHT),
    Record("toit", "Toit", "Signaler un logement indigne", HOUSING),
    Record("gb/placement", "Work experience", "Pupils find a work experience placement near their school."),
    Record("gb/hosepipe", "Water restrictions", "See whether a drought restriction applies to you."),
    Record("gb/repair", "Report a problem", "Tenants report damp, mould and other poor conditions of a rented home."),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(RECORDS)


def nearest(index: Index, key: str) -> list[str]:
    return [other for other, _ in index.nearest(index.weighed[key])]


def test_the_same_need_comes_first_in_the_same_language(index: Index) -> None:
    assert nearest(index, "stage")[0] == "decouverte"


@pytest.mark.parametrize(
    ("french", "english"), [("stage", "gb/placement"), ("seche", "gb/hosepipe"), ("toit", "gb/repair")]
)
def test_the_glossary_bridges_the_languages_both_ways(index: Index, french: str, english: str) -> None:
    assert english in nearest(index, french)[:2]
    assert nearest(index, english)[0] == french


def test_sentences_that_several_services_share_bring_nothing_together(index: Index) -> None:
    assert "seche" not in nearest(index, "stage")
    match = compare(index.weighed["stage"], index.weighed["seche"])
    assert not {"recommandon", "fich", "redact"} & set(match.terms)


def test_boilerplate_headings_are_learnt_and_removed() -> None:
    others = [
        Record(str(number), f"Nom {number}", "", f"## Bidule\n\nTexte {word}") for number, word in enumerate("abcd")
    ]
    lexicon = Index(others).lexicon
    assert "bidule" in lexicon.labels
    assert "bidul" not in profile(others[0], lexicon).terms["whole"]


def test_a_family_name_alone_brings_nothing_together() -> None:
    needs = ["bourse scolaire", "météo marine", "vaccination animale", "taxe foncière", "prison", "forêt"]
    family = [Record(need, f"Zorglub {need}", need) for need in needs]
    index = Index([*family, *RECORDS])
    assert "zorglub" in index.lexicon.families
    assert compare(index.weighed["prison"], index.weighed["forêt"]).score == 0


def test_reasons_are_words_as_people_write_them(index: Index) -> None:
    match = compare(index.weighed["stage"], index.weighed["decouverte"])
    told = reasons(match, index.weighed["stage"].profile, index.weighed["decouverte"].profile, "fr")
    assert "stage" in told.words
    assert {"collégiens", "collège"} & set(told.words)


def test_reasons_across_languages_are_told_in_the_language_of_the_reader(index: Index) -> None:
    match = compare(index.weighed["toit"], index.weighed["gb/repair"])
    sides = index.weighed["toit"].profile, index.weighed["gb/repair"].profile
    assert "locataires" in reasons(match, *sides, "fr").words
    assert "tenants" in reasons(match, *sides, "en").words


def test_the_sentence_to_read_holds_what_is_shared() -> None:
    told = analysed(
        ["Cette phrase ne dit rien de particulier ici.", "Les locataires signalent leur logement indigne."], "fr"
    )
    assert sentence(told, ["=mal logement", "locatair"]) == "Les locataires signalent leur logement indigne."


def test_shared_users_and_areas_only_add(index: Index) -> None:
    plain = Record("a", "Mon stage", "Trouver un stage")
    marked = Record("a", "Mon stage", "Trouver un stage", areas=frozenset({"education"}))
    one, two = (index.weigh(profile(record, index.lexicon)) for record in (plain, marked))
    assert compare(two, index.weighed["stage"]).score > compare(one, index.weighed["stage"]).score


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Problème", "problem"), ("Le problème visé :", "problem"), ("Notre solution 💡", "solution"),
        ("Contexte", "context"), ("Budget et équipe", "rest"), ("The problem", "problem"), ("Zorglub", "context"),
    ],
)  # fmt: skip
def test_headings_say_what_a_section_is_about(heading: str, kind: str) -> None:
    assert sections.kind_of(heading) == kind


def test_a_description_falls_into_its_sections() -> None:
    found = sections.split("Avant.\n\n## Problème\n\nUn mal.\n\n**Solution**\n\nUn [remède](https://x.example).")
    assert [(part.kind, part.text.strip()) for part in found] == [
        ("context", "Avant."),
        ("problem", "Un mal."),
        ("solution", "Un remède."),
    ]


def test_text_is_read_without_markup_addresses_and_elisions() -> None:
    assert words.plain("<b>L’eau</b> &amp; [le feu](https://a.example) a@b.example").split() == [
        "L’eau",
        "&",
        "le",
        "feu",
    ]
    assert [stem for stem, _ in words.stems("L’accès à l’eau des élèves", "fr")] == ["acces", "eau", "elev"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("The tenants of the house", "en"), ("Les locataires de la maison", "fr"), ("123", "fr"), ("", "fr")],
)
def test_the_language_is_told_by_small_words(text: str, code: str) -> None:
    assert words.language(text) == code


def test_every_line_of_the_glossary_is_found_from_both_sides() -> None:
    found = glossary.standard()
    assert len(found.names) > 400
    for code in words.LANGUAGES:
        named = {concept for concepts in found.phrases[code].values() for concept in concepts}
        assert set(found.names) - named == set()


def test_a_word_that_names_two_things_counts_half_for_each() -> None:
    lexicon = Lexicon()
    alone = profile(Record("a", "", "livre"), lexicon).terms["whole"]
    assert {term for term in alone if term[0] == "="} == {"=livre"}
    assert {"=réserver", "=livre"} <= set(profile(Record("b", "", "to book", language="en"), lexicon).terms["whole"])


def test_refusals_take_weight_and_confirmations_give_it_back() -> None:
    assert trust.trust([(False, ["a", "b"])]) == {"a": 0.8, "b": 0.8}
    assert trust.trust([(False, ["a"]), (True, ["a"])]) == {}
    assert trust.trust([(True, ["a"])] * 9) == {}
    assert trust.trust([(False, ["a"])] * 9) == {"a": 0.4}


def test_less_trusted_words_bring_pairs_less_near() -> None:
    before, after = Index(RECORDS), Index(RECORDS, {"stag": 0.4, "=stage": 0.4})
    scores = [compare(one.weighed["stage"], one.weighed["decouverte"]).score for one in (before, after)]
    assert scores[1] < scores[0]


def test_related_words_are_learnt_from_services_that_hold_both() -> None:
    near = relations.learn([["eau", "nappe"]] * 8 + [["stage", "école"]] * 30 + [["eau", "stage"]])
    assert [term for term, _ in near["eau"]] == ["nappe"]
    assert relations.widen({"eau": 1.0}, near)["nappe"] > 0


@pytest.mark.parametrize(
    ("theme", "area"),
    [
        ("Écologie", "environment"), ("Logement", "welfare"), ("Driving and transport", "transportation"),
        ("Travail / Emploi", "employment"), ("culture", "culture"), ("Zorglub", None),
    ],
)  # fmt: skip
def test_themes_of_all_directories_meet_in_policy_areas(theme: str, area: str | None) -> None:
    assert evidence.areas([theme]) == (frozenset({area}) if area else frozenset())


@pytest.mark.parametrize(
    ("name", "phase"),
    [
        ("Discovery", "investigation"), ("ALPHA", "construction"), ("Private-Beta", "acceleration"),
        ("stable", "operation"), ("Live", "operation"), ("obsolete", "stopped"), ("retired", "stopped"),
        ("unknown", ""),
    ],
)  # fmt: skip
def test_phases_of_other_directories_are_understood(name: str, phase: str) -> None:
    assert evidence.phase(name) == phase


def test_what_is_stored_compares_as_what_was_computed(index: Index) -> None:
    kept = {key: storage.from_json(key, storage.to_json(one)) for key, one in index.weighed.items()}
    before = compare(index.weighed["stage"], index.weighed["gb/placement"])
    after = compare(kept["stage"], kept["gb/placement"])
    assert math.isclose(before.score, after.score, rel_tol=0.01)
    assert list(storage.unpack(storage.pack([(7, 0.5), (9, 0.25)]))) == [(7, 0.5), (9, 0.25)]


@settings(max_examples=40)
@given(ANYTHING, ANYTHING)
def test_any_text_is_compared_the_same_both_ways(index: Index, first: str, second: str) -> None:
    one, two = (index.weigh(profile(Record("x", text, text, text), index.lexicon)) for text in (first, second))
    there, back = compare(one, two), compare(two, one)
    assert math.isclose(there.score, back.score)
    assert 0 <= there.score < 2
    found = [match.score for _, match in index.nearest(one)]
    assert all(nearer >= farther for nearer, farther in pairwise(found))


@settings(max_examples=60)
@given(ANYTHING)
def test_no_text_breaks_reading(text: str) -> None:
    for part in sections.split(text):
        assert part.text.strip()
    assert words.fold(words.fold(text)) == words.fold(text)
    assert all(stem for code in words.LANGUAGES for stem, _ in words.stems(text, code))


@pytest.mark.parametrize(
    "text",
    [
        *("[" * 30_000, "<a" * 20_000, "**" * 20_000, "a: " * 10_000, "# " * 20_000, "x" * 40_000),
        *("(" * 9 + "[](" * 9_000, "@" * 40_000, "a@" * 20_000, "# x" + " " * 40_000 + "x", "# x" + "#" * 40_000 + "x"),
        *("**xx**" + " " * 40_000 + "x", "a" + " " * 40_000 + "x", "- " + "a " * 20_000),
    ],
    ids=lambda text: text[:8],
)
def test_reading_a_hostile_text_ends(text: str) -> None:
    """Each of these took hours, or would, with repeats that share their characters."""
    with ends():
        profile(Record("x", text[:200], text[:1000], text), Lexicon())
        sections.without_label(text)


def test_the_template_is_boilerplate(index: Index) -> None:
    shown = {surface for one in index.weighed.values() for surface in one.profile.shown.values()}
    assert "collégiens" in shown
    assert "recommandons" in TEMPLATE
    assert "recommandons" not in shown
