"""The facts of the report on Midden-Limburg West, in reading order."""

from ledger.facts import Evidence, Fact, Ledger

GRAPH = "case:midden-limburg-west"
SOURCE = "source:midden-limburg-west"
CASE = "collaboration:midden-limburg-west"
DECLARATION = "agreement:midden-limburg-west-declaration"
SIGNING = "event:midden-limburg-west-signing"
FINANCING = "financing:midden-limburg-west"
EVALUATION = "planned:midden-limburg-west-evaluation"
DECISION = "planned:midden-limburg-west-decision"
OSPEL = "collaboration:ospel"
LEUDAL_WEST = "collaboration:leudal-west"
WEERT = "collaboration:weert-centrum-biest"
OSPEL_TEAM = "team:integraal-sociaal-wijkteam-ospel"
AREA_TEAM = "team:sociaal-gebiedsteam-leudal-west"
GATEWAY = "change:leudal-west-first-gateway"
SURVEY = "activity:ospel-survey"
EXECUTION = "planned:ospel-execution"
PROJECT_GROUP = "body:weert-project-group"

# Each trial project by the slug that it shares with its collaboration and its place: heading and
# passages that tell its municipality.
TRIALS = {
    "ospel": ("863,881", "347,439 882,1019"),
    "leudal-west": ("1464,1488", "169,290 347,439 474,521"),
    "weert-centrum-biest": ("1950,1982", "1983,2082 2441,2487"),
}
FOUNDATION = "legal-form:foundation"


def values(subject: str, *properties: str) -> str:
    """Return the query for the values of properties as the case states them."""
    path = "|".join(properties)
    return f"SELECT ?value {{ GRAPH {GRAPH} {{ {subject} {path} ?value }} }}"


def of_trials(predicate: str, passages: str, value: str | None = None) -> tuple[Evidence, ...]:
    """Return that a property of all three trial projects rests on the same passages."""
    return tuple(Evidence(f"pilot:{slug}", predicate, passages, value) for slug in TRIALS)


def taking_part(member: str, membership: str, passage: str) -> tuple[Evidence, ...]:
    """Return the passages behind a place in the list of partners and a signature."""
    listed, signed = f"2883,2911 {passage}", f"2571,2723 2883,2911 {passage}"
    return (
        Evidence(membership, "org:member", listed),
        Evidence(membership, "org:organization", listed),
        Evidence(membership, "org:role", listed, "role:partner"),
        Evidence(membership, "org:role", signed, "role:signatory"),
        Evidence(DECLARATION, "sam:hasParty", signed, member),
    )


def partner(number: int, slug: str, name: str, passage: str, form: str = "-") -> Fact:
    """Return the fact that an organisation is a partner, a signatory and a party, by its name."""
    organisation = f"organisation:{slug}"
    membership = f"membership:midden-limburg-west-{slug}"
    has_form = () if form == "-" else (Evidence(organisation, "sam:hasLegalForm", passage),)
    return Fact(
        f"MLW-{number}",
        f"""SELECT ?name ?form ?role {{
          {membership} org:member {organisation} ; org:organization {CASE} ; org:role ?role .
          {DECLARATION} sam:hasParty {organisation} .
          {organisation} rdfs:label ?name .
          OPTIONAL {{ {organisation} sam:hasLegalForm ?form }}
        }}""",
        (f"{name} {form} role:partner", f"{name} {form} role:signatory"),
        (
            Evidence(organisation, "rdfs:label", passage),
            *has_form,
            *taking_part(organisation, membership, passage),
        ),
    )


def municipal_partner(number: int, name: str, passage: str) -> Fact:
    """Return the fact that a municipality is a partner, a signatory and a party."""
    municipality = f"municipality:{name.lower()}"
    membership = f"membership:midden-limburg-west-municipality-of-{name.lower()}"
    return Fact(
        f"MLW-{number}",
        f"""SELECT ?name ?role {{
          {membership} org:member {municipality} ; org:organization {CASE} ; org:role ?role .
          {DECLARATION} sam:hasParty {municipality} .
          {municipality} a sam:Municipality ; rdfs:label ?name .
          FILTER (LANG(?name) = "nl")
        }}""",
        (f"gemeente {name} role:partner", f"gemeente {name} role:signatory"),
        taking_part(municipality, membership, passage),
    )


FACTS = (
    Fact(
        "MLW-00",
        f"""SELECT ?title ?second ?document {{
          GRAPH {GRAPH} {{ {CASE} sam:documentedIn ?document }}
          ?document dcterms:title ?title ; dcterms:alternative ?second .
        }}""",
        (f"Samenwerking in de wijk van start Proefprojecten Sociale wijkteams {SOURCE}",),
        (
            Evidence(SOURCE, "dcterms:title", "100,133"),
            Evidence(SOURCE, "dcterms:alternative", "135,167"),
            Evidence(CASE, "sam:documentedIn", "100,167"),
        ),
    ),
    Fact(
        "MLW-01",
        f"""SELECT ?issued ?signed ?type {{
          {SOURCE} dcterms:issued ?issued .
          {SIGNING} sam:date ?signed .
          BIND (STRAFTER(STR(DATATYPE(?signed)), "#") AS ?type)
        }}""",
        ("2014-06-19 2014-06-19 date",),
        (
            Evidence(SOURCE, "dcterms:issued", "86,98"),
            Evidence(SIGNING, "sam:date", "86,98 292,345"),
        ),
    ),
    Fact(
        "MLW-02",
        f"""SELECT ?property ?value {{
          {SOURCE} ?property ?value
          FILTER (?property IN (dcterms:creator, dcterms:publisher))
        }}""",
        (),
        (Evidence(SOURCE, "sam:openQuestion", "53,75"),),
    ),
    Fact(
        "MLW-03",
        f"""SELECT ?municipality ?kind ?place ?since {{
          {CASE} sam:inMunicipality ?municipality ; sam:involvesActorKind ?kind ;
            sam:takesPlaceIn ?place .
          OPTIONAL {{ {CASE} sam:startDate ?since }}
        }}""",
        (
            "municipality:leudal actor-kind:care-provider place:midden-limburg-west -",
            "municipality:nederweert actor-kind:care-provider place:midden-limburg-west -",
            "municipality:weert actor-kind:care-provider place:midden-limburg-west -",
        ),
        (
            Evidence(CASE, "sam:inMunicipality", "169,290"),
            Evidence(CASE, "sam:involvesActorKind", "169,290"),
            Evidence(CASE, "sam:takesPlaceIn", "169,290 2571,2723"),
            Evidence(CASE, "sam:openQuestion", "169,290"),
            Evidence("place:midden-limburg-west", "rdfs:label", "169,290"),
        ),
    ),
    Fact(
        "MLW-04",
        f"""SELECT ?name ?date ?place ?placeName {{
          {DECLARATION} skos:altLabel ?name ; sam:signedAt ?event .
          ?event sam:date ?date ; sam:takesPlaceIn ?place .
          ?place a sam:Place ; rdfs:label ?placeName .
        }}""",
        (
            "declaration of intent 2014-06-19 place:horn Horn",
            "intentieverklaring 2014-06-19 place:horn Horn",
        ),
        (
            Evidence(DECLARATION, "skos:altLabel", "292,345"),
            Evidence(DECLARATION, "sam:signedAt", "292,345 2571,2723"),
            Evidence(SIGNING, "sam:takesPlaceIn", "292,345"),
            Evidence("place:horn", "rdfs:label", "292,345"),
        ),
    ),
    Fact(
        "MLW-05",
        f"""SELECT ?pilot ?municipality ?duration ?type ?date {{
          {CASE} sam:carriesOut ?pilot .
          ?pilot sam:inMunicipality ?municipality ; sam:duration ?duration ;
            sam:hasTheme theme:neighbourhood-teams .
          BIND (STRAFTER(STR(DATATYPE(?duration)), "#") AS ?type)
          OPTIONAL {{ ?pilot sam:startDate|sam:endDate|sam:date ?date }}
        }}""",
        (
            "pilot:leudal-west municipality:leudal P6M duration -",
            "pilot:ospel municipality:nederweert P6M duration -",
            "pilot:weert-centrum-biest municipality:weert P6M duration -",
        ),
        (
            *of_trials("sam:duration", "347,439"),
            *of_trials("sam:hasTheme", "347,439", "theme:neighbourhood-teams"),
            *of_trials("sam:openQuestion", "347,439"),
            *(
                Evidence(f"{kind}:{slug}", "sam:inMunicipality", passages)
                for slug, (_, passages) in TRIALS.items()
                for kind in ("collaboration", "pilot", "place")
            ),
            Evidence(CASE, "sam:carriesOut", "347,439 474,521"),
            Evidence(LEUDAL_WEST, "sam:openQuestion", "347,439 474,521"),
        ),
    ),
    Fact(
        "MLW-06",
        f"""SELECT ?collaboration ?pilot ?place ?name {{
          ?collaboration org:subOrganizationOf {CASE} ;
            sam:carriesOut ?pilot ; sam:takesPlaceIn ?place .
          {CASE} sam:carriesOut ?pilot .
          ?pilot sam:takesPlaceIn ?place .
          ?place rdfs:label ?name .
        }}""",
        (
            f"{LEUDAL_WEST} pilot:leudal-west place:leudal-west Leudal West",
            f"{OSPEL} pilot:ospel place:ospel Ospel",
            f"{WEERT} pilot:weert-centrum-biest place:weert-centrum-biest Weert-Centrum/Biest",
        ),
        (
            *of_trials("sam:takesPlaceIn", "474,521"),
            *(
                evidence
                for slug, (heading, _) in TRIALS.items()
                for evidence in (
                    Evidence(f"collaboration:{slug}", "sam:documentedIn", heading),
                    Evidence(f"collaboration:{slug}", "org:subOrganizationOf", "347,439 474,521"),
                    Evidence(f"collaboration:{slug}", "sam:carriesOut", "347,439 474,521"),
                    Evidence(f"collaboration:{slug}", "sam:takesPlaceIn", "474,521"),
                    Evidence(f"place:{slug}", "rdfs:label", "474,521"),
                )
            ),
        ),
    ),
    Fact(
        "MLW-07",
        f"""SELECT ?objective (COUNT(?pilot) AS ?pilots) {{
          {CASE} sam:carriesOut ?pilot . ?pilot sam:hasObjective ?objective
        }}
        GROUP BY ?objective""",
        ("objective:gain-experience 3",),
        of_trials("sam:hasObjective", "523,607"),
    ),
    Fact(
        "MLW-08",
        f"""SELECT ?theme {{
          {CASE} sam:carriesOut ?pilot . ?pilot sam:hasTheme ?theme
          FILTER (?theme != theme:neighbourhood-teams)
        }}
        GROUP BY ?theme
        HAVING (COUNT(?pilot) = 3)""",
        ("theme:local-accents", "theme:own-pace"),
        (
            *of_trials("sam:hasTheme", "609,718", "theme:local-accents"),
            *of_trials("sam:hasTheme", "609,718", "theme:own-pace"),
        ),
    ),
    Fact(
        "MLW-09",
        f"""SELECT ?municipality ?subject ?basis ?device ?modality ?date ?evaluator {{
          {CASE} sam:plans ?decision , ?basis .
          ?decision a sam:PlannedActivity ; sam:conductedBy ?municipality ;
            sam:concerns ?subject ; sam:basedOn ?basis ; sam:hasModality ?modality .
          ?basis a sam:PlannedActivity ; sam:usesLearningDevice ?device ;
            sam:hasModality ?modality .
          OPTIONAL {{ ?decision (sam:basedOn?)/(sam:date|sam:startDate|sam:endDate) ?date }}
          OPTIONAL {{ ?basis sam:conductedBy ?evaluator }}
        }}""",
        tuple(
            f"municipality:{slug} theme:neighbourhood-teams {EVALUATION} "
            "learning-device:evaluation modality:planned - -"
            for slug in ("leudal", "nederweert", "weert")
        ),
        (
            Evidence(CASE, "sam:plans", "720,860"),
            Evidence(DECISION, "sam:basedOn", "720,860"),
            Evidence(DECISION, "sam:concerns", "720,860"),
            Evidence(DECISION, "sam:conductedBy", "169,290 720,860"),
            Evidence(DECISION, "sam:hasModality", "720,860"),
            Evidence(DECISION, "sam:openQuestion", "720,860"),
            Evidence(EVALUATION, "sam:hasModality", "720,860"),
            Evidence(EVALUATION, "sam:usesLearningDevice", "720,860"),
            Evidence(EVALUATION, "sam:openQuestion", "720,860"),
        ),
    ),
    Fact(
        "MLW-10",
        f"""SELECT ?name ?kind ?municipality ?role {{
          {OSPEL} sam:givesShapeTo ?team ; sam:involvesActorKind ?kind .
          ?team a sam:Team ; rdfs:label ?name .
          ?membership org:organization {OSPEL} ; org:member ?municipality ; org:role ?role .
        }}""",
        tuple(
            f"Integraal Sociaal Wijkteam Ospel actor-kind:{kind} municipality:nederweert "
            "role:participant"
            for kind in ("care-provider", "village-council", "welfare-provider")
        ),
        (
            Evidence(OSPEL, "sam:givesShapeTo", "882,1019"),
            Evidence(OSPEL, "sam:involvesActorKind", "882,1019"),
            Evidence(OSPEL, "sam:memberListClosed", "882,1019"),
            Evidence(OSPEL_TEAM, "rdfs:label", "882,1019"),
            Evidence(OSPEL_TEAM, "sam:openQuestion", "882,1019"),
            Evidence("membership:ospel-municipality-of-nederweert", "org:member", "882,1019"),
            Evidence("membership:ospel-municipality-of-nederweert", "org:organization", "882,1019"),
            Evidence("membership:ospel-municipality-of-nederweert", "org:role", "882,1019"),
        ),
    ),
    Fact(
        "MLW-11",
        f"""SELECT ?value {{
          GRAPH {GRAPH} {{ pilot:ospel sam:hasTargetGroup|sam:hasTheme ?value }}
          FILTER NOT EXISTS {{ pilot:leudal-west sam:hasTheme ?value }}
        }}""",
        (
            "target-group:residents",
            "theme:facilities",
            "theme:living-at-home-longer",
            "theme:mutual-help",
            "theme:neighbourly-help",
            "theme:residents-needs",
        ),
        (
            Evidence("pilot:ospel", "sam:hasTargetGroup", "1021,1286"),
            Evidence("pilot:ospel", "sam:hasTheme", "1021,1286", "theme:facilities"),
            Evidence("pilot:ospel", "sam:hasTheme", "1021,1286", "theme:living-at-home-longer"),
            Evidence("pilot:ospel", "sam:hasTheme", "1021,1286", "theme:mutual-help"),
            Evidence("pilot:ospel", "sam:hasTheme", "1021,1286", "theme:neighbourly-help"),
            Evidence("pilot:ospel", "sam:hasTheme", "1021,1286", "theme:residents-needs"),
        ),
    ),
    Fact(
        "MLW-12",
        f"""SELECT ?activity ?device ?kind ?unstated {{
          {OSPEL} sam:hasActivity ?activity .
          ?activity a sam:Activity ; sam:usesLearningDevice ?device ; sam:involvesActorKind ?kind .
          OPTIONAL {{
            ?activity sam:date|sam:startDate|sam:endDate|sam:conductedBy|sam:yields ?unstated
          }}
        }}""",
        (f"{SURVEY} learning-device:survey actor-kind:resident -",),
        (
            Evidence(OSPEL, "sam:hasActivity", "1288,1350"),
            Evidence(SURVEY, "sam:usesLearningDevice", "1288,1350"),
            Evidence(SURVEY, "sam:involvesActorKind", "1288,1350"),
            Evidence(SURVEY, "sam:openQuestion", "1288,1350"),
        ),
    ),
    Fact(
        "MLW-13",
        f"""SELECT ?phase ?modality ?kind {{
          {OSPEL} sam:carriesOut/sam:plans ?phase .
          ?phase a sam:PlannedActivity ; sam:hasModality ?modality ;
            sam:initiatedByActorKind ?kind .
        }}""",
        (
            f"{EXECUTION} modality:planned actor-kind:chain-partner",
            f"{EXECUTION} modality:planned actor-kind:village-council",
        ),
        (
            Evidence("pilot:ospel", "sam:plans", "1352,1461"),
            Evidence(EXECUTION, "sam:hasModality", "1352,1461"),
            Evidence(EXECUTION, "sam:initiatedByActorKind", "1352,1461"),
        ),
    ),
    Fact(
        "MLW-14",
        f"""SELECT ?change ?modality ?team ?concern {{
          {LEUDAL_WEST} sam:plans ?change .
          ?change a sam:PlannedChange ; sam:hasModality ?modality ;
            sam:affects ?team ; sam:concerns ?concern .
          ?team a sam:Team .
        }}""",
        (f"{GATEWAY} modality:planned {AREA_TEAM} theme:first-point-of-access",),
        (
            Evidence(LEUDAL_WEST, "sam:plans", "1489,1593"),
            Evidence(GATEWAY, "sam:affects", "1489,1593"),
            Evidence(GATEWAY, "sam:concerns", "1489,1593"),
            Evidence(GATEWAY, "sam:hasModality", "1489,1593"),
            Evidence(AREA_TEAM, "rdf:type", "1489,1593", "sam:Team"),
            Evidence(AREA_TEAM, "sam:openQuestion", "1489,1593"),
        ),
    ),
    Fact(
        "MLW-15",
        f"""SELECT ?pilot {{
          {CASE} sam:carriesOut ?pilot . ?pilot sam:hasTheme theme:community-contribution
        }}""",
        ("pilot:leudal-west",),
        (
            Evidence(
                "pilot:leudal-west", "sam:hasTheme", "1595,1703", "theme:community-contribution"
            ),
        ),
    ),
    Fact(
        "MLW-16",
        f"""SELECT ?value {{
          GRAPH {GRAPH} {{
            {LEUDAL_WEST} sam:involvesActorKind|(sam:carriesOut/sam:hasTheme) ?value
          }}
          FILTER NOT EXISTS {{ pilot:ospel sam:hasTheme ?value }}
          FILTER (?value != theme:community-contribution)
        }}""",
        (
            "actor-kind:community-work",
            "actor-kind:social-work",
            "actor-kind:societal-partner",
            "theme:bottom-up-initiatives",
            "theme:domestic-help",
            "theme:guidance",
            "theme:tailored-provisions",
        ),
        (
            Evidence(LEUDAL_WEST, "sam:involvesActorKind", "1705,1947"),
            Evidence(LEUDAL_WEST, "sam:memberListClosed", "1705,1947"),
            Evidence(
                "pilot:leudal-west", "sam:hasTheme", "1705,1947", "theme:bottom-up-initiatives"
            ),
            Evidence("pilot:leudal-west", "sam:hasTheme", "1705,1947", "theme:domestic-help"),
            Evidence("pilot:leudal-west", "sam:hasTheme", "1705,1947", "theme:guidance"),
            Evidence("pilot:leudal-west", "sam:hasTheme", "1705,1947", "theme:tailored-provisions"),
        ),
    ),
    Fact(
        "MLW-17",
        """SELECT ?collaboration ?place ?kind {
          ?collaboration skos:altLabel "Het wordt druk in de wijk"@nl ; sam:takesPlaceIn ?place .
          ?place sam:hasPlaceKind ?kind .
        }""",
        (f"{WEERT} place:weert-centrum-biest place-kind:neighbourhood",),
        (
            Evidence(WEERT, "skos:altLabel", "1983,2082"),
            Evidence("place:weert-centrum-biest", "sam:hasPlaceKind", "1983,2082"),
            Evidence("place:weert-centrum-biest", "sam:openQuestion", "1983,2082"),
        ),
    ),
    Fact(
        "MLW-18",
        f"""SELECT ?pilot {{
          {CASE} sam:carriesOut ?pilot . ?pilot sam:hasTheme theme:linking-care-and-welfare
        }}""",
        ("pilot:weert-centrum-biest",),
        (
            Evidence(
                "pilot:weert-centrum-biest",
                "sam:hasTheme",
                "2084,2166",
                "theme:linking-care-and-welfare",
            ),
        ),
    ),
    Fact(
        "MLW-19",
        f"""SELECT ?theme {{
          {WEERT} sam:carriesOut ?pilot .
          ?pilot sam:hasTheme ?theme .
          FILTER NOT EXISTS {{ pilot:ospel sam:hasTheme ?theme }}
          FILTER (?theme != theme:linking-care-and-welfare)
        }}""",
        ("theme:aligning-tasks-with-insurer", "theme:scaling-care"),
        (
            Evidence(
                "pilot:weert-centrum-biest",
                "sam:hasTheme",
                "2168,2345",
                "theme:aligning-tasks-with-insurer",
            ),
            Evidence(
                "pilot:weert-centrum-biest", "sam:hasTheme", "2168,2345", "theme:scaling-care"
            ),
            Evidence(WEERT, "sam:openQuestion", "2168,2345"),
        ),
    ),
    Fact(
        "MLW-20",
        values(WEERT, "sam:initiatedByActorKind"),
        ("actor-kind:care-provider", "actor-kind:welfare-provider"),
        (
            Evidence(WEERT, "sam:initiatedByActorKind", "2347,2439"),
            Evidence(WEERT, "sam:memberListClosed", "2347,2439"),
        ),
    ),
    Fact(
        "MLW-21",
        f"""SELECT ?member ?role {{
          ?membership org:organization {WEERT} ; org:member ?member ; org:role ?role
        }}""",
        ("municipality:weert role:joining-party",),
        tuple(
            Evidence("membership:weert-centrum-biest-municipality-of-weert", part, "2441,2487")
            for part in ("org:member", "org:organization", "org:role")
        ),
    ),
    Fact(
        "MLW-22",
        f"""SELECT ?body ?member {{
          {WEERT} sam:carriesOut/sam:steeredBy ?body .
          ?body a sam:SteeringBody .
          OPTIONAL {{ ?membership org:organization ?body ; org:member ?member }}
        }}""",
        (f"{PROJECT_GROUP} -",),
        (
            Evidence("pilot:weert-centrum-biest", "sam:steeredBy", "2489,2547"),
            Evidence(PROJECT_GROUP, "rdf:type", "2489,2547", "sam:SteeringBody"),
            Evidence(PROJECT_GROUP, "sam:openQuestion", "2489,2547"),
        ),
    ),
    Fact(
        "MLW-23",
        f"""SELECT ?agreement ?kind ?name ?other {{
          {CASE} sam:boundBy ?agreement .
          GRAPH {GRAPH} {{ ?agreement a ?kind ; rdfs:label ?name ; skos:altLabel ?other }}
          FILTER (LANG(?name) = "nl" && LANG(?other) = "nl")
        }}""",
        (
            f"{DECLARATION} sam:DeclarationOfIntent "
            "intentieovereenkomst ‘gebiedsgericht werken Midden-Limburg West’ intentieverklaring",
        ),
        (
            Evidence(CASE, "sam:boundBy", "292,345 2571,2723"),
            Evidence(
                DECLARATION,
                "rdfs:label",
                "2571,2723",
                '"intentieovereenkomst ‘gebiedsgericht werken Midden-Limburg West’"@nl',
            ),
        ),
    ),
    Fact(
        "MLW-24",
        values(DECLARATION, "sam:commitsTo"),
        ("pilot:leudal-west", "pilot:ospel", "pilot:weert-centrum-biest"),
        (Evidence(DECLARATION, "sam:commitsTo", "474,521 2725,2781"),),
    ),
    Fact(
        "MLW-25",
        f"""SELECT ?theme ?kind ?payer {{
          {CASE} sam:hasTheme ?theme ; sam:financedBy ?financing .
          ?financing sam:hasFinancingKind ?kind .
          OPTIONAL {{ ?financing sam:paidBy ?payer }}
        }}""",
        ("theme:innovation financing-kind:own-cost -",),
        (
            Evidence(CASE, "sam:financedBy", "2783,2881"),
            Evidence(CASE, "sam:hasTheme", "2783,2881"),
            Evidence(FINANCING, "sam:hasFinancingKind", "2783,2881"),
            Evidence(FINANCING, "sam:openQuestion", "2783,2881"),
        ),
    ),
    Fact(
        "MLW-26",
        f"""SELECT ?closed ?municipal ?form ?sector (COUNT(?member) AS ?members) {{
          {CASE} sam:memberListClosed ?closed .
          ?membership org:organization {CASE} ; org:member ?member ; org:role role:partner .
          BIND (EXISTS {{ ?member a sam:Municipality }} AS ?municipal)
          OPTIONAL {{ ?member sam:hasLegalForm ?form }}
          OPTIONAL {{ ?member org:classification ?sector }}
        }}
        GROUP BY ?closed ?municipal ?form ?sector""",
        (
            "true false legal-form:foundation - 12",
            "true false legal-form:private-limited-company - 1",
            "true false - sector:health-insurance 1",
            "true false - - 1",
            "true true - - 3",
        ),
        (
            Evidence(CASE, "sam:memberListClosed", "2883,3422"),
            Evidence("organisation:cz", "org:classification", "3347,3365"),
        ),
    ),
    partner(
        27, "meditta-zorg", "Meditta Zorg BV", "2913,2928", "legal-form:private-limited-company"
    ),
    partner(
        28,
        "zorggroep-noord-en-midden-limburg",
        "Stichting Zorggroep Noord- en Midden-Limburg",
        "2930,2974",
        FOUNDATION,
    ),
    partner(29, "proteion", "Stichting Proteion", "2976,2994", FOUNDATION),
    partner(30, "land-van-horne", "Stichting Land van Horne", "2996,3020", FOUNDATION),
    partner(31, "met-ggz", "Stichting MET GGZ", "3022,3039", FOUNDATION),
    partner(32, "vincent-van-gogh", "Stichting Vincent van Gogh", "3041,3067", FOUNDATION),
    partner(33, "sint-jans-gasthuis", "Stichting Sint Jans Gasthuis", "3069,3097", FOUNDATION),
    partner(34, "punt-welzijn", "Stichting Punt Welzijn", "3099,3121", FOUNDATION),
    partner(35, "synthese", "Synthese", "3123,3131"),
    partner(36, "vorkmeer", "Stichting Vorkmeer", "3133,3151", FOUNDATION),
    partner(
        37,
        "mee-noord-en-midden-limburg",
        "Stichting MEE Noord- en Midden-Limburg",
        "3153,3191",
        FOUNDATION,
    ),
    partner(
        38,
        "algemeen-maatschappelijk-werk-midden-limburg",
        "Stichting Algemeen Maatschappelijk Werk Midden-Limburg",
        "3193,3247",
        FOUNDATION,
    ),
    partner(
        39,
        "pedagogisch-sociaal-werk-midden-en-noord-limburg",
        "Stichting Pedagogisch Sociaal Werk Midden- en Noord-Limburg",
        "3249,3308",
        FOUNDATION,
    ),
    partner(
        40,
        "gehandicaptenzorg-limburg",
        "Stichting Gehandicaptenzorg Limburg",
        "3310,3345",
        FOUNDATION,
    ),
    partner(41, "cz", "Zorgverzekeraar CZ", "3347,3365"),
    municipal_partner(42, "Nederweert", "3367,3386"),
    municipal_partner(43, "Leudal", "3388,3403"),
    municipal_partner(44, "Weert", "3407,3421"),
)

NUMBERS = tuple(f"MLW-{number:02}" for number in range(45))

TRAPS = {
    "neither village council nor insurer nor provider is a member of a trial project": f"""ASK {{
      ?trial org:subOrganizationOf {CASE} .
      ?membership org:organization ?trial ; org:member ?member .
      FILTER NOT EXISTS {{ ?member a sam:Municipality }}
    }}""",
    "the village council is no organisation and no party": f"""ASK {{
      GRAPH {GRAPH} {{ ?node a org:Organization ; rdfs:label ?name }}
      FILTER (CONTAINS(LCASE(?name), "raad") || CONTAINS(LCASE(?name), "council"))
    }}""",
    "CZ is a partner and nothing else: the insurer of Weert is unnamed": f"""ASK {{
      GRAPH {GRAPH} {{ ?node ?property organisation:cz }}
      FILTER (?node NOT IN ({DECLARATION}, membership:midden-limburg-west-cz))
      FILTER NOT EXISTS {{ ?node a sam:Attestation }}
    }}""",
    "the insurer of Weert is not said to be approached or to take part": f"""ASK {{
      VALUES ?node {{ {WEERT} pilot:weert-centrum-biest }}
      ?node sam:seeksLinkWith|sam:involvesActorKind actor-kind:health-insurer
    }}""",
    "the five with Limburg in their name are five": f"""ASK {{
      {{
        SELECT (COUNT(DISTINCT ?organisation) AS ?organisations) {{
          GRAPH {GRAPH} {{ ?organisation a org:Organization ; rdfs:label ?name }}
          FILTER (CONTAINS(?name, "Limburg"))
        }}
      }}
      FILTER (?organisations != 5)
    }}""",
    "no organisation is the same as another": f"""ASK {{
      GRAPH {GRAPH} {{ ?organisation a org:Organization }}
      ?organisation <http://www.w3.org/2002/07/owl#sameAs>|skos:exactMatch ?other .
      FILTER (?organisation != ?other)
    }}""",
    "declaration and agreement of intent are one instrument": f"""ASK {{
      GRAPH {GRAPH} {{ ?agreement a sam:DeclarationOfIntent }}
      FILTER (?agreement != {DECLARATION})
    }}""",
    "no statute and no task area is named": f"""ASK {{
      {CASE} (sam:carriesOut|^org:subOrganizationOf)* ?node .
      ?node sam:hasLegalBasis|sam:hasTaskArea ?value .
    }}""",
    "no trial project has a day on which it starts or ends": f"""ASK {{
      {CASE} sam:carriesOut ?pilot . ?pilot sam:startDate|sam:endDate ?date
    }}""",
    "the weekday of the signing is not written": f"ASK {{ {SIGNING} sam:onWeekday ?weekday }}",
    "no amount and no other number is stated": f"""ASK {{
      GRAPH {GRAPH} {{ ?node ?property ?number }}
      FILTER (isNumeric(?number))
    }}""",
    "who bears its own cost is not listed as payer": f"ASK {{ {FINANCING} sam:paidBy ?payer }}",
    "Horn is neither Horst nor Horne, and of no stated kind or municipality": f"""ASK {{
      {{ GRAPH {GRAPH} {{ ?node ?property municipality:horst-aan-de-maas }} }}
      UNION {{ {SIGNING} sam:takesPlaceIn ?place FILTER (?place != place:horn) }}
      UNION {{ place:horn sam:inMunicipality|sam:hasPlaceKind ?value }}
      UNION {{ organisation:land-van-horne sam:takesPlaceIn|sam:inMunicipality ?value }}
    }}""",
    "Ospel is of Nederweert, not of Weert": """ASK {
      ?node sam:inMunicipality municipality:weert
      FILTER (?node IN (collaboration:ospel, pilot:ospel, place:ospel))
    }""",
    "neither Ospel nor Leudal West has a stated kind": """ASK {
      ?place sam:hasPlaceKind ?kind FILTER (?place IN (place:ospel, place:leudal-west))
    }""",
    "the project group has no members and no chair": f"""ASK {{
      {{ ?membership org:organization {PROJECT_GROUP} }}
      UNION {{ {PROJECT_GROUP} sam:chairedBy|sam:representsPartnersOf ?value }}
    }}""",
    "that the project group steers is not coded as certain": """ASK {
      coding:weert-centrum-biest-v09 sam:hasConfidence confidence:high
    }""",
    "the aim of the trial projects is not stated of the collaboration": f"""ASK {{
      GRAPH {GRAPH} {{ {CASE} sam:hasObjective ?objective }}
    }}""",
    "the area team is not said to be a gateway already": f"""ASK {{
      {{ {AREA_TEAM} a sam:AccessPoint }}
      UNION {{ pilot:leudal-west sam:hasTheme theme:first-point-of-access }}
    }}""",
    "no evaluation has been held": f"""ASK {{
      GRAPH {GRAPH} {{ ?node a sam:Activity ; sam:usesLearningDevice learning-device:evaluation }}
    }}""",
    "what a trial project has of members may not be counted": f"""ASK {{
      ?trial org:subOrganizationOf {CASE} ; sam:memberListClosed true
    }}""",
    "the municipality of Weert is not coded as initiator": f"""ASK {{
      ?coding sam:codesCase {WEERT} ; sam:codesVariable codebook:v03 ; sam:hasCodedValue ?value .
      FILTER (?value != initiator:providers)
    }}""",
    "no variable but V06 is coded twice": f"""ASK {{
      ?case org:subOrganizationOf? {CASE} .
      ?one sam:codesCase ?case ; sam:codesVariable ?variable .
      ?other sam:codesCase ?case ; sam:codesVariable ?variable .
      FILTER (?one != ?other && ?variable != codebook:v06)
    }}""",
    "no variable is left uncoded": f"""ASK {{
      ?case org:subOrganizationOf? {CASE} .
      ?variable a sam:Variable .
      FILTER NOT EXISTS {{ ?coding sam:codesCase ?case ; sam:codesVariable ?variable }}
    }}""",
    "what is open is our reading, not the source's": f"""ASK {{
      GRAPH {GRAPH} {{ ?subject sam:openQuestion ?question }}
    }}""",
}


LEDGER = Ledger("midden-limburg-west", FACTS, NUMBERS, TRAPS)
