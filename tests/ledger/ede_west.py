"""The facts of the report on Ede-West, in reading order."""

from ledger.facts import Evidence, Fact, Ledger

CASE = "collaboration:ede-west"
DECLARATION = "agreement:ede-west-declaration"
SIGNING = "event:ede-west-signing"
PILOT = "pilot:ede-west"
FINANCING = "financing:ede-west"
PLATFORM = "body:ede-west-platform"
CHAIR = "post:ede-west-platform-chair"
ALDERMAN = "post:ede-alderman-social-domain"


def values(subject: str, *properties: str) -> str:
    """Return the query for the values of properties as the case states them."""
    path = "|".join(properties)
    return f"SELECT ?value {{ GRAPH case:ede-west {{ {subject} {path} ?value }} }}"


def partner(letter: str, slug: str, name: str, passage: str) -> Fact:
    """Return the fact that an organisation is named as partner, signs, and so is a party."""
    organisation = f"organisation:{slug}"
    membership = f"membership:ede-west-{slug}"
    listed, signed = f"231,261 {passage}", f"85,178 231,261 {passage}"
    return Fact(
        f"EDE-05{letter}",
        f"""SELECT DISTINCT ?name ?role {{
          {membership} org:member {organisation} ; org:organization {CASE} ; org:role ?role .
          {DECLARATION} sam:hasParty {organisation} .
          {organisation} rdfs:label ?name .
        }}""",
        (f"{name} role:partner", f"{name} role:signatory"),
        (
            Evidence(organisation, "rdfs:label", passage),
            Evidence(membership, "org:member", listed),
            Evidence(membership, "org:organization", listed),
            Evidence(membership, "org:role", listed, "role:partner"),
            Evidence(membership, "org:role", signed, "role:signatory"),
            Evidence(DECLARATION, "sam:hasParty", signed, organisation),
        ),
    )


FACTS = (
    Fact(
        "EDE-01",
        """SELECT ?title ?document {
          GRAPH case:ede-west { collaboration:ede-west sam:documentedIn ?document }
          ?document dcterms:title ?title
        }""",
        ("Sociale partners ondertekenen Intentieverklaring Pilot Ede-West source:ede-west",),
        (
            Evidence("source:ede-west", "dcterms:title", "16,79"),
            Evidence(CASE, "sam:documentedIn", "16,79"),
            Evidence(DECLARATION, "rdfs:label", "16,79"),
        ),
    ),
    Fact(
        "EDE-02",
        f"""SELECT ?kind ?agreement (COUNT(?party) AS ?parties) {{
          {CASE} sam:boundBy ?agreement .
          GRAPH case:ede-west {{ ?agreement a ?kind ; sam:hasParty ?party }}
        }}
        GROUP BY ?agreement ?kind""",
        ("sam:DeclarationOfIntent agreement:ede-west-declaration 9",),
        (
            Evidence(CASE, "sam:boundBy", "85,178"),
            Evidence(CASE, "sam:inMunicipality", "85,178"),
            Evidence(DECLARATION, "sam:signedAt", "85,178"),
            Evidence(DECLARATION, "sam:hasParty", "85,178", "municipality:ede"),
        ),
    ),
    Fact(
        "EDE-03",
        f"""SELECT ?weekday ?date {{
          {DECLARATION} sam:signedAt ?event .
          ?event sam:onWeekday ?weekday .
          OPTIONAL {{ ?event sam:date|sam:startDate|sam:endDate ?date }}
        }}""",
        ("time:Thursday -",),
        (
            Evidence(SIGNING, "sam:onWeekday", "137,146"),
            Evidence(SIGNING, "sam:openQuestion", "137,146"),
        ),
    ),
    Fact(
        "EDE-04",
        f"""SELECT ?objective ?theme {{
          {DECLARATION} sam:hasObjective ?objective .
          {CASE} sam:hasObjective ?objective ; sam:hasTheme ?theme .
          FILTER (?theme = theme:social-domain)
        }}""",
        ("objective:intensive-cooperation theme:social-domain",),
        (
            Evidence(DECLARATION, "sam:hasObjective", "179,229"),
            Evidence(CASE, "sam:hasObjective", "179,229", "objective:intensive-cooperation"),
            Evidence(CASE, "sam:hasTheme", "179,229", "theme:social-domain"),
        ),
    ),
    partner("a", "s-heerenloo", "'s Heerenloo", "263,275"),
    partner("b", "mee-veluwe", "Mee Veluwe", "277,287"),
    partner("c", "malkander", "Malkander", "289,298"),
    partner("d", "icare", "Icare", "300,305"),
    partner("e", "lindenhout", "Lindenhout", "307,317"),
    partner("f", "ribwavv", "RibwAVV", "319,326"),
    partner("g", "youke", "Youké", "328,333"),
    partner("h", "opella", "Opella", "337,343"),
    Fact(
        "EDE-06",
        f"""SELECT ?role (COUNT(?member) AS ?members) ?closed {{
          ?membership org:organization {CASE} ; org:member ?member ; org:role ?role .
          {CASE} sam:memberListClosed ?closed .
        }}
        GROUP BY ?role ?closed""",
        ("role:partner 8 true", "role:signatory 9 true"),
        (
            Evidence(CASE, "sam:memberListClosed", "231,343"),
            Evidence(CASE, "sam:openQuestion", "85,178 231,343"),
            Evidence("membership:ede-west-municipality-of-ede", "org:role", "85,178"),
        ),
    ),
    Fact(
        "EDE-07",
        f"""SELECT ?pilot ?place ?kind ?municipality {{
          {CASE} sam:carriesOut ?pilot .
          ?pilot sam:takesPlaceIn ?place .
          ?place sam:hasPlaceKind ?kind ; sam:inMunicipality ?municipality .
        }}""",
        ("pilot:ede-west place:ede-west place-kind:neighbourhood municipality:ede",),
        (
            Evidence(CASE, "sam:carriesOut", "372,450"),
            Evidence(PILOT, "sam:takesPlaceIn", "372,450"),
            Evidence(PILOT, "sam:inMunicipality", "85,178 372,450"),
            Evidence("place:ede-west", "sam:hasPlaceKind", "372,450"),
            Evidence("place:ede-west", "sam:inMunicipality", "85,178 372,450"),
            Evidence(
                PILOT,
                "sam:openQuestion",
                "372,450",
                '"Are the pilot and the trial project one and the same, '
                'or is the trial project a part of the pilot?"@en',
            ),
        ),
    ),
    Fact(
        "EDE-08",
        f"""SELECT ?start ?startType ?end ?endType {{
          {PILOT} sam:startDate ?start ; sam:endDate ?end .
          BIND (STRAFTER(STR(DATATYPE(?start)), "#") AS ?startType)
          BIND (STRAFTER(STR(DATATYPE(?end)), "#") AS ?endType)
        }}""",
        ("2017-09-14 date 2019-10-01 date",),
        (
            Evidence(PILOT, "sam:startDate", "452,509"),
            Evidence(PILOT, "sam:endDate", "452,509"),
            Evidence(
                PILOT,
                "sam:openQuestion",
                "452,509",
                '"Does the end date given still belong to the pilot, '
                'or is the day before it the last?"@en',
            ),
        ),
    ),
    Fact(
        "EDE-09",
        values(PILOT, "sam:hasMainObjective"),
        ("objective:own-direction", "objective:resident-central"),
        (
            Evidence(PILOT, "sam:hasMainObjective", "512,735"),
            Evidence(PILOT, "sam:hasObjective", "512,735", "objective:own-direction"),
            Evidence(PILOT, "sam:hasObjective", "512,735", "objective:resident-central"),
        ),
    ),
    Fact(
        "EDE-10",
        f"""SELECT ?intention ?concept ?modality {{
          {CASE} sam:intends ?intention .
          ?intention a sam:Intention ; sam:concerns ?concept ; sam:hasModality ?modality .
          FILTER NOT EXISTS {{ ?pilot sam:financedBy ?intention }}
        }}""",
        (
            "intention:ede-west-better-cooperation objective:better-cooperation modality:intended",
            "intention:ede-west-joint-financing financing-kind:joint-financing modality:intended",
        ),
        (
            Evidence(CASE, "sam:intends", "737,852"),
            Evidence("intention:ede-west-better-cooperation", "sam:concerns", "737,852"),
            Evidence("intention:ede-west-better-cooperation", "sam:hasModality", "737,852"),
            Evidence("intention:ede-west-joint-financing", "sam:concerns", "737,852"),
            Evidence("intention:ede-west-joint-financing", "sam:hasModality", "737,852"),
            Evidence("intention:ede-west-joint-financing", "sam:openQuestion", "737,852"),
        ),
    ),
    Fact(
        "EDE-11",
        f"""SELECT ?objective ?group {{
          {CASE} sam:hasObjective ?objective ; sam:hasTargetGroup ?group .
          FILTER (?objective = objective:support-near-residents)
        }}""",
        ("objective:support-near-residents target-group:neighbourhood-residents",),
        (
            Evidence(CASE, "sam:hasObjective", "854,933", "objective:support-near-residents"),
            Evidence(CASE, "sam:hasTargetGroup", "854,933"),
        ),
    ),
    Fact(
        "EDE-12",
        values(PILOT, "sam:hasUnderlyingObjective"),
        ("objective:self-reliance",),
        (
            Evidence(PILOT, "sam:hasUnderlyingObjective", "935,1030"),
            Evidence(PILOT, "sam:hasObjective", "935,1030", "objective:self-reliance"),
        ),
    ),
    Fact(
        "EDE-13",
        f"""SELECT ?value {{
          GRAPH case:ede-west {{ {PILOT} sam:hasTheme|sam:hasObjective ?value }}
          FILTER NOT EXISTS {{ {PILOT} sam:hasMainObjective|sam:hasUnderlyingObjective ?value }}
        }}""",
        (
            "objective:reduce-administrative-burden",
            "theme:results-oriented-working",
            "theme:tailored-support",
        ),
        (
            Evidence(PILOT, "sam:hasTheme", "1032,1168"),
            Evidence(
                PILOT, "sam:hasObjective", "1032,1168", "objective:reduce-administrative-burden"
            ),
        ),
    ),
    Fact(
        "EDE-14",
        f"ASK {{ {CASE} sam:hasObjective objective:room-for-professionals ; "
        "sam:poolsResource resource:knowledge }",
        ("true",),
        (
            Evidence(CASE, "sam:hasObjective", "1181,1331", "objective:room-for-professionals"),
            Evidence(CASE, "sam:poolsResource", "1181,1331", "resource:knowledge"),
        ),
    ),
    Fact(
        "EDE-15",
        values(CASE, "sam:seeksLinkWith"),
        (
            "actor-kind:business",
            "actor-kind:church",
            "actor-kind:culture",
            "actor-kind:housing",
            "actor-kind:school",
            "actor-kind:sport",
            "actor-kind:volunteer-organisation",
            "actor-kind:welfare-provider",
        ),
        (Evidence(CASE, "sam:seeksLinkWith", "1333,1536"),),
    ),
    Fact(
        "EDE-16",
        f"""SELECT ?theme {{
          {CASE} sam:hasTheme ?theme
          FILTER (?theme != theme:social-domain)
        }}""",
        ("theme:resident-participation", "theme:residents-initiatives"),
        (
            Evidence(CASE, "sam:hasTheme", "1538,1636", "theme:resident-participation"),
            Evidence(CASE, "sam:hasTheme", "1538,1636", "theme:residents-initiatives"),
        ),
    ),
    Fact(
        "EDE-17",
        values(CASE, "sam:expectsOfMembers"),
        (
            "member-expectation:active-in-neighbourhood",
            "member-expectation:knows-neighbourhood",
            "member-expectation:network-player",
        ),
        (Evidence(CASE, "sam:expectsOfMembers", "1639,1758"),),
    ),
    Fact(
        "EDE-18",
        f"""SELECT ?resource {{
          {CASE} sam:hasObjective objective:new-solutions ; sam:poolsResource ?resource
          FILTER (?resource != resource:knowledge)
        }}""",
        ("resource:means", "resource:people"),
        (
            Evidence(CASE, "sam:hasObjective", "1760,1849", "objective:new-solutions"),
            Evidence(CASE, "sam:poolsResource", "1760,1849", "resource:means"),
            Evidence(CASE, "sam:poolsResource", "1760,1849", "resource:people"),
        ),
    ),
    Fact(
        "EDE-19",
        values(CASE, "sam:openMembership"),
        ("true",),
        (Evidence(CASE, "sam:openMembership", "1851,1948"),),
    ),
    Fact(
        "EDE-20",
        f"""SELECT ?payer ?kind ?area ?group {{
          {PILOT} sam:financedBy ?financing .
          ?financing sam:paidBy ?payer ; sam:hasFinancingKind ?kind ;
            sam:hasTaskArea ?area ; sam:hasTargetGroup ?group .
        }}""",
        (
            "municipality:ede financing-kind:municipal-budget task-area:wmo "
            "target-group:neighbourhood-residents",
            "municipality:ede financing-kind:municipal-budget task-area:youth "
            "target-group:neighbourhood-residents",
        ),
        (
            Evidence(PILOT, "sam:financedBy", "1950,2073"),
            Evidence(FINANCING, "sam:paidBy", "85,178 1950,2073"),
            Evidence(FINANCING, "sam:hasFinancingKind", "1950,2073"),
            Evidence(FINANCING, "sam:hasTaskArea", "1950,2073"),
            Evidence(FINANCING, "sam:hasTargetGroup", "1950,2073"),
        ),
    ),
    Fact(
        "EDE-21",
        values(PILOT, "sam:steeredBy"),
        ("body:ede-west-platform",),
        (Evidence(PILOT, "sam:steeredBy", "2077,2124"),),
    ),
    Fact(
        "EDE-22",
        values(PLATFORM, "sam:representsPartnersOf"),
        ("collaboration:ede-west",),
        (
            Evidence(PLATFORM, "sam:representsPartnersOf", "2126,2166"),
            Evidence(PLATFORM, "sam:openQuestion", "2126,2166"),
        ),
    ),
    Fact(
        "EDE-23",
        values(PLATFORM, "sam:meetingsPerYear"),
        ("4",),
        (Evidence(PLATFORM, "sam:meetingsPerYear", "2168,2211"),),
    ),
    Fact(
        "EDE-24",
        """SELECT ?name ?role ?organisation {
          ?post org:heldBy ?person ; org:role ?role ; org:postIn ?organisation .
          ?person a foaf:Person ; rdfs:label ?name .
          FILTER (?role = role:alderman || EXISTS { ?organisation sam:chairedBy ?post })
          FILTER (?role = role:chair || EXISTS { ?post sam:hasPortfolio theme:social-domain })
        }""",
        (
            "Gerrie Ligtelijn-Bruins role:alderman municipality:ede",
            "Gerrie Ligtelijn-Bruins role:chair body:ede-west-platform",
        ),
        (
            Evidence("person:gerrie-ligtelijn-bruins", "rdfs:label", "2213,2283"),
            Evidence(ALDERMAN, "org:role", "2213,2283"),
            Evidence(ALDERMAN, "org:heldBy", "2213,2283"),
            Evidence(ALDERMAN, "org:postIn", "85,178 2213,2283"),
            Evidence(ALDERMAN, "sam:hasPortfolio", "2213,2283"),
            Evidence(CHAIR, "org:role", "2213,2283"),
            Evidence(CHAIR, "org:heldBy", "2213,2283"),
            Evidence(CHAIR, "org:postIn", "2168,2211 2213,2283"),
            Evidence(PLATFORM, "sam:chairedBy", "2168,2211 2213,2283"),
            Evidence(CHAIR, "sam:openQuestion", "2168,2211 2213,2283"),
        ),
    ),
    Fact(
        "EDE-25",
        """SELECT ?property {
          source:ede-west ?property ?value
          FILTER (?property IN (
            dcterms:creator, dcterms:publisher, dcterms:date, dcterms:issued, dcterms:created
          ))
        }""",
        (),
        (Evidence("source:ede-west", "sam:openQuestion", "0,14"),),
    ),
)

NUMBERS = [
    *(f"EDE-{number:02}" for number in range(1, 5)),
    *(f"EDE-05{letter}" for letter in "abcdefgh"),
    *(f"EDE-{number:02}" for number in range(6, 26)),
]


TRAPS = {
    "no partner has a type, legal form or sector": """ASK {
      GRAPH case:ede-west { ?partner a org:Organization ; ?property ?value }
      FILTER (?property NOT IN (rdf:type, rdfs:label))
    }""",
    "the actors that links are sought with are no organisations": f"""ASK {{
      {CASE} sam:seeksLinkWith ?actor . ?actor a org:Organization
    }}""",
    "the intention to finance jointly is no financing arrangement": """ASK {
      ?node a sam:Intention , sam:FinancingArrangement
    }""",
    "no amount of money is stated": """ASK {
      GRAPH case:ede-west { ?financing a sam:FinancingArrangement ; ?property ?amount }
      FILTER (isNumeric(?amount))
    }""",
    "the municipality is no partner by name": f"""ASK {{
      ?membership org:organization {CASE} ; org:member municipality:ede ; org:role role:partner
    }}""",
    "nobody is chair of the collaboration itself": f"ASK {{ {CASE} sam:chairedBy ?post }}",
    "what is open is our reading, not the source's": """ASK {
      GRAPH case:ede-west { ?subject sam:openQuestion ?question }
    }""",
    "statutes are coded, and the case names none": """ASK {
      GRAPH case:ede-west { ?subject ?property ?law }
      FILTER (?property = sam:hasLegalBasis || STRSTARTS(STR(?law), STR(law:)))
    }""",
    "the statutes of the pilot are those of its task areas, and no others": f"""ASK {{
      {PILOT} sam:hasLegalBasis ?law
      FILTER (?law NOT IN (law:jeugdwet, law:wmo-2015))
    }}""",
    "a sector is coded, never stated": """ASK {
      GRAPH case:ede-west { ?organisation org:classification ?sector }
    }""",
    "that participants govern is not coded as certain": """ASK {
      coding:ede-west-v08 sam:hasConfidence ?confidence
      FILTER (?confidence != confidence:low)
    }""",
    "no variable is left uncoded": f"""ASK {{
      ?variable a sam:Variable
      FILTER NOT EXISTS {{ ?coding sam:codesCase {CASE} ; sam:codesVariable ?variable }}
    }}""",
    "no variable is coded twice, but the sectors of members": f"""ASK {{
      ?coding sam:codesCase {CASE} ; sam:codesVariable ?variable .
      ?other sam:codesCase {CASE} ; sam:codesVariable ?variable .
      FILTER (?coding != ?other && ?variable != codebook:v06)
    }}""",
    "the sector of no member is coded twice": f"""ASK {{
      ?coding sam:codesCase {CASE} ; sam:codesMember ?member .
      ?other sam:codesCase {CASE} ; sam:codesMember ?member .
      FILTER (?coding != ?other)
    }}""",
    "no member is without a coding of its sector": f"""ASK {{
      ?membership org:organization {CASE} ; org:member ?member
      FILTER NOT EXISTS {{ ?coding sam:codesCase {CASE} ; sam:codesMember ?member }}
    }}""",
    "Mee Veluwe is no other organisation of that name": """ASK {
      organisation:mee-veluwe <http://www.w3.org/2002/07/owl#sameAs>|skos:exactMatch ?other
    }""",
}


LEDGER = Ledger("ede-west", FACTS, tuple(NUMBERS), TRAPS)
