"""The facts of the report on Samen Ermelo, in reading order."""

from ledger.facts import Evidence, Fact, Ledger

CASE = "collaboration:samen-ermelo"
CARE_TASK = "event:ermelo-broader-care-task"
PROGRAMME = "activity:ermelo-culture-programme"
PRESENTATION = "event:ermelo-presentation"
ALDERMAN = "post:ermelo-alderman"
MUNICIPALITY = "membership:samen-ermelo-municipality-of-ermelo"


def partner(letter: str, member: str, name: str, passage: str) -> Fact:
    """Return the fact that a partner is named, among others; it may be a unit of another."""
    membership = f"membership:samen-ermelo-{member.partition(':')[2]}"
    return Fact(
        f"ERM-10{letter}",
        f"""SELECT ?name ?role {{
          {membership} org:member {member} ; org:organization {CASE} ; org:role ?role .
          GRAPH case:samen-ermelo {{ {member} rdfs:label ?name FILTER (LANG(?name) = "nl") }}
        }}""",
        (f"{name} role:partner",),
        (
            Evidence(member, "rdfs:label", passage),
            Evidence(membership, "org:member", f"680,706 {passage}"),
            Evidence(membership, "org:organization", f"615,678 680,706 {passage}"),
            Evidence(membership, "org:role", f"680,706 {passage}"),
            Evidence(member, "sam:openQuestion", passage),
        ),
    )


def sort_of_party(letter: str, slug: str, passage: str, question: str) -> Fact:
    """Return the fact that a sort of party takes part, which of its kind being left open."""
    return Fact(
        f"ERM-10{letter}",
        f"ASK {{ GRAPH case:samen-ermelo {{ {CASE} sam:involvesActorKind actor-kind:{slug} }} }}",
        ("true",),
        (
            Evidence(CASE, "sam:involvesActorKind", f"680,706 {passage}", f"actor-kind:{slug}"),
            Evidence(CASE, "sam:openQuestion", passage, f'"{question}"@en'),
        ),
    )


def claim(number: str, slug: str, rows: tuple[str, ...], passage: str, about: str) -> Fact:
    """Return the fact that something is judged or expected, with who voices it, if anyone."""
    subject = f"claim:ermelo-{slug}"
    return Fact(
        number,
        f"""SELECT ?modality ?about ?concept ?speaker {{
          GRAPH case:samen-ermelo {{
            {subject} a sam:Claim ;
              sam:hasModality ?modality ;
              sam:claimsAbout ?about ;
              sam:concerns ?concept .
            OPTIONAL {{
              {subject} sam:voicedBy ?post .
              ?post org:role role:alderman ;
                org:postIn municipality:ermelo ;
                org:heldBy/rdfs:label ?speaker .
            }}
          }}
        }}""",
        rows,
        (
            Evidence(subject, "sam:hasModality", passage),
            Evidence(subject, "sam:concerns", passage),
            Evidence(subject, "sam:claimsAbout", about),
        ),
    )


FACTS = (
    Fact(
        "ERM-00",
        f"""SELECT ?title ?document {{
          GRAPH case:samen-ermelo {{ {CASE} sam:documentedIn ?document }}
          ?document dcterms:title ?title
        }}""",
        ("Samen werken aan betere zorg en ondersteuning source:samen-ermelo",),
        (
            Evidence("source:samen-ermelo", "dcterms:title", "31,76"),
            Evidence(CASE, "sam:documentedIn", "31,76"),
        ),
    ),
    Fact(
        "ERM-01",
        "SELECT ?date { source:samen-ermelo dcterms:issued ?date }",
        ("2017-07-18",),
        (Evidence("source:samen-ermelo", "dcterms:issued", "124,136"),),
    ),
    Fact(
        "ERM-02",
        f"""SELECT ?date ?end {{
          source:samen-ermelo dcterms:valid ?date
          OPTIONAL {{ {CASE} sam:endDate ?end }}
        }}""",
        ("2017-09-15 -",),
        (Evidence("source:samen-ermelo", "dcterms:valid", "138,172"),),
    ),
    Fact(
        "ERM-03",
        """SELECT ?publisher {
          source:samen-ermelo dcterms:creator|dcterms:publisher ?publisher
        }""",
        (),
        (Evidence("source:samen-ermelo", "sam:openQuestion", "0,26"),),
    ),
    Fact(
        "ERM-04",
        f"""SELECT ?event ?date ?type ?reason {{
          GRAPH case:samen-ermelo {{
            {CASE} sam:promptedBy ?event ; sam:hasReason ?reason .
            ?event a sam:Event ; sam:date ?date .
          }}
          FILTER (?reason = driver:new-task)
          BIND (STRAFTER(STR(DATATYPE(?date)), "#") AS ?type)
        }}""",
        ("event:ermelo-broader-care-task --01-01 gMonthDay driver:new-task",),
        (
            Evidence(CASE, "sam:promptedBy", "175,248 446,535"),
            Evidence(CASE, "sam:hasReason", "175,248 446,535", "driver:new-task"),
            Evidence(CARE_TASK, "sam:date", "175,248"),
            Evidence(CARE_TASK, "sam:openQuestion", "175,248"),
        ),
    ),
    Fact(
        "ERM-05",
        f"""SELECT ?objective ?group ?theme {{
          GRAPH case:samen-ermelo {{
            {CASE} sam:hasObjective ?objective ;
              sam:hasReason driver:faster-help-duty ;
              sam:hasTargetGroup ?group ;
              sam:hasTheme ?theme .
          }}
          FILTER (?objective = objective:faster-help && ?theme = theme:care-and-support)
        }}""",
        ("objective:faster-help target-group:residents theme:care-and-support",),
        (
            Evidence(CASE, "sam:hasObjective", "250,328 446,535", "objective:faster-help"),
            Evidence(CASE, "sam:hasReason", "250,328 446,535", "driver:faster-help-duty"),
            Evidence(CASE, "sam:hasTargetGroup", "250,328 446,535"),
            Evidence(CASE, "sam:hasTheme", "250,328 446,535", "theme:care-and-support"),
        ),
    ),
    Fact(
        "ERM-06",
        f"""SELECT ?objective ?theme {{
          GRAPH case:samen-ermelo {{ {CASE} sam:hasObjective ?objective ; sam:hasTheme ?theme }}
          FILTER (?objective = objective:fit-to-situation)
          FILTER (?theme != theme:care-and-support)
        }}""",
        (
            "objective:fit-to-situation theme:home-situation",
            "objective:fit-to-situation theme:own-abilities",
            "objective:fit-to-situation theme:social-network",
        ),
        (
            Evidence(CASE, "sam:hasObjective", "330,443 446,535", "objective:fit-to-situation"),
            Evidence(CASE, "sam:hasTheme", "330,443 446,535", "theme:home-situation"),
            Evidence(CASE, "sam:hasTheme", "330,443 446,535", "theme:own-abilities"),
            Evidence(CASE, "sam:hasTheme", "330,443 446,535", "theme:social-network"),
        ),
    ),
    Fact(
        "ERM-07",
        f"""SELECT ?reason ?municipality ?place ?role {{
          {CASE} sam:hasReason ?reason ;
            sam:inMunicipality ?municipality ;
            sam:takesPlaceIn ?place .
          {MUNICIPALITY} org:member ?municipality ; org:organization {CASE} ; org:role ?role .
          FILTER (?reason = driver:interdependence)
        }}""",
        ("driver:interdependence municipality:ermelo place:territory-of-ermelo role:participant",),
        (
            Evidence(CASE, "sam:hasReason", "446,535", "driver:interdependence"),
            Evidence(CASE, "sam:inMunicipality", "175,248 446,535"),
            Evidence(CASE, "sam:takesPlaceIn", "446,535"),
            Evidence(MUNICIPALITY, "org:member", "175,248 446,535"),
            Evidence(MUNICIPALITY, "org:organization", "446,535 615,678"),
            Evidence(MUNICIPALITY, "org:role", "175,248 446,535"),
        ),
    ),
    Fact(
        "ERM-08",
        f"SELECT ?area {{ GRAPH case:samen-ermelo {{ {CASE} sam:hasTaskArea ?area }} }}",
        ("task-area:participation", "task-area:wmo", "task-area:youth"),
        (
            Evidence(CASE, "sam:hasTaskArea", "537,613"),
            *(
                Evidence(CASE, "sam:hasLegalBasis", "537,613", f"law:{law}")
                for law in ("jeugdwet", "participatiewet", "wmo-2015")
            ),
        ),
    ),
    Fact(
        "ERM-09",
        f"""SELECT ?kind ?name ?other ?else {{
          GRAPH case:samen-ermelo {{
            {CASE} a ?kind ; rdfs:label ?name ; skos:altLabel ?other .
            OPTIONAL {{
              {CASE} ?else ?value
              FILTER (?else IN (
                sam:startDate, sam:hasLegalForm, sam:steeredBy, sam:boundBy, sam:carriesOut
              ))
            }}
          }}
          FILTER (LANG(?name) = "nl" && LANG(?other) = "nl")
        }}""",
        ("sam:Collaboration Samen Ermelo lokaal ondersteuningsnetwerk Samen Ermelo -",),
        (
            Evidence(CASE, "rdfs:label", "615,678"),
            Evidence(CASE, "skos:altLabel", "615,678"),
        ),
    ),
    partner(
        "a",
        "organisation:centrum-voor-jeugd-en-gezin-ermelo",
        "Centrum voor Jeugd en Gezin",
        "711,738",
    ),
    partner("b", "access-point:wmo-loket-ermelo", "Wmo-loket", "744,753"),
    partner("c", "organisation:sociale-dienst-ermelo", "sociale dienst", "758,772"),
    sort_of_party(
        "d", "police", "795,802", "Which part of the police takes part? No unit is named."
    ),
    sort_of_party(
        "e",
        "general-practitioner",
        "804,814",
        "Which general practitioners take part? The profession is named, and no practice.",
    ),
    Fact(
        "ERM-10f",
        f"""SELECT ?name ?sector ?role {{
          GRAPH case:samen-ermelo {{
            ?membership org:member organisation:uwoon ;
              org:organization {CASE} ;
              org:role ?role .
            organisation:uwoon rdfs:label ?name ; org:classification ?sector .
          }}
        }}""",
        ("UWOON sector:housing role:partner",),
        (
            Evidence("organisation:uwoon", "rdfs:label", "818,844"),
            Evidence("organisation:uwoon", "org:classification", "818,844"),
            Evidence("membership:samen-ermelo-uwoon", "org:member", "680,706 818,844"),
            Evidence(
                "membership:samen-ermelo-uwoon", "org:organization", "615,678 680,706 818,844"
            ),
            Evidence("membership:samen-ermelo-uwoon", "org:role", "680,706 818,844"),
        ),
    ),
    Fact(
        "ERM-11",
        f"""SELECT ?closed (COUNT(?membership) AS ?atLeast) {{
          {CASE} sam:memberListClosed ?closed .
          ?membership org:organization {CASE} ; org:role role:partner .
        }}
        GROUP BY ?closed""",
        ("false 4",),
        (
            Evidence(CASE, "sam:memberListClosed", "680,844"),
            Evidence(
                CASE,
                "sam:openQuestion",
                "680,844",
                '"How many parties take part, and which others? '
                'The enumeration is expressly incomplete."@en',
            ),
        ),
    ),
    Fact(
        "ERM-12",
        f"""ASK {{
          GRAPH case:samen-ermelo {{ {CASE} sam:hasObjective objective:parties-find-each-other }}
        }}""",
        ("true",),
        (Evidence(CASE, "sam:hasObjective", "890,953", "objective:parties-find-each-other"),),
    ),
    Fact(
        "ERM-13",
        f"""SELECT ?activity ?device ?actor ?else {{
          GRAPH case:samen-ermelo {{
            {CASE} sam:hasActivity ?activity .
            ?activity a sam:Activity ;
              sam:usesLearningDevice ?device ;
              sam:involvesActorKind ?actor .
            OPTIONAL {{
              ?activity ?else ?value
              FILTER (?else IN (sam:date, sam:startDate, sam:endDate, sam:conductedBy))
            }}
          }}
        }}""",
        (f"{PROGRAMME} learning-device:culture-programme actor-kind:employee -",),
        (
            Evidence(CASE, "sam:hasActivity", "1004,1121", PROGRAMME),
            Evidence(PROGRAMME, "sam:usesLearningDevice", "1004,1121"),
            Evidence(PROGRAMME, "sam:involvesActorKind", "1004,1121"),
            Evidence(PROGRAMME, "sam:openQuestion", "1004,1121"),
        ),
    ),
    Fact(
        "ERM-14",
        f"""SELECT ?outcome {{
          GRAPH case:samen-ermelo {{ {PROGRAMME} sam:yields ?outcome }}
          FILTER (?outcome NOT IN (outcome:hold-on-until-solved, outcome:match-words-and-deeds))
        }}""",
        ("outcome:concrete-behaviours", "outcome:shared-norms", "outcome:shared-values"),
        (
            Evidence(PROGRAMME, "sam:yields", "1159,1260", "outcome:shared-values"),
            Evidence(PROGRAMME, "sam:yields", "1159,1260", "outcome:shared-norms"),
            Evidence(PROGRAMME, "sam:yields", "1159,1260", "outcome:concrete-behaviours"),
        ),
    ),
    Fact(
        "ERM-15",
        f"""SELECT ?date ?type ?weekday ?actor ?place {{
          GRAPH case:samen-ermelo {{
            {CASE} sam:hasActivity ?event .
            ?event a sam:Event ;
              sam:presentsResultsOf {PROGRAMME} ;
              sam:date ?date ;
              sam:onWeekday ?weekday ;
              sam:involvesActorKind ?actor .
            OPTIONAL {{ ?event sam:takesPlaceIn ?place }}
          }}
          BIND (STRAFTER(STR(DATATYPE(?date)), "#") AS ?type)
        }}""",
        ("--07-03 gMonthDay time:Monday actor-kind:manager -",),
        (
            Evidence(CASE, "sam:hasActivity", "1262,1355", PRESENTATION),
            Evidence(PRESENTATION, "sam:presentsResultsOf", "1262,1355"),
            Evidence(PRESENTATION, "sam:date", "1262,1355"),
            Evidence(PRESENTATION, "sam:onWeekday", "1262,1355"),
            Evidence(PRESENTATION, "sam:involvesActorKind", "1262,1355"),
            Evidence(PRESENTATION, "sam:openQuestion", "1262,1355"),
        ),
    ),
    claim(
        "ERM-16",
        "outcomes-widely-shared",
        (
            f"modality:opinion {PROGRAMME} actor-kind:employee -",
            f"modality:opinion {PROGRAMME} theme:widely-shared-outcomes -",
        ),
        "1357,1479",
        "1357,1479",
    ),
    Fact(
        "ERM-17",
        f"""SELECT ?outcome {{
          GRAPH case:samen-ermelo {{ {PROGRAMME} sam:yields ?outcome }}
          FILTER (?outcome IN (outcome:hold-on-until-solved, outcome:match-words-and-deeds))
        }}""",
        ("outcome:hold-on-until-solved", "outcome:match-words-and-deeds"),
        (
            Evidence(PROGRAMME, "sam:yields", "1481,1614", "outcome:hold-on-until-solved"),
            Evidence(PROGRAMME, "sam:yields", "1481,1614", "outcome:match-words-and-deeds"),
        ),
    ),
    claim(
        "ERM-18",
        "easier-contact",
        (
            f"modality:expected {CASE} actor-kind:professional -",
            f"modality:expected {CASE} theme:easier-contact -",
        ),
        "1618,1742",
        "615,678 1618,1742",
    ),
    Fact(
        "ERM-19",
        f"""SELECT ?modality ?theme ?speaker ?role ?organisation ?portfolio {{
          GRAPH case:samen-ermelo {{
            claim:ermelo-residents-will-notice sam:claimsAbout {CASE} ;
              sam:hasModality ?modality ;
              sam:concerns ?theme , target-group:residents ;
              sam:voicedBy ?post .
            ?post org:role ?role ; org:postIn ?organisation ; org:heldBy ?person .
            ?person a foaf:Person ; rdfs:label ?speaker .
            OPTIONAL {{ ?post sam:hasPortfolio ?portfolio }}
          }}
          FILTER (?theme != target-group:residents)
        }}""",
        (
            "modality:expected theme:mutual-cooperation Laurens Klappe role:alderman "
            "municipality:ermelo -",
        ),
        (
            Evidence("claim:ermelo-residents-will-notice", "sam:voicedBy", "1745,1867"),
            Evidence("claim:ermelo-residents-will-notice", "sam:hasModality", "1745,1867"),
            Evidence("claim:ermelo-residents-will-notice", "sam:concerns", "1745,1867"),
            Evidence("claim:ermelo-residents-will-notice", "sam:claimsAbout", "615,678 1745,1867"),
            Evidence("person:laurens-klappe", "rdfs:label", "1745,1867"),
            Evidence(ALDERMAN, "org:role", "1745,1867"),
            Evidence(ALDERMAN, "org:heldBy", "1745,1867"),
            Evidence(ALDERMAN, "org:postIn", "175,248 1745,1867"),
        ),
    ),
    claim(
        "ERM-20",
        "quick-and-good-help",
        (
            f"modality:expected {CASE} target-group:residents -",
            f"modality:expected {CASE} theme:fewer-referrals -",
            f"modality:expected {CASE} theme:knowing-each-others-offer -",
            f"modality:expected {CASE} theme:quick-and-good-help -",
        ),
        "1869,2083",
        "615,678 1869,2083",
    ),
)

NUMBERS = [
    *(f"ERM-{number:02}" for number in range(10)),
    *(f"ERM-10{letter}" for letter in "abcdef"),
    *(f"ERM-{number}" for number in range(11, 21)),
]


TRAPS = {
    "the police and general practitioners are no organisations": """ASK {
      GRAPH case:samen-ermelo { ?organisation rdfs:label ?name }
      { ?organisation a org:Organization } UNION { ?membership org:member ?organisation }
      FILTER (REGEX(?name, "politie|police|huisarts|practitioner", "i"))
    }""",
    "no prediction is an outcome": """ASK {
      GRAPH case:samen-ermelo {
        ?claim a sam:Claim .
        { ?claim sam:yields ?outcome }
        UNION { ?claim sam:concerns ?outcome . ?activity sam:yields ?outcome }
      }
    }""",
    "nothing that is claimed is stated as fact": """ASK {
      GRAPH case:samen-ermelo {
        ?claim a sam:Claim ; sam:concerns ?concept .
        ?subject ?property ?concept .
        FILTER NOT EXISTS { ?subject a sam:Claim }
        FILTER NOT EXISTS { ?subject a sam:Attestation }
        FILTER (?concept NOT IN (actor-kind:employee, target-group:residents))
      }
    }""",
    "no date of the case has a year": """ASK {
      GRAPH case:samen-ermelo { ?subject ?property ?date }
      FILTER (isLiteral(?date) && REGEX(STR(DATATYPE(?date)), "#(date|gYear|gYearMonth)$"))
    }""",
    "the network does not end with the page on it": f"""ASK {{
      {CASE} sam:startDate|sam:endDate|sam:date ?date
    }}""",
    "the size of the network is not countable": f"""ASK {{
      {CASE} sam:memberListClosed ?closed FILTER (?closed)
    }}""",
    "there is no agreement": f"ASK {{ {CASE} sam:boundBy ?agreement }}",
    "there is no pilot": f"ASK {{ {CASE} sam:carriesOut ?pilot }}",
    "nobody steers the network": f"ASK {{ {CASE} sam:steeredBy ?body }}",
    "the alderman has no portfolio by the report": f"ASK {{ {ALDERMAN} sam:hasPortfolio ?theme }}",
    "the municipality is no partner by name": f"""ASK {{
      ?membership org:organization {CASE} ; org:member municipality:ermelo ; org:role role:partner
    }}""",
    "no partner is declared a unit of the municipality": """ASK {
      GRAPH case:samen-ermelo { ?partner org:unitOf|sam:inMunicipality ?municipality }
      ?membership org:member ?partner ; org:organization collaboration:samen-ermelo .
    }""",
    "the alderman is the only person": """ASK {
      GRAPH case:samen-ermelo { ?person a foaf:Person }
      FILTER (?person != person:laurens-klappe)
    }""",
    "statutes are our reading, not the source's": """ASK {
      GRAPH case:samen-ermelo { ?subject sam:hasLegalBasis ?law }
    }""",
    "what is open is our reading, not the source's": """ASK {
      GRAPH case:samen-ermelo { ?subject sam:openQuestion ?question }
    }""",
}


LEDGER = Ledger("samen-ermelo", FACTS, tuple(NUMBERS), TRAPS)
