"""The facts of the report on De Kleine Schans, in reading order."""

from ledger.facts import Evidence, Fact, Ledger

CASE = "collaboration:de-kleine-schans"
DESK = "access-point:de-kleine-schans"
TEAM = "team:sociaal-team-woudenberg"
PILOT = "pilot:de-kleine-schans"
PROPOSAL = "proposal:cooperative-de-kleine-schans"
MEETING = "planned:woudenberg-council-meeting"
COOPERATIVE = "change:cooperative-de-kleine-schans"
MOVE = "change:sociaal-team-outside-municipality"
STUDY = "activity:cooperative-study"
ALDERMAN = "post:woudenberg-alderman"
DIRECTOR = "post:woudenberg-network-director"


def quote(
    number: str,
    slug: str,
    rows: tuple[str, ...],
    passage: str,
    speaker: str,
    *more: Evidence,
) -> Fact:
    """Return the fact that the alderman says something of the cooperative that is proposed."""
    claim = f"claim:woudenberg-{slug}"
    return Fact(
        number,
        f"""SELECT ?speaker ?modality ?concept {{
          GRAPH case:de-kleine-schans {{
            {claim} a sam:Claim ;
              sam:voicedBy {ALDERMAN} ;
              sam:claimsAbout {COOPERATIVE} ;
              sam:hasModality ?modality ;
              sam:concerns ?concept .
            {ALDERMAN} org:role role:alderman ; org:heldBy/rdfs:label ?speaker .
          }}
        }}""",
        tuple(f"Pieter de Kruif {row}" for row in rows),
        (
            Evidence(claim, "sam:voicedBy", f"{speaker} {passage}"),
            Evidence(claim, "sam:claimsAbout", passage),
            Evidence(claim, "sam:hasModality", passage),
            Evidence(claim, "sam:concerns", passage),
            *more,
        ),
    )


FACTS = (
    Fact(
        "WOU-00",
        f"""SELECT ?title ?document ?municipality {{
          GRAPH case:de-kleine-schans {{
            {CASE} sam:documentedIn ?document ; sam:inMunicipality ?municipality
          }}
          ?document dcterms:title ?title
        }}""",
        (
            "Inwoners staan centraal in unieke samenwerking "
            "source:de-kleine-schans municipality:woudenberg",
        ),
        (
            Evidence("source:de-kleine-schans", "dcterms:title", "88,134"),
            Evidence(CASE, "sam:documentedIn", "88,134"),
            Evidence(CASE, "sam:inMunicipality", "136,146 2414,2528"),
        ),
    ),
    Fact(
        "WOU-01",
        f"""SELECT ?name ?role ?organisation ?desk ?portfolio {{
          GRAPH case:de-kleine-schans {{
            ?post org:heldBy ?person ; org:role ?role ; org:postIn ?organisation .
            ?person a foaf:Person ; rdfs:label ?name .
            {DESK} skos:altLabel ?desk .
            OPTIONAL {{ ?post sam:hasPortfolio ?portfolio }}
          }}
          FILTER (LANG(?desk) = "nl")
        }}""",
        ("Pieter de Kruif role:alderman municipality:woudenberg zorgloket De Kleine Schans -",),
        (
            Evidence("person:pieter-de-kruif", "rdfs:label", "2,62"),
            Evidence(ALDERMAN, "org:role", "2,62"),
            Evidence(ALDERMAN, "org:heldBy", "2,62"),
            Evidence(ALDERMAN, "org:postIn", "2,62 136,146"),
            Evidence(DESK, "skos:altLabel", "2,62"),
        ),
    ),
    Fact(
        "WOU-03",
        f"""SELECT ?from ?to ?day ?dayType ?weekday ?month ?monthType ?modality ?form ?affected {{
          GRAPH case:de-kleine-schans {{
            {CASE} sam:plans ?change .
            {PROPOSAL} a sam:Proposal ;
              sam:submittedBy ?from ;
              sam:submittedTo ?to ;
              sam:consideredAt ?meeting ;
              sam:proposes ?change .
            ?from a sam:MunicipalExecutive ; org:unitOf municipality:woudenberg .
            ?to a sam:MunicipalCouncil ; org:unitOf municipality:woudenberg .
            ?meeting a sam:PlannedActivity ;
              sam:conductedBy ?to ;
              sam:hasModality modality:planned ;
              sam:date ?day ;
              sam:onWeekday ?weekday .
            ?change a sam:PlannedChange ;
              sam:date ?month ;
              sam:hasModality ?modality ;
              sam:foreseesLegalForm ?form ;
              sam:affects ?affected .
          }}
          BIND (STRAFTER(STR(DATATYPE(?day)), "#") AS ?dayType)
          BIND (STRAFTER(STR(DATATYPE(?month)), "#") AS ?monthType)
        }}""",
        tuple(
            "body:woudenberg-college body:woudenberg-council --06-27 gMonthDay time:Tuesday "
            f"2018-01 gYearMonth modality:proposed legal-form:cooperative {affected}"
            for affected in (DESK, TEAM)
        ),
        (
            Evidence(CASE, "sam:plans", "148,314 2414,2528", COOPERATIVE),
            Evidence(PROPOSAL, "sam:submittedBy", "148,314"),
            Evidence(PROPOSAL, "sam:submittedTo", "148,314"),
            Evidence(PROPOSAL, "sam:consideredAt", "148,314"),
            Evidence(PROPOSAL, "sam:proposes", "148,314"),
            Evidence("body:woudenberg-college", "org:unitOf", "136,146 148,314"),
            Evidence("body:woudenberg-council", "org:unitOf", "136,146 148,314"),
            Evidence(MEETING, "sam:conductedBy", "148,314"),
            Evidence(MEETING, "sam:date", "148,314"),
            Evidence(MEETING, "sam:onWeekday", "148,314"),
            Evidence(MEETING, "sam:openQuestion", "148,314"),
            Evidence(COOPERATIVE, "sam:date", "148,314"),
            Evidence(COOPERATIVE, "sam:hasModality", "148,314"),
            Evidence(COOPERATIVE, "sam:foreseesLegalForm", "148,314"),
            Evidence(COOPERATIVE, "sam:affects", "148,314"),
            Evidence(
                PROPOSAL,
                "sam:openQuestion",
                "148,314",
                '"Did the council adopt the proposal? '
                'The report is from before it was considered."@en',
            ),
        ),
    ),
    Fact(
        "WOU-04",
        f"""SELECT ?value {{
          GRAPH case:de-kleine-schans {{
            {COOPERATIVE} sam:foreseesParticipant|sam:involvesActorKind|sam:concerns ?value
          }}
          FILTER (?value NOT IN (
            actor-kind:employee, driver:legal-duty,
            theme:joint-vision-and-execution, theme:municipal-employment
          ))
        }}""",
        (
            "actor-kind:resident",
            "actor-kind:societal-partner",
            "municipality:woudenberg",
            "objective:resident-central",
            "theme:care-and-support",
            "theme:innovation",
        ),
        (
            Evidence(COOPERATIVE, "sam:foreseesParticipant", "136,146 316,523 1505,1683"),
            Evidence(COOPERATIVE, "sam:involvesActorKind", "316,523", "actor-kind:resident"),
            Evidence(
                COOPERATIVE, "sam:involvesActorKind", "316,523", "actor-kind:societal-partner"
            ),
            Evidence(COOPERATIVE, "sam:concerns", "316,523", "objective:resident-central"),
            Evidence(COOPERATIVE, "sam:concerns", "316,523", "theme:care-and-support"),
            Evidence(COOPERATIVE, "sam:concerns", "316,523", "theme:innovation"),
            Evidence(COOPERATIVE, "sam:openQuestion", "316,523"),
        ),
    ),
    Fact(
        "WOU-05",
        f"""SELECT ?name ?start ?type ?moved ?said {{
          GRAPH case:de-kleine-schans {{
            ?existing sam:startDate ?start ;
              rdfs:label ?name ;
              sam:inMunicipality municipality:woudenberg .
            OPTIONAL {{
              {CASE} sam:plans {MOVE} .
              {MOVE} a sam:PlannedChange ;
                sam:hasModality modality:planned ;
                sam:affects ?existing .
              FILTER NOT EXISTS {{ {MOVE} sam:date ?date }}
              BIND ({MOVE} AS ?moved)
              ?claim a sam:Claim ; sam:claimsAbout {MOVE} ; sam:date ?said .
            }}
          }}
          FILTER (LANG(?name) = "nl")
          BIND (STRAFTER(STR(DATATYPE(?start)), "#") AS ?type)
        }}""",
        ("Loket De Kleine Schans 2015 gYear - -", f"Sociaal Team 2015 gYear {MOVE} 2015"),
        (
            Evidence(DESK, "rdfs:label", "555,713"),
            Evidence(DESK, "sam:startDate", "555,713"),
            Evidence(DESK, "sam:inMunicipality", "136,146 148,314"),
            Evidence(TEAM, "rdfs:label", "555,713"),
            Evidence(TEAM, "sam:startDate", "555,713"),
            Evidence(TEAM, "sam:inMunicipality", "136,146 148,314"),
            Evidence(CASE, "sam:plans", "555,713", MOVE),
            Evidence(MOVE, "sam:affects", "555,713"),
            Evidence("claim:sociaal-team-would-leave", "sam:claimsAbout", "555,713"),
            Evidence("claim:sociaal-team-would-leave", "sam:date", "555,713"),
            Evidence("claim:sociaal-team-would-leave", "sam:openQuestion", "555,713"),
            Evidence(MOVE, "sam:hasModality", "555,713"),
        ),
    ),
    Fact(
        "WOU-06",
        f"""SELECT ?shaped ?duration ?type ?objective ?actor ?else {{
          GRAPH case:de-kleine-schans {{
            {CASE} sam:carriesOut ?pilot .
            ?pilot a sam:Pilot ;
              sam:inMunicipality municipality:woudenberg ;
              sam:givesShapeTo ?shaped ;
              sam:duration ?duration ;
              sam:hasObjective ?objective ;
              sam:involvesActorKind ?actor .
            OPTIONAL {{
              ?pilot sam:hasMainObjective|sam:takesPlaceIn|sam:startDate|sam:endDate ?else
            }}
          }}
          BIND (STRAFTER(STR(DATATYPE(?duration)), "#") AS ?type)
        }}""",
        tuple(
            f"{shaped} P2Y duration objective:continuity-of-care actor-kind:existing-provider -"
            for shaped in (DESK, TEAM)
        ),
        (
            Evidence(CASE, "sam:carriesOut", "715,879"),
            Evidence(CASE, "sam:openQuestion", "715,879 2414,2528"),
            Evidence(PILOT, "sam:inMunicipality", "136,146 555,713 715,879"),
            Evidence(PILOT, "sam:givesShapeTo", "555,713 715,879"),
            Evidence(PILOT, "sam:duration", "715,879"),
            Evidence(PILOT, "sam:hasObjective", "715,879"),
            Evidence(PILOT, "sam:involvesActorKind", "715,879"),
            Evidence(
                PILOT,
                "sam:openQuestion",
                "715,879",
                '"For what region was the pilot meant, and which municipalities lie in it?"@en',
            ),
            Evidence(
                PILOT,
                "sam:openQuestion",
                "555,713 715,879",
                '"Which two years were the pilot? '
                'That they began with the start of desk and team is an inference."@en',
            ),
        ),
    ),
    Fact(
        "WOU-07",
        f"""SELECT ?modality ?concept ?speaker {{
          GRAPH case:de-kleine-schans {{
            ?claim a sam:Claim ;
              sam:claimsAbout {PILOT} ;
              sam:hasModality ?modality ;
              sam:concerns ?concept .
            OPTIONAL {{ ?claim sam:voicedBy ?speaker }}
          }}
        }}""",
        ("modality:opinion theme:course-of-the-pilot -",),
        (
            Evidence("claim:woudenberg-pilot-went-well", "sam:claimsAbout", "895,919"),
            Evidence("claim:woudenberg-pilot-went-well", "sam:hasModality", "895,919"),
            Evidence("claim:woudenberg-pilot-went-well", "sam:concerns", "895,919"),
            Evidence("claim:woudenberg-pilot-went-well", "sam:openQuestion", "895,919"),
        ),
    ),
    quote(
        "WOU-08",
        "quality",
        (
            "modality:expected target-group:residents",
            "modality:expected theme:joining-basic-and-specialist-care",
            "modality:expected theme:joint-policy",
            "modality:expected theme:quality-of-care",
        ),
        "988,1380",
        "948,984",
    ),
    Fact(
        "WOU-09",
        f"""SELECT ?form ?other {{
          GRAPH case:de-kleine-schans {{
            {PROPOSAL} sam:rejectsAlternative ?form ; sam:contrastsWith ?other
          }}
        }}""",
        (
            "legal-form:foundation municipality:amersfoort",
            "legal-form:foundation municipality:leusden",
        ),
        (
            Evidence(PROPOSAL, "sam:rejectsAlternative", "1387,1503"),
            Evidence(PROPOSAL, "sam:contrastsWith", "1387,1503"),
            Evidence(
                PROPOSAL,
                "sam:openQuestion",
                "1387,1503",
                '"Do Leusden and Amersfoort have one joint foundation or one each, '
                'and what is it called?"@en',
            ),
        ),
    ),
    Fact(
        "WOU-10",
        f"""SELECT ?reason ?participant ?theme {{
          GRAPH case:de-kleine-schans {{
            {PROPOSAL} sam:hasReason ?reason ; sam:proposes ?change .
            ?change sam:foreseesParticipant ?participant ; sam:concerns ?theme .
          }}
          FILTER (?theme = theme:joint-vision-and-execution)
        }}""",
        (
            "driver:municipality-as-participant municipality:woudenberg "
            "theme:joint-vision-and-execution",
        ),
        (
            Evidence(PROPOSAL, "sam:hasReason", "1505,1683"),
            Evidence(COOPERATIVE, "sam:concerns", "1505,1683", "theme:joint-vision-and-execution"),
        ),
    ),
    Fact(
        "WOU-11",
        f"""SELECT ?task {{
          GRAPH case:de-kleine-schans {{ {COOPERATIVE} sam:leavesWithMunicipality ?task }}
          FILTER (STRSTARTS(STR(?task), STR(theme:)))
        }}""",
        ("theme:procurement",),
        (Evidence(COOPERATIVE, "sam:leavesWithMunicipality", "1695,1736", "theme:procurement"),),
    ),
    quote(
        "WOU-12",
        "small-municipality",
        ("modality:opinion driver:small-municipality-one-team",),
        "1836,1925",
        "1751,1772",
    ),
    quote(
        "WOU-13",
        "integrated-approach",
        (
            "modality:intended task-area:compulsory-education",
            "modality:intended task-area:participation",
            "modality:intended task-area:wmo",
            "modality:intended task-area:youth",
            "modality:intended theme:integrated-approach",
            "modality:intended theme:social-domain",
        ),
        "1927,2094",
        "1751,1772",
        *(
            Evidence(COOPERATIVE, "sam:hasLegalBasis", "1927,2094", f"law:{law}")
            for law in ("jeugdwet", "wmo-2015")
        ),
    ),
    quote(
        "WOU-14",
        "one-central-point",
        ("modality:expected theme:one-central-point",),
        "2096,2174",
        "1751,1772",
    ),
    Fact(
        "WOU-15",
        f"""SELECT ?task ?reason {{
          GRAPH case:de-kleine-schans {{
            {COOPERATIVE} sam:leavesWithMunicipality ?task ; sam:concerns ?reason .
          }}
          FILTER (STRSTARTS(STR(?task), STR(task-area:)) && ?reason = driver:legal-duty)
        }}""",
        (
            "task-area:compulsory-education driver:legal-duty",
            "task-area:participation driver:legal-duty",
        ),
        (
            Evidence(
                COOPERATIVE,
                "sam:leavesWithMunicipality",
                "2177,2259",
                "task-area:compulsory-education",
            ),
            Evidence(
                COOPERATIVE, "sam:leavesWithMunicipality", "2177,2259", "task-area:participation"
            ),
            Evidence(COOPERATIVE, "sam:concerns", "2177,2259", "driver:legal-duty"),
            *(
                Evidence(COOPERATIVE, "sam:hasLegalBasis", "1927,2094 2177,2259", f"law:{law}")
                for law in ("leerplichtwet-1969", "participatiewet")
            ),
        ),
    ),
    Fact(
        "WOU-16",
        f"""ASK {{
          GRAPH case:de-kleine-schans {{
            {COOPERATIVE} sam:involvesActorKind actor-kind:employee ;
              sam:concerns theme:municipal-employment
          }}
        }}""",
        ("true",),
        (
            Evidence(COOPERATIVE, "sam:involvesActorKind", "2261,2398", "actor-kind:employee"),
            Evidence(COOPERATIVE, "sam:concerns", "2261,2398", "theme:municipal-employment"),
        ),
    ),
    Fact(
        "WOU-17",
        f"""SELECT ?device ?conductor ?role ?date {{
          GRAPH case:de-kleine-schans {{
            {CASE} sam:hasActivity ?study .
            ?study a sam:Activity ;
              sam:usesLearningDevice ?device ;
              sam:conductedBy ?conductor .
            ?membership org:member ?conductor ; org:organization {CASE} ; org:role ?role .
            OPTIONAL {{ ?study sam:date|sam:startDate|sam:endDate ?date }}
          }}
          FILTER (?device = learning-device:preparatory-study)
        }}""",
        (
            "learning-device:preparatory-study municipality:woudenberg role:participant -",
            "learning-device:preparatory-study organisation:mee role:partner -",
            "learning-device:preparatory-study organisation:youke role:partner -",
        ),
        (
            Evidence(CASE, "sam:hasActivity", "2414,2528"),
            Evidence(
                STUDY, "sam:usesLearningDevice", "2414,2528", "learning-device:preparatory-study"
            ),
            Evidence(STUDY, "sam:conductedBy", "136,146 2414,2528", "municipality:woudenberg"),
            Evidence(STUDY, "sam:conductedBy", "2414,2528", "organisation:mee"),
            Evidence(STUDY, "sam:conductedBy", "2414,2528", "organisation:youke"),
            Evidence(STUDY, "sam:openQuestion", "2414,2528"),
            Evidence("organisation:mee", "rdfs:label", "2427,2430"),
            Evidence("organisation:mee", "sam:openQuestion", "2427,2430"),
            Evidence("membership:de-kleine-schans-mee", "org:member", "2414,2528"),
            Evidence("membership:de-kleine-schans-mee", "org:role", "2414,2528 2552,2587"),
            Evidence("membership:de-kleine-schans-youke", "org:member", "2414,2528"),
            Evidence("membership:de-kleine-schans-youke", "org:role", "2414,2528 2552,2587"),
            Evidence(
                "membership:de-kleine-schans-municipality-of-woudenberg",
                "org:role",
                "136,146 2414,2528",
            ),
        ),
    ),
    Fact(
        "WOU-18",
        f"""SELECT ?actor ?device ?channel ?closed {{
          GRAPH case:de-kleine-schans {{
            {STUDY} sam:involvesActorKind ?actor ;
              sam:usesLearningDevice ?device ;
              sam:usesChannel ?channel .
            {CASE} sam:involvesActorKind ?actor ; sam:memberListClosed ?closed .
          }}
          FILTER (?device != learning-device:preparatory-study)
        }}""",
        tuple(
            f"actor-kind:societal-partner learning-device:consultation channel:{channel} false"
            for channel in ("digital-platform", "meetings")
        ),
        (
            Evidence(STUDY, "sam:involvesActorKind", "2530,2667"),
            Evidence(STUDY, "sam:usesLearningDevice", "2530,2667", "learning-device:consultation"),
            Evidence(STUDY, "sam:usesChannel", "2530,2667"),
            Evidence(CASE, "sam:involvesActorKind", "2530,2667"),
            Evidence(CASE, "sam:memberListClosed", "2530,2667"),
        ),
    ),
    quote(
        "WOU-19",
        "wide-support",
        (
            "modality:opinion actor-kind:societal-partner",
            "modality:opinion theme:involvement-of-partners",
            "modality:opinion theme:support-among-partners",
        ),
        "2692,2931",
        "2670,2688",
        *(
            Evidence("claim:woudenberg-wide-support", "sam:claimsAbout", "2692,2931", about)
            for about in (STUDY, "organisation:mee", "organisation:youke")
        ),
    ),
    Fact(
        "WOU-20",
        f"""SELECT ?post ?role ?portfolio ?known {{
          GRAPH case:de-kleine-schans {{
            {COOPERATIVE} sam:requiresPost ?post .
            ?post a org:Post ; org:role ?role ; sam:hasPortfolio ?portfolio .
            OPTIONAL {{ ?post org:heldBy|org:postIn ?known }}
          }}
        }}""",
        (
            f"{DIRECTOR} role:network-director theme:connecting-task -",
            f"{DIRECTOR} role:network-director theme:social-domain -",
        ),
        (
            Evidence(COOPERATIVE, "sam:requiresPost", "2952,3148"),
            Evidence(DIRECTOR, "rdfs:label", "2952,3148"),
            Evidence(DIRECTOR, "org:role", "2952,3148"),
            Evidence(DIRECTOR, "sam:hasPortfolio", "2952,3148"),
            Evidence(DIRECTOR, "sam:openQuestion", "2952,3148"),
        ),
    ),
    Fact(
        "WOU-21",
        """SELECT ?property {
          source:de-kleine-schans ?property ?value
          FILTER (?property IN (
            dcterms:creator, dcterms:publisher, dcterms:date, dcterms:issued, dcterms:created
          ))
        }""",
        (),
        (Evidence("source:de-kleine-schans", "sam:openQuestion", "948,967"),),
    ),
)

NUMBERS = [
    *(f"WOU-{number:02}" for number in (0, 1)),
    *(f"WOU-{number:02}" for number in range(3, 22)),
]


TRAPS = {
    "the cooperative is no organisation": f"""ASK {{
      {{ {COOPERATIVE} a org:Organization }}
      UNION {{
        GRAPH case:de-kleine-schans {{ ?node a ?class ; rdfs:label ?name }}
        ?node a org:Organization .
        FILTER (REGEX(?name, "coöperatie|cooperative", "i"))
      }}
      UNION {{ ?node a org:Organization ; sam:hasLegalForm legal-form:cooperative }}
    }}""",
    "the desk, the team and the cooperative are three nodes": f"""ASK {{
      {{ {DESK} a sam:Team }} UNION {{ {TEAM} a sam:AccessPoint }}
      UNION {{ {DESK} a sam:PlannedChange }} UNION {{ {TEAM} a sam:PlannedChange }}
    }}""",
    "no decision of the council is an event": """ASK {
      GRAPH case:de-kleine-schans { ?event a sam:Event }
    }""",
    "the proposal is no agreement and binds nobody": f"""ASK {{
      {{ {PROPOSAL} a sam:Agreement }}
      UNION {{ {PROPOSAL} sam:hasParty ?party }}
      UNION {{ {CASE} sam:boundBy ?agreement }}
    }}""",
    "nothing planned has taken place": """ASK {
      GRAPH case:de-kleine-schans { ?plan a ?class }
      FILTER (?class IN (sam:PlannedChange, sam:PlannedActivity))
      ?plan a prov:Activity .
    }""",
    "nobody holds the post of network director": f"ASK {{ {DIRECTOR} org:heldBy ?person }}",
    "the post of network director is in no organisation": f"""ASK {{
      {DIRECTOR} org:postIn ?organisation
    }}""",
    "the digital platform is no steering body": """ASK {
      { GRAPH case:de-kleine-schans { ?body a sam:SteeringBody } }
      UNION { channel:digital-platform a org:Organization }
      UNION { collaboration:de-kleine-schans sam:steeredBy ?body }
      UNION { pilot:de-kleine-schans sam:steeredBy ?body }
    }""",
    "the council meets in no stated year": f"""ASK {{
      {MEETING} sam:date ?date FILTER (REGEX(STR(DATATYPE(?date)), "#(date|gYear|gYearMonth)$"))
    }}""",
    "no day of the case has a year": """ASK {
      GRAPH case:de-kleine-schans { ?subject ?property ?date }
      FILTER (isLiteral(?date) && REGEX(STR(DATATYPE(?date)), "#date$"))
    }""",
    "the study has no date": f"ASK {{ {STUDY} sam:date|sam:startDate|sam:endDate ?date }}",
    "the pilot has a duration and no dates": f"""ASK {{
      {PILOT} sam:date|sam:startDate|sam:endDate ?date
    }}""",
    "the region of the pilot is no place": """ASK {
      { GRAPH case:de-kleine-schans { ?place a sam:Place } }
      UNION { pilot:de-kleine-schans sam:takesPlaceIn ?place }
    }""",
    "the pilot and the collaboration are in Woudenberg only": f"""ASK {{
      {{ {PILOT} sam:inMunicipality ?municipality }}
      UNION {{ {CASE} sam:inMunicipality ?municipality }}
      FILTER (?municipality != municipality:woudenberg)
    }}""",
    "Leusden and Amersfoort take no part": f"""ASK {{
      VALUES ?other {{ municipality:leusden municipality:amersfoort }}
      {{ ?membership org:member ?other ; org:organization {CASE} }}
      UNION {{ ?other org:memberOf {CASE} }}
      UNION {{ {COOPERATIVE} sam:foreseesParticipant ?other }}
    }}""",
    "no foundation is minted": """ASK {
      GRAPH case:de-kleine-schans { ?node a ?class ; rdfs:label ?name }
      FILTER (REGEX(?name, "stichting|foundation", "i"))
    }""",
    "the three MEEs are not merged": """ASK {
      VALUES (?one ?other) {
        (organisation:mee organisation:mee-veluwe)
        (organisation:mee organisation:mee-noord-en-midden-limburg)
      }
      { ?one ?same ?other } UNION { ?other ?same ?one }
      UNION {
        ?membership org:member ?other ; org:organization collaboration:de-kleine-schans
        BIND (rdf:type AS ?same)
      }
      FILTER (!STRSTARTS(STR(?same), STR(sam:)))
    }""",
    "Youké is one node": """ASK {
      ?organisation rdfs:label "Youké"@nl
      FILTER (?organisation != organisation:youke)
    }""",
    "the size of the network is not countable": f"""ASK {{
      {CASE} sam:memberListClosed ?closed FILTER (?closed)
    }}""",
    "the partners that are not named are no organisations": f"""ASK {{
      ?membership org:organization {CASE} ; org:member ?member
      FILTER (?member NOT IN (
        municipality:woudenberg, organisation:mee, organisation:youke
      ))
    }}""",
    "no judgement is an outcome": """ASK {
      GRAPH case:de-kleine-schans { ?activity sam:yields ?outcome }
    }""",
    "the four tasks are claimed, and not stated of the collaboration": f"""ASK {{
      {{ {CASE} sam:hasTaskArea ?area }} UNION {{ {PILOT} sam:hasTaskArea ?area }}
    }}""",
    "the alderman has no portfolio by the report": f"ASK {{ {ALDERMAN} sam:hasPortfolio ?theme }}",
    "the alderman is the only person": """ASK {
      GRAPH case:de-kleine-schans { ?person a foaf:Person }
      FILTER (?person != person:pieter-de-kruif)
    }""",
    "statutes are our reading, not the source's": """ASK {
      GRAPH case:de-kleine-schans { ?subject sam:hasLegalBasis ?law }
    }""",
    "what is open is our reading, not the source's": """ASK {
      GRAPH case:de-kleine-schans { ?subject sam:openQuestion ?question }
    }""",
}


LEDGER = Ledger("de-kleine-schans", FACTS, tuple(NUMBERS), TRAPS)
