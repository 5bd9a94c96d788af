"""Each rule passes what is sound and finds what is not, and has something to check in our data."""

from pathlib import Path

import pytest

from kg import attestations, rules
from kg.dataset import Dataset, read
from kg.errors import DataError
from kg.findings import Finding

ROOT = Path(__file__).parents[1]

PREFIXES = """
@base <https://w3id.org/samenhang/source/> .
@prefix bibo: <http://purl.org/ontology/bibo/> .
@prefix body: <https://w3id.org/samenhang/id/body/> .
@prefix c: <https://w3id.org/samenhang/id/collaboration/> .
@prefix code: <https://w3id.org/samenhang/id/coding/> .
@prefix codebook: <https://w3id.org/samenhang/concept/codebook/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix id: <https://w3id.org/samenhang/id/> .
@prefix m: <https://w3id.org/samenhang/id/membership/> .
@prefix m8g: <http://data.europa.eu/m8g/> .
@prefix municipality: <https://w3id.org/samenhang/id/municipality/> .
@prefix o: <https://w3id.org/samenhang/id/organisation/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix person: <https://w3id.org/samenhang/id/person/> .
@prefix pilot: <https://w3id.org/samenhang/id/pilot/> .
@prefix post: <https://w3id.org/samenhang/id/post/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sam: <https://w3id.org/samenhang/ontology#> .
@prefix sector: <https://w3id.org/samenhang/concept/sector/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix stage: <https://w3id.org/samenhang/concept/stage/> .
@prefix time: <http://www.w3.org/2006/time#> .
@prefix vann: <http://purl.org/vocab/vann/> .
@prefix wikidata: <http://www.wikidata.org/entity/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

SOUND = {
    "ontology/samenhang.ttl": """
<https://w3id.org/samenhang/ontology> a owl:Ontology ;
    dcterms:bibliographicCitation "Samenhang"@en ; dcterms:title "Samenhang"@nl ;
    dcterms:description "Begrippen."@nl , "Terms."@en ; rdfs:label "Samenhang"@nl ;
    dcterms:created "2026-11-21"^^xsd:date ; dcterms:issued "2026-11-21"^^xsd:date ;
    dcterms:modified "2026-11-21"^^xsd:date ; dcterms:license <https://example.org/license> ;
    dcterms:creator <https://example.org/> ; dcterms:publisher <https://example.org/> ;
    bibo:status <https://example.org/draft> ; vann:preferredNamespacePrefix "sam" ;
    vann:preferredNamespaceUri "https://w3id.org/samenhang/ontology#" ;
    owl:versionInfo "0.1.0" ; owl:versionIRI <https://w3id.org/samenhang/ontology/0.1.0> .
<https://w3id.org/samenhang/ontology/0.1.0> a foaf:Document .

sam:Agreement a owl:Class ; rdfs:subClassOf prov:Entity ;
    rdfs:isDefinedBy <https://w3id.org/samenhang/ontology> ;
    rdfs:label "afspraak"@nl , "Agreement"@en ;
    skos:definition "Vastlegging van wat partijen willen."@nl , "Record of what parties want."@en .
sam:Deal a owl:Class ; rdfs:subClassOf sam:Agreement .
sam:Attestation a owl:Class .
sam:Coding a owl:Class .
sam:Collaboration a owl:Class ; rdfs:subClassOf org:Organization .
sam:Municipality a owl:Class ; rdfs:subClassOf m8g:PublicOrganisation .
sam:Pilot a owl:Class ; rdfs:subClassOf prov:Activity .
sam:Place a owl:Class ; rdfs:subClassOf geo:Feature .
sam:SourceDocument a owl:Class .
sam:Variable a owl:Class ; rdfs:subClassOf skos:Concept .
[] a owl:AllDisjointClasses ; owl:members ( org:Organization sam:Agreement sam:Attestation
    sam:Coding sam:Municipality sam:Pilot sam:Place sam:SourceDocument skos:Concept ) .

sam:about a owl:ObjectProperty ; rdfs:domain sam:Attestation .
sam:boundBy a owl:ObjectProperty ; rdfs:domain sam:Collaboration ; rdfs:range sam:Agreement ;
    rdfs:isDefinedBy <https://w3id.org/samenhang/ontology> .
sam:carriesOut a owl:ObjectProperty ; rdfs:domain sam:Collaboration ; rdfs:range sam:Pilot .
sam:codedNumber a owl:DatatypeProperty ; rdfs:domain sam:Coding ; rdfs:range xsd:integer .
sam:codesCase a owl:ObjectProperty ; rdfs:domain sam:Coding ; rdfs:range sam:Collaboration .
sam:codesMember a owl:ObjectProperty ; rdfs:domain sam:Coding ; rdfs:range org:Organization .
sam:codesVariable a owl:ObjectProperty ; rdfs:domain sam:Coding ; rdfs:range sam:Variable .
sam:documentedIn a owl:ObjectProperty ; rdfs:domain sam:Collaboration ;
    rdfs:range sam:SourceDocument .
sam:hasCodedValue a owl:ObjectProperty ; rdfs:domain sam:Coding ; rdfs:range skos:Concept .
sam:hasValueScheme a owl:ObjectProperty ; rdfs:domain sam:Variable ;
    rdfs:range skos:ConceptScheme .
sam:inPassage a owl:ObjectProperty ; rdfs:range oa:SpecificResource ;
    rdfs:domain [ a owl:Class ; owl:unionOf ( sam:Attestation sam:Coding ) ] .
sam:onWeekday a owl:ObjectProperty ; rdfs:domain sam:Pilot ; rdfs:range time:DayOfWeek .
sam:endDate a owl:DatatypeProperty ; rdfs:domain sam:Pilot .
sam:startDate a owl:DatatypeProperty ; rdfs:domain sam:Pilot .
sam:startDay a owl:DatatypeProperty ; rdfs:subPropertyOf sam:startDate ; rdfs:range xsd:string .
sam:attests a owl:AnnotationProperty .
sam:openQuestion a owl:AnnotationProperty .
""",
    "ontology/alignments/all.ttl": """
dcat:Dataset a owl:Class .
foaf:Document a owl:Class .
foaf:Person a owl:Class .
geo:Feature a owl:Class .
m8g:PublicOrganisation a owl:Class .
oa:SpecificResource a owl:Class .
org:Membership a owl:Class .
org:Organization a owl:Class .
org:Post a owl:Class .
prov:Activity a owl:Class .
prov:Entity a owl:Class .
skos:Concept a owl:Class .
skos:ConceptScheme a owl:Class .
time:DayOfWeek a owl:Class .
bibo:status a owl:AnnotationProperty .
dcterms:bibliographicCitation a owl:AnnotationProperty .
dcterms:created a owl:AnnotationProperty .
dcterms:creator a owl:AnnotationProperty .
dcterms:description a owl:AnnotationProperty .
dcterms:issued a owl:AnnotationProperty .
dcterms:isReplacedBy a owl:AnnotationProperty .
dcterms:license a owl:AnnotationProperty .
dcterms:modified a owl:AnnotationProperty .
dcterms:publisher a owl:AnnotationProperty .
dcterms:source a owl:AnnotationProperty .
dcterms:title a owl:AnnotationProperty .
org:heldBy a owl:ObjectProperty .
org:holds a owl:ObjectProperty ; owl:inverseOf org:heldBy .
org:member a owl:ObjectProperty ; rdfs:domain org:Membership .
org:organization a owl:ObjectProperty .
org:postIn a owl:ObjectProperty .
org:subOrganizationOf a owl:ObjectProperty .
skos:altLabel a owl:AnnotationProperty .
skos:closeMatch a owl:ObjectProperty .
skos:definition a owl:AnnotationProperty .
skos:example a owl:AnnotationProperty .
skos:inScheme a owl:ObjectProperty .
skos:note a owl:AnnotationProperty .
skos:prefLabel a owl:AnnotationProperty .
vann:preferredNamespacePrefix a owl:AnnotationProperty .
vann:preferredNamespaceUri a owl:AnnotationProperty .
""",
    "ontology/shapes/all.ttl": """
<https://w3id.org/samenhang/shapes#Place> a sh:NodeShape ; sh:targetClass sam:Place ;
    sh:property [ sh:path sam:startDay ] .
<https://w3id.org/samenhang/shapes#Day> a sh:NodeShape ; sh:targetObjectsOf sam:onWeekday .
""",
    "ontology/concepts/all.ttl": """
<https://w3id.org/samenhang/concept/codebook> a skos:ConceptScheme .
<https://w3id.org/samenhang/concept/sector> a skos:ConceptScheme .
<https://w3id.org/samenhang/concept/stage> a skos:ConceptScheme .
codebook:not-stated a skos:Concept ; skos:inScheme <https://w3id.org/samenhang/concept/codebook> .
codebook:v02 a sam:Variable ; skos:inScheme <https://w3id.org/samenhang/concept/codebook> ;
    sam:hasValueScheme <https://w3id.org/samenhang/concept/stage> .
codebook:v04 a sam:Variable ; skos:inScheme <https://w3id.org/samenhang/concept/codebook> .
codebook:v06 a sam:Variable ; skos:inScheme <https://w3id.org/samenhang/concept/codebook> ;
    sam:hasValueScheme <https://w3id.org/samenhang/concept/sector> .
sector:care a skos:Concept ; skos:inScheme <https://w3id.org/samenhang/concept/sector> ;
    skos:prefLabel "zorg"@nl , "care"@en ;
    skos:definition "Hulp bij ziekte."@nl , "Help in illness."@en .
stage:signed a skos:Concept ; skos:inScheme <https://w3id.org/samenhang/concept/stage> ;
    skos:prefLabel "ondertekend"@nl , "signed"@en .
""",
    "data/cases/x.ttl": """
c:x a sam:Collaboration ; rdfs:label "samenwerking X"@nl , "collaboration X"@en ;
    sam:documentedIn <x> ; sam:boundBy id:agreement\\/x ; sam:carriesOut pilot:x .
c:x-part a sam:Collaboration ; org:subOrganizationOf c:x ; sam:documentedIn <x> .
id:agreement\\/x a sam:Deal .
pilot:x a sam:Pilot ; sam:startDate "2017-09-14"^^xsd:date ; sam:endDate "2017-09-15"^^xsd:date .
m:x-a a org:Membership ; org:organization c:x ; org:member o:a .
m:x-b a org:Membership ; org:organization c:x ; org:member o:b .
m:x-part-a a org:Membership ; org:organization c:x-part ; org:member o:a .
o:a a org:Organization ; rdfs:label "A"@nl .
o:b a org:Organization ; rdfs:label "B"@nl .
municipality:ede skos:altLabel "Ee"@nl .
post:alderman a org:Post ; org:postIn municipality:ede ; org:heldBy person:p .
person:p a foaf:Person .
[] a sam:Attestation ; sam:about c:x ; sam:attests sam:boundBy ; sam:inPassage <x#char=0,5> .
""",
    "data/coding/x.ttl": """
c:x sam:openQuestion "Wanneer?"@nl , "When?"@en .
[] a sam:Attestation ; sam:about c:x ; sam:attests sam:openQuestion ;
    sam:inPassage <x#char=5,9> .
code:x-v02 a sam:Coding ; sam:codesCase c:x ; sam:codesVariable codebook:v02 ;
    sam:hasCodedValue stage:signed ; sam:inPassage <x#char=0,5> .
code:x-v04 a sam:Coding ; sam:codesCase c:x ; sam:codesVariable codebook:v04 ;
    sam:codedNumber 2 ; sam:inPassage <x#char=0,5> .
code:x-v06-a a sam:Coding ; sam:codesCase c:x ; sam:codesVariable codebook:v06 ;
    sam:codesMember o:a ; sam:hasCodedValue sector:care ; sam:inPassage <x#char=0,5> .
code:x-v06-not-stated a sam:Coding ; sam:codesCase c:x ; sam:codesVariable codebook:v06 ;
    sam:codesMember o:b ; sam:hasCodedValue codebook:not-stated .
code:x-part-v02 a sam:Coding ; sam:codesCase c:x-part ; sam:codesVariable codebook:v02 ;
    sam:hasCodedValue stage:signed ; sam:inPassage <x#char=0,5> .
code:x-part-not-stated a sam:Coding ; sam:codesCase c:x-part ;
    sam:codesVariable codebook:v04 , codebook:v06 ; sam:hasCodedValue codebook:not-stated .
""",
    "data/reference/all.ttl": """
municipality:ede a sam:Municipality ; skos:closeMatch wikidata:Q26555 ;
    dcterms:source <register> .
""",
    "data/sources.ttl": """
<register> a dcat:Dataset .
<x> a sam:SourceDocument ; dcterms:title "Bericht"@nl .
<y> a sam:SourceDocument ; dcterms:title "Ander bericht"@nl .
""",
}

ONTOLOGY, SHAPES, CONCEPTS, CASE, CODING, REFERENCE, SOURCES = (
    *("ontology/samenhang.ttl", "ontology/shapes/all.ttl", "ontology/concepts/all.ttl"),
    *("data/cases/x.ttl", "data/coding/x.ttl", "data/reference/all.ttl", "data/sources.ttl"),
)

ATTESTATION = "[] a sam:Attestation ; sam:about c:x ; sam:inPassage <x#char=0,5> ."

# For each rule: the file and what is replaced in it, nothing where something is added at its end;
# the end of the IRI of the node found.
FAULTS = {
    "analysts-properties": [
        (CASE, "", 'c:x sam:openQuestion "?"@nl .', "id/collaboration/x"),
        (SOURCES, "", "<x> sam:codesCase c:x .", "source/x"),
    ],
    "case-things": [
        (REFERENCE, "", "pilot:x a sam:Pilot .", "id/pilot/x"),
        (CASE, "skos:altLabel", "rdfs:label", "id/municipality/ede"),
    ],
    "class-and-property-names": [
        (ONTOLOGY, "", "sam:my_Class a owl:Class .", "ontology#my_Class"),
        (ONTOLOGY, "", "sam:Has a owl:ObjectProperty .", "ontology#Has"),
    ],
    "coded-members": [
        (CODING, "sam:codesMember o:b ;", "sam:codesMember o:a ;", "id/collaboration/x"),
        (CODING, "sam:codesMember o:b ;", "", "id/collaboration/x"),
        (CODING, "codesMember o:b", "codesMember municipality:ede", "id/collaboration/x"),
    ],
    "coded-values": [
        (CODING, "hasCodedValue stage:signed", "hasCodedValue sector:care", "id/coding/x-v02"),
        (CODING, "hasCodedValue stage:signed", "codedNumber 2", "id/coding/x-v02"),
    ],
    "coded-variables": [
        (CODING, "codesVariable codebook:v04 ,", "codesVariable", "id/collaboration/x-part"),
        (
            CODING,
            "",
            "code:x sam:codesCase c:x ; sam:codesVariable codebook:v02 .",
            "id/collaboration/x",
        ),
    ],
    "coding-graphs": [
        (CODING, "", "pilot:x sam:startDate 5 .", "id/pilot/x"),
    ],
    "connected-terms": [
        (ONTOLOGY, "", "sam:Island a owl:Class .", "ontology#Island"),
    ],
    "declared-classes": [
        (CASE, "", "o:a a sam:Hospital .", "ontology#Hospital"),
        (ONTOLOGY, "rdfs:range xsd:integer", "rdfs:range sam:Count", "ontology#Count"),
        (ONTOLOGY, "sam:Attestation sam:Coding )", "sam:Reading )", "ontology#Reading"),
        (SHAPES, "targetClass sam:Place", "targetClass sam:Spot", "ontology#Spot"),
    ],
    "declared-properties": [
        (CASE, "", "o:a sam:size 5 .", "ontology#size"),
        (CASE, "attests sam:boundBy", "attests sam:tiedBy", "ontology#tiedBy"),
        (SHAPES, "sh:path sam:startDay", "sh:path sam:firstDay", "ontology#firstDay"),
    ],
    "deprecated-terms": [
        (ONTOLOGY, "", "sam:Agreement owl:deprecated true .", "ontology#Agreement"),
        (ONTOLOGY, "", "sam:Agreement dcterms:isReplacedBy sam:Deal .", "ontology#Agreement"),
        (
            CONCEPTS,
            "",
            "stage:signed owl:deprecated true ; dcterms:isReplacedBy sector:care .",
            "concept/stage/signed",
        ),
    ],
    "described-things": [
        (CASE, "", "pilot:x sam:onWeekday id:day\\/x .", "id/day/x"),
        (CASE, "", 'id:pilot\\/y rdfs:label "Y"@nl .', "id/pilot/y"),
        (ONTOLOGY, "0.1.0> a foaf:Document", "0.1.0> rdfs:label 'x'", "ontology/0.1.0"),
    ],
    "disjointness": [
        (ONTOLOGY, "sam:Agreement sam:Attestation", "sam:Attestation", "ontology#Deal"),
    ],
    "distinct-texts": [
        (CASE, "", 'o:c a org:Organization ; rdfs:label "A"@nl .', "id/organisation/a"),
        (CONCEPTS, "", 'sector:cure skos:prefLabel "care"@en .', "concept/sector/cure"),
    ],
    "documents-of-sub-cases": [
        (CASE, "", "c:x-part sam:documentedIn <y> .", "id/collaboration/x-part"),
    ],
    "domains-and-ranges": [
        (ONTOLOGY, "rdfs:range sam:Pilot", "rdfs:label 'x'", "ontology#carriesOut"),
        (ONTOLOGY, "", "sam:boundBy rdfs:range sam:Deal .", "ontology#boundBy"),
        (ONTOLOGY, "; rdfs:subPropertyOf sam:startDate", "", "ontology#startDay"),
        (ONTOLOGY, "", "org:member rdfs:domain org:Post .", "http://www.w3.org/ns/org#member"),
    ],
    "graphs-and-types": [
        (SOURCES, "", "m:x-c a org:Membership .", "id/membership/x-c"),
        (ONTOLOGY, "", "pilot:y a sam:Pilot .", "id/pilot/y"),
    ],
    "figures": [
        (CASE, "2017-09-15", "2017-09-13", "id/pilot/x"),
        (CASE, "", "c:x sam:municipalityCount 3 ; sam:inMunicipality o:a .", "id/collaboration/x"),
    ],
    "hierarchy-cycles": [
        (ONTOLOGY, "", "sam:Agreement rdfs:subClassOf sam:Deal .", "ontology#Agreement"),
        (CONCEPTS, "", "sector:care skos:broader sector:care .", "concept/sector/care"),
    ],
    "iri-spelling": [
        (CASE, "", "o:RIBW a org:Organization .", "id/organisation/RIBW"),
        (SOURCES, "", "<x_1> a sam:SourceDocument .", "source/x_1"),
        (ONTOLOGY, "", "<../ontology/new> a foaf:Document .", "ontology/new"),
    ],
    "kinds-and-types": [
        (CASE, "", "post:p a sam:Pilot .", "id/post/p"),
        (CASE, "", "id:hospital\\/a a org:Organization .", "id/hospital/a"),
        (CONCEPTS, "sector:care a skos:Concept ; ", "stage:care ", "concept/stage/care"),
    ],
    "links-to-other-data": [
        (REFERENCE, "skos:closeMatch", "skos:exactMatch", "id/municipality/ede"),
        (REFERENCE, "", "municipality:ede owl:sameAs <urn:ede> .", "id/municipality/ede"),
    ],
    "links-to-persons": [
        (CASE, "", "c:x org:member person:p .", "id/collaboration/x"),
    ],
    "names-after-cases": [
        (CASE, "", "m:y-a a org:Membership ; org:organization c:x .", "id/membership/y-a"),
        (CODING, "codesVariable codebook:v02", "codesVariable codebook:v04", "id/coding/x-v02"),
    ],
    "one-label-per-language": [
        (SOURCES, "", 'o:a rdfs:label "Aa"@nl .', "id/organisation/a"),
    ],
    "ontology-header": [
        (ONTOLOGY, "dcterms:license", "dcterms:source", "ontology"),
    ],
    "ontology-iris": [
        (ONTOLOGY, "ontology/0.1.0>", "ontology/0.2.0>", "ontology"),
        (ONTOLOGY, 'ontology#" ;', 'terms#" ;', "ontology"),
        (ONTOLOGY, "", "<https://w3id.org/o.ttl> a owl:Ontology .", "https://w3id.org/o.ttl"),
    ],
    "orphans": [
        (CASE, "sam:boundBy id:agreement\\/x ;", "", "id/agreement/x"),
    ],
    "own-namespace": [
        (
            ONTOLOGY,
            "",
            "prov:Entity rdfs:subClassOf sam:Place .",
            "http://www.w3.org/ns/prov#Entity",
        ),
    ],
    "pairs-of-graphs": [
        ("data/coding/y.ttl", "", "code:y-v02 sam:codesCase c:x .", "graph/coding/y"),
        ("data/cases/y.ttl", "", "[] sam:about c:x .", "graph/case/y"),
    ],
    "passages-of-the-case": [
        (CASE, "<x#char=0,5>", "<y#char=0,5>", ""),
        ("data/cases/y.ttl", "", "c:y sam:documentedIn <y> . " + ATTESTATION, ""),
        (
            CODING,
            "stage:signed ; sam:inPassage <x#",
            "stage:signed ; sam:inPassage <y#",
            "id/coding/x-v02",
        ),
    ],
    "properties-of-one-direction": [
        (ONTOLOGY, "", "org:holds owl:inverseOf sam:boundBy .", "ontology#boundBy"),
    ],
    "recursive-definitions": [
        (ONTOLOGY, "Record of", "Written agreement on", "ontology#Agreement"),
    ],
    "sources-of-reference-data": [
        (REFERENCE, "dcterms:source <register>", "rdfs:seeAlso <register>", "id/municipality/ede"),
    ],
    "statements-in-one-graph": [
        (CODING, "", 'o:a rdfs:label "A"@nl .', "id/organisation/a"),
    ],
    "text-layout": [
        (CASE, '"A"@nl', '"A "@nl', "id/organisation/a"),
        (CONCEPTS, "Help in illness.", "Help in illness", "concept/sector/care"),
    ],
    "texts-in-two-languages": [
        (CODING, ', "When?"@en', "", "id/collaboration/x"),
    ],
    "used-terms": [
        (ONTOLOGY, "", "sam:Idle a owl:Class .", "ontology#Idle"),
        (ONTOLOGY, "", "sam:idles a owl:DatatypeProperty .", "ontology#idles"),
    ],
    "vocabularies-reused": [
        (ONTOLOGY, "rdfs:subClassOf m8g:PublicOrganisation", "", "ontology"),
    ],
}

RULE = """#+ message: is odd beside
#+ remedy: make it even
SELECT ?focus ?value ?sound { VALUES (?focus ?value ?sound) { (<urn:a> <urn:b> true) } }
"""


def dataset(folder: Path, files: dict[str, str]) -> Dataset:
    for path, turtle in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(PREFIXES + turtle)
    return attestations.name(read(folder))


def found(folder: Path, rule: str) -> Finding:
    """Return the only finding of a rule in a dataset where there is little to find."""
    (folder / "one.rq").write_text(rule)
    (finding,) = rules.check(dataset(folder, {CASE: "o:a rdfs:label 'A'@nl ."}), folder).findings
    return finding


def test_sound_data_keep_every_rule_and_give_each_something_to_check(tmp_path: Path) -> None:
    report = rules.check(dataset(tmp_path, SOUND))
    assert report.faults == []
    assert len(report.checked) > 30


@pytest.mark.parametrize(
    ("rule", "path", "old", "new", "focus"),
    [(rule, *fault) for rule, faults in FAULTS.items() for fault in faults],
)
def test_a_fault_breaks_its_rule(
    tmp_path: Path, rule: str, path: str, old: str, new: str, focus: str
) -> None:
    text = SOUND.get(path, "")
    assert old in text
    spoilt = text.replace(old, new, 1) if old else text + new
    report = rules.check(dataset(tmp_path, {**SOUND, path: spoilt}))
    broken = [one.focus for one in report.findings if one.check == f"rule/{rule}"]
    assert any(node.endswith(focus) for node in broken), report.findings


def test_every_rule_is_broken_by_some_fault() -> None:
    assert set(FAULTS) == {rule.name for rule in rules.read()}


def test_our_own_data_keep_every_rule_and_give_each_something_to_check() -> None:
    data = attestations.name(read(ROOT))
    report = rules.check(data.adding(attestations.describe(data, None)))
    assert report.faults == []


def test_a_finding_says_where_what_and_how_to_mend_it(tmp_path: Path) -> None:
    focus = "https://w3id.org/samenhang/id/organisation/a"
    row = f"(<{focus}> <http://www.w3.org/ns/org#role> false)"
    assert found(tmp_path, RULE.replace("(<urn:a> <urn:b> true)", row)) == Finding(
        place="data/cases/x.ttl",
        focus=focus,
        message="is odd beside org:role",
        remedy="make it even",
        check="rule/one",
    )


def test_what_cannot_be_said_to_be_sound_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, RULE.replace("true", "UNDEF")).focus == "urn:a"


def test_a_rule_that_has_nothing_to_check_is_counted_as_such(tmp_path: Path) -> None:
    (tmp_path / "one.rq").write_text(RULE.replace("(<urn:a> <urn:b> true)", ""))
    report = rules.check(dataset(tmp_path, {CASE: ""}), tmp_path)
    assert report.checked == {"rule one": 0}
    (fault,) = report.faults
    assert "nothing was checked" in str(fault)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#+ message: is odd beside", "# odd", "one.rq: no comment '#+ message: …'"),
        ("#+ remedy: make it even", "", "one.rq: no comment '#+ remedy: …'"),
        ("VALUES (", "VALUE (", "one.rq: not a rule: not SPARQL"),
        ("SELECT ?focus ?value ?sound", "ASK", "one.rq: not a rule: not a SELECT"),
        ("SELECT ?focus ?value ?sound", "SELECT ?focus", "one.rq: not a rule: selects other"),
        ("SELECT ?focus ?value ?sound", "SELECT *", None),
        ("(?focus ?value ?sound)", "(?focus ?other ?sound)", None),
        ("<urn:a>", "UNDEF", "one.rq: not a rule: a row has the focus None"),
        ("<urn:a>", "'a'", 'one.rq: not a rule: a row has the focus "a"'),
        ("true)", "'yes')", 'one.rq: not a rule: a row has the focus <urn:a> and is sound "yes"'),
    ],
)
def test_a_file_that_is_no_rule_is_named(
    tmp_path: Path, old: str, new: str, message: str | None
) -> None:
    assert old in RULE
    (tmp_path / "one.rq").write_text(RULE.replace(old, new))
    data = dataset(tmp_path, {CASE: ""})
    if message is None:
        assert rules.check(data, tmp_path).checked == {"rule one": 1}
    else:
        with pytest.raises(DataError) as caught:
            rules.check(data, tmp_path)
        assert message in str(caught.value)
