"""A small library for tests: a question with parameters of all kinds, in two versions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fastapi.testclient import TestClient
from pyoxigraph import RdfFormat
from pyoxigraph import parse as parse_rdf

from kg.app import Application
from kg.build import CURRENT, WITHDRAWN, Build, publish
from kg.dataset import Dataset, Statement
from kg.deployment import Deployment, embedded
from kg.findings import Report
from kg.metrics import Metrics
from kg.namespaces import graph
from kg.questions import digest, parse
from kg.settings import Settings

BASE = "https://kg.example"
OLD, NEW, GONE = "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"
MANY = 250  # members of a team

PREFIXES = """\
PREFIX ex: <https://example.org/>
PREFIX member: <https://w3id.org/samenhang/id/member/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX team: <https://w3id.org/samenhang/id/team/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

MEMBERS = f"""\
#+ title: {{nl: "Wie horen bij één team?", en: "Who belongs to a team?"}}
#+ description:
#+   nl: De leden van een team, op naam. Wie er niet bij staat, kan er toch bij horen.
#+   en: The members of a team, by name. Who is not listed may belong to it all the same.
#+ topic: start
#+ difficulty: beginner
#+ keywords: {{nl: [ploeg], en: [squad, café]}}
#+ view: table
#+ parameters:
#+   team:
#+     type: thing
#+     class: ex:Team
#+     where: ?value ex:has ?member
#+     label: {{nl: team, en: team}}
#+   day: {{type: date, label: {{nl: vanaf, en: from}}}}
#+   least: {{type: integer, minimum: 0, maximum: 9, label: {{nl: ten minste, en: at least}}}}
#+   word: {{type: text, label: {{nl: woord, en: word}}}}
#+ columns:
#+   member: {{nl: lid, en: member}}
#+   since: {{nl: sinds, en: since}}
#+   size: {{nl: grootte, en: size}}

{PREFIXES}
SELECT ?member ?memberLabel ?since ?size
WHERE {{
  VALUES ?team {{ team:red }}
  VALUES ?day {{ UNDEF }}
  VALUES ?least {{ 0 }}
  VALUES ?word {{ UNDEF }}
  VALUES ?language {{ "en" }}
  ?team ex:has ?member .
  ?member ex:size ?size .
  OPTIONAL {{ ?member ex:since ?since }}
  OPTIONAL {{ ?member rdfs:label ?asked . FILTER(LANG(?asked) = ?language) }}
  OPTIONAL {{ ?member rdfs:label ?dutch . FILTER(LANG(?dutch) = "nl") }}
  BIND(COALESCE(?asked, ?dutch) AS ?memberLabel)
  FILTER(?size >= ?least && (!BOUND(?day) || ?since >= ?day))
  FILTER(!BOUND(?word) || CONTAINS(?memberLabel, ?word))
}}
ORDER BY ?memberLabel ?member
"""
WORDED = MEMBERS.replace("by name.", "in order of name.")
FIRST, SECOND = (parse(Path("members.rq"), text).version for text in (MEMBERS, WORDED))
TEAMS = """\
#+ title: {nl: "Welke teams zijn er?", en: "Which teams are there?"}
#+ description: {nl: Alle teams., en: All teams.}
#+ topic: cases
#+ difficulty: advanced
#+ keywords: {nl: [team], en: [team]}
#+ view: table
#+ columns:
#+   team: {nl: team, en: team}
#+   share: {nl: deel, en: share}

SELECT DISTINCT ?team ?share
WHERE {
  ?team <https://example.org/has> ?member .
  BIND(0.5 AS ?share)
}
ORDER BY ?team
"""
DATA = """\
team:red a ex:Team ; rdfs:label "rood"@nl , "red <b>"@en ; ex:has member:ann , member:bo , {more} .
team:many a ex:Team ; rdfs:label "veel"@nl ; ex:has {many} .
team:empty a ex:Team ; rdfs:label "leeg"@nl .
member:ann rdfs:label "Ann"@nl ; ex:size 2 ; ex:since "2018-01-31"^^xsd:date .
member:bo rdfs:label "de Bo"@nl , "the Bo"@en ; ex:size 3 .
{more} rdfs:label "{more}"@nl ; ex:size 1 .
{rest}
"""


# A version that only another release could ask, and a question that was withdrawn.
PAST = MEMBERS.replace("difficulty: beginner", "difficulty: easy")
UNREADABLE, WITHDRAWN_ONE = digest(PAST), "staff"


def published(folder: Path, version: str, more: str, questions: Mapping[str, str]) -> Build:
    """Publish two teams, one with ``more`` for a member, and questions by their slugs."""
    many = [f"member:m{number:03}" for number in range(MANY)]
    rest = "\n".join(f'{one} rdfs:label "{one}"@nl ; ex:size 1 .' for one in many)
    text = PREFIXES + DATA.format(more=more, many=", ".join(many), rest=rest)
    name = graph("case/example")
    said = (Statement.in_graph(one, name) for one in parse_rdf(text, RdfFormat.TURTLE))
    asked = [parse(Path(f"{slug}.rq"), text) for slug, text in questions.items()]
    build = publish(Dataset((), tuple(said)), version, Report((), {}), folder, 9, asked)
    (folder / CURRENT).unlink(missing_ok=True)
    (folder / CURRENT).symlink_to(version)
    return build


@contextmanager
def serving_both(folder: Path, **others: object) -> Iterator[TestClient]:
    """Serve the newer of two versions: of the data, and of the question ``members``."""
    published(folder, OLD, "member:cy", {"members": MEMBERS})
    served = published(folder, NEW, "member:di", {"members": WORDED, "teams": TEAMS})
    for slug, text in (("members", PAST), (WITHDRAWN_ONE, MEMBERS), ("lost", PAST)):
        (served.archive / slug).mkdir(exist_ok=True)
        (served.archive / slug / f"{digest(text)}.rq").write_text(text)
    (folder / WITHDRAWN).write_text(f"{GONE} 2025-01-01T00:00:00+00:00\n")
    settings = Settings(build=folder, query_workers=1, **others)
    deployment = Deployment(served, lambda one: embedded(settings, one), 2**20)
    application = Application(settings, deployment, Metrics())
    with TestClient(application, BASE, follow_redirects=False) as client:
        yield client
