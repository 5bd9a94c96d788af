"""The reference data are what the registers say, and the documents are described as they are."""

from pathlib import Path

import pytest
from pyoxigraph import Quad, QuerySolutions, Store

from kg.dataset import read
from kg.settings import Settings
from ledger import facts

ROOT = Path(__file__).parents[1]
PROLOGUE = f"""{facts.PROLOGUE}
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX eli: <http://data.europa.eu/eli/ontology#>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#>
"""

# Name, CBS code, Wikidata, province, and the locality that the coordinates are those of.
MUNICIPALITIES = {
    "amersfoort": ("Amersfoort", "GM0307", "Q992", "utrecht", "Amersfoort"),
    "ede": ("Ede", "GM0228", "Q26555", "gelderland", "Ede"),
    "ermelo": ("Ermelo", "GM0233", "Q753920", "gelderland", "Ermelo"),
    "goeree-overflakkee": (
        *("Goeree-Overflakkee", "GM1924", "Q933459", "zuid-holland", "Middelharnis"),
    ),
    "horst-aan-de-maas": ("Horst aan de Maas", "GM1507", "Q9797", "limburg", "Horst"),
    "leudal": ("Leudal", "GM1640", "Q9793", "limburg", "Heythuysen"),
    "leusden": ("Leusden", "GM0327", "Q10046", "utrecht", "Leusden"),
    "nederweert": ("Nederweert", "GM0946", "Q9789", "limburg", "Nederweert"),
    "oldenzaal": ("Oldenzaal", "GM0173", "Q10016", "overijssel", "Oldenzaal"),
    "ommen": ("Ommen", "GM0175", "Q10018", "overijssel", "Ommen"),
    "soest": ("Soest", "GM0342", "Q10041", "utrecht", "Soest"),
    # Not the Stein in Zuid-Holland, which CBS knows as GM1931.
    "stein": ("Stein", "GM0971", "Q9780", "limburg", "Stein"),
    "teylingen": ("Teylingen", "GM1525", "Q1368003", "zuid-holland", "Sassenheim"),
    "tubbergen": ("Tubbergen", "GM0183", "Q10023", "overijssel", "Tubbergen"),
    "weert": ("Weert", "GM0988", "Q9774", "limburg", "Weert"),
    "weststellingwerf": ("Weststellingwerf", "GM0098", "Q753913", "fryslan", "Wolvega"),
    "wijdemeren": ("Wijdemeren", "GM1696", "Q9975", "noord-holland", "Loosdrecht"),
    "winterswijk": ("Winterswijk", "GM0294", "Q72974", "gelderland", "Winterswijk"),
    "woudenberg": ("Woudenberg", "GM0351", "Q10055", "utrecht", "Woudenberg"),
}
PROVINCES = {
    "fryslan": ("Fryslân", "Friesland"),
    "gelderland": ("Gelderland", "Gelderland"),
    "limburg": ("Limburg", "Limburg"),
    "noord-holland": ("Noord-Holland", "North Holland"),
    "overijssel": ("Overijssel", "Overijssel"),
    "utrecht": ("Utrecht", "Utrecht"),
    "zuid-holland": ("Zuid-Holland", "South Holland"),
}
LAWS = {
    "jeugdwet": ("Jeugdwet", "BWBR0034925"),
    "leerplichtwet-1969": ("Leerplichtwet 1969", "BWBR0002628"),
    "participatiewet": ("Participatiewet", "BWBR0015703"),
    "wmo-2015": ("Wet maatschappelijke ondersteuning 2015", "BWBR0035362"),
}
# Title, the dates that the text states, and the passages with personal data.
DOCUMENTS = {
    "de-kleine-schans": (
        *("Inwoners staan centraal in unieke samenwerking", "-", "-", "526,544 68,86"),
    ),
    "ede-west": ("Sociale partners ondertekenen Intentieverklaring Pilot Ede-West", "-", "-", "-"),
    "midden-limburg-west": (
        *("Samenwerking in de wijk van start", "2014-06-19", "-", "3423,3434"),
    ),
    "samen-ermelo": (
        "Samen werken aan betere zorg en ondersteuning",
        *("2017-07-18", "2017-09-15", "2148,2241"),
    ),
    "village-deals": (
        "Vernieuwing in het sociaal domein: Village Deals trappen af",
        *("2017-10-04", "-", "3968,4039"),
    ),
}
# South, north; west, east.
NETHERLANDS = ((50.7, 53.6), (3.3, 7.3))


@pytest.fixture(scope="module")
def reference() -> Store:
    """The reference graphs and the sources, and nothing that a case or a coding says."""
    store = Store()
    statements = read(ROOT).in_graphs("reference/", "sources", "metadata")
    store.bulk_extend(Quad(*statement) for statement in statements)
    return store


def rows(store: Store, pattern: str) -> list[tuple[str, ...]]:
    """Return what the variables of a pattern are bound to, sorted; IRIs by their last segment."""
    answer = store.query(f"{PROLOGUE} SELECT * {{ {pattern} }}", use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    order = sorted(answer.variables, key=lambda variable: pattern.index(str(variable)))
    return sorted(tuple(row[one].value.rsplit("/", 1)[-1] for one in order) for row in answer)


def test_the_municipalities_are_those_of_the_cases(reference: Store) -> None:
    found = rows(reference, "?municipality a sam:Municipality ; foaf:name ?name")
    assert found == sorted((slug, row[0]) for slug, row in MUNICIPALITIES.items())
    assert len(found) == 19


def test_a_municipality_has_its_code_in_each_register(reference: Store) -> None:
    found = rows(
        reference,
        """?municipality sam:cbsCode ?code ; skos:exactMatch ?tooi ; skos:closeMatch ?item .
        FILTER (STRSTARTS(STR(?tooi), "https://identifier.overheid.nl/tooi/id/gemeente/"))
        FILTER (STRSTARTS(STR(?item), "http://www.wikidata.org/entity/"))""",
    )
    assert found == sorted(
        (slug, code, code.lower(), item) for slug, (_, code, item, _, _) in MUNICIPALITIES.items()
    )


def test_no_code_is_given_twice() -> None:
    codes = [code for row in MUNICIPALITIES.values() for code in row[1:3]]
    assert len(set(codes)) == len(codes) == 2 * len(MUNICIPALITIES)


def test_a_municipality_is_no_place_and_its_territory_no_organisation(reference: Store) -> None:
    assert rows(reference, "?x a sam:Municipality , sam:Place") == []
    assert rows(reference, "?x a sam:Municipality ; wgs84:lat|geo:sfWithin ?value") == []
    assert rows(reference, "?x a sam:Place ; sam:cbsCode ?code") == []


def test_a_municipality_has_one_territory_in_its_province(reference: Store) -> None:
    found = rows(
        reference,
        """?territory sam:inMunicipality ?municipality ; geo:sfWithin ?province ;
          foaf:name ?name ; sam:hasPlaceKind place-kind:municipal-territory .
        ?province sam:hasPlaceKind place-kind:province""",
    )
    assert found == sorted(
        (f"territory-of-{slug}", slug, row[3], row[0]) for slug, row in MUNICIPALITIES.items()
    )


def test_the_coordinates_are_those_of_the_locality_that_the_note_names(reference: Store) -> None:
    found = rows(
        reference,
        """?territory wgs84:lat ?north ; wgs84:long ?east ; skos:note ?note
        FILTER (LANG(?note) = "en")""",
    )
    (south, north), (west, east) = NETHERLANDS
    assert len({(latitude, longitude) for _, latitude, longitude, _ in found}) == 19
    for territory, latitude, longitude, note in found:
        locality = MUNICIPALITIES[territory.removeprefix("territory-of-")][4]
        assert note == f"The coordinates are those of the locality of {locality}."
        assert south < float(latitude) < north, territory
        assert west < float(longitude) < east, territory


def test_a_province_is_named_in_dutch_and_english(reference: Store) -> None:
    found = rows(
        reference,
        """?province a sam:Place ; sam:hasPlaceKind place-kind:province ;
          rdfs:label ?dutch , ?english
        FILTER (LANG(?dutch) = "nl" && LANG(?english) = "en")""",
    )
    assert found == sorted((slug, *names) for slug, names in PROVINCES.items())
    assert set(PROVINCES) == {row[3] for row in MUNICIPALITIES.values()}


def test_a_statute_has_its_number_and_leads_to_its_text(reference: Store) -> None:
    found = rows(
        reference,
        """?law a eli:LegalResource ; rdfs:label ?title ; dcterms:identifier ?number ;
          rdfs:seeAlso ?text
        FILTER (LANG(?title) = "nl")
        FILTER (STR(?text) = CONCAT("https://wetten.overheid.nl/", ?number))""",
    )
    assert found == sorted((slug, title, bwb, bwb) for slug, (title, bwb) in LAWS.items())


def test_the_participation_act_is_known_to_be_named_so_since_2015(reference: Store) -> None:
    notes = rows(reference, "law:participatiewet skos:note ?note")
    assert notes
    assert all("1 januari 2015" in note or "1 January 2015" in note for (note,) in notes)


def test_every_reference_fact_has_a_register_that_is_named_and_credited(reference: Store) -> None:
    without = """GRAPH ?graph { ?thing a ?kind FILTER NOT EXISTS { ?thing dcterms:source ?any } }
    FILTER (CONTAINS(STR(?graph), "/graph/reference/"))"""
    assert rows(reference, without) == []
    cited = rows(
        reference,
        """{ SELECT DISTINCT ?register { ?thing sam:hasPlaceKind|sam:cbsCode|rdfs:seeAlso ?any ;
          dcterms:source ?register } }""",
    )
    assert cited == [("basiswettenbestand",), ("geonames",), ("tooi-gemeenten",), ("wikidata",)]
    named = rows(
        reference,
        """?register a dcat:Dataset ; dcat:landingPage ?page ; dcterms:description ?in
        FILTER (LANG(?in) = "en" && CONTAINS(STR(?register), "/source/"))""",
    )
    credited = rows(
        reference, "<https://w3id.org/samenhang/id/dataset/samenhang> dcterms:source ?x"
    )
    assert set(cited) <= set(credited) == {(register,) for register, _, _ in named}


def test_what_asks_for_attribution_is_attributed(reference: Store) -> None:
    licensed = rows(
        reference,
        """?register dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
          dcterms:title ?title ; dcat:landingPage ?page
        FILTER (CONTAINS(STR(?register), "/source/"))""",
    )
    rights = rows(reference, "?dataset dcterms:rights ?rights")
    assert [title for _, title, _ in licensed] == ["GeoNames"]
    assert len(rights) == 2
    assert all("GeoNames, CC BY 4.0" in text for _, text in rights)


def test_a_document_has_its_title_its_dates_and_its_exclusions(reference: Store) -> None:
    found = rows(
        reference,
        """{ SELECT ?document ?title (COALESCE(?published, "-") AS ?issued)
          (COALESCE(?expired, "-") AS ?valid) (COALESCE(?passages, "-") AS ?excluded) {
            ?document a sam:SourceDocument ; dcterms:title ?title
            OPTIONAL { ?document dcterms:issued ?published }
            OPTIONAL { ?document dcterms:valid ?expired }
            OPTIONAL {
              SELECT ?document (GROUP_CONCAT(?offsets; SEPARATOR = " ") AS ?passages) {
                { SELECT ?document ?offsets {
                  ?document sam:hasExcludedPassage ?passage
                  BIND (STRAFTER(STR(?passage), "#char=") AS ?offsets)
                } ORDER BY ?offsets }
              } GROUP BY ?document
            }
        } }""",
    )
    assert found == sorted((slug, *row) for slug, row in DOCUMENTS.items())


def test_what_is_excluded_stands_nowhere_else_in_its_document() -> None:
    folder = Settings().sources
    if folder is None:
        pytest.skip("the texts are not at hand, as KG_SOURCES is not set")
    tried = 0
    for slug, (*_, excluded) in DOCUMENTS.items():
        text = rest = (folder / f"{slug}.txt").read_text()
        passages = [tuple(map(int, one.split(","))) for one in excluded.split() if one != "-"]
        for start, end in passages:
            rest = rest[:start] + " " * (end - start) + rest[end:]
        for start, end in passages:
            tried += 1
            assert text[start:end] not in rest, f"{slug}: characters {start} to {end} recur"
    assert tried == 5
