"""The facts of the report on the Village Deals, in reading order."""

from ledger.facts import Evidence, Fact, Ledger

CASE = "collaboration:village-deals"
KICK_OFF = "event:village-deals-kick-off"
REPORTING = "activity:village-deals-reporting"
FOCUS = "question:control-and-freedom"
CONCLUDED = (
    "Wanneer zijn de deals gesloten, en zijn zij ondertekend? Vermeld is alleen dat het gebeurt."
)
BEGUN = "Zijn de experimenten al begonnen? Zij worden aangekondigd, zonder datum."
MUNICIPALITIES = {  # and where the report names them
    "goeree-overflakkee": "3251,3270",
    "horst-aan-de-maas": "2610,2627",
    "oldenzaal": "2257,2266",
    "ommen": "2490,2495",
    "soest": "3576,3581",
    "stein": "3040,3045",
    "teylingen": "1397,1406",
    "tubbergen": "2090,2099",
    "weststellingwerf": "1964,1980",
    "wijdemeren": "1163,1173",
    "winterswijk": "1771,1782",
}
UNNAMED = {  # and where it speaks of others who may take part
    "ommen": "2496,2607",
    "wijdemeren": "1346,1394",
}
COMMON = """
    org:subOrganizationOf, rdf:type, rdfs:label, sam:boundBy, sam:carriesOut,
    sam:documentedIn, sam:hasParty, sam:inMunicipality, sam:memberListClosed, sam:takesPlaceIn,
    sam:intends, sam:plans, sam:hasActivity, sam:financedBy
"""


def question(number: str, concept: str, passage: str, broader: str) -> Fact:
    """Return the fact that the programme asks a question, as part of a broader one if any."""
    return Fact(
        number,
        f"""SELECT ?question ?broader {{
          {CASE} sam:asksQuestion ?question .
          FILTER (?question = question:{concept})
          OPTIONAL {{ ?question skos:broader ?broader }}
        }}""",
        (f"question:{concept} {broader}",),
        (Evidence(CASE, "sam:asksQuestion", passage, f"question:{concept}"),),
    )


def binding(slug: str, name: str) -> tuple[Evidence, ...]:
    """Return what the deal of a municipality rests on: that there is one, and the name."""
    case, passages = f"collaboration:village-deal-{slug}", f"108,207 {name}"
    return (
        Evidence(CASE, "sam:inMunicipality", passages, f"municipality:{slug}"),
        Evidence(case, "sam:boundBy", passages),
        Evidence(case, "sam:inMunicipality", passages),
        Evidence(case, "sam:memberListClosed", f"{passages} {UNNAMED.get(slug, '')}"),
        Evidence(f"agreement:village-deal-{slug}", "sam:hasParty", passages),
        *(
            evidence
            for organ in ("college", "council")
            for evidence in (
                Evidence(f"body:{slug}-{organ}", "org:unitOf", passages),
                Evidence(f"membership:village-deal-{slug}-{organ}", "org:member", passages),
                Evidence(f"membership:village-deal-{slug}-{organ}", "org:organization", passages),
                Evidence(f"membership:village-deal-{slug}-{organ}", "org:role", passages),
            )
        ),
    )


def deal(number: str, slug: str, rows: tuple[str, ...], evidence: tuple[Evidence, ...]) -> Fact:
    """Return what is said of one deal only: all of it, down to its plans and activities.

    In rows and evidence, ``~`` stands for ``village-deal-`` and the municipality.
    """
    here = f"village-deal-{slug}"
    return Fact(
        number,
        f"""SELECT ?subject ?property ?value {{
          GRAPH case:village-deals {{
            {{
              VALUES ?subject {{ agreement:{here} collaboration:{here} pilot:{here} }}
              ?subject ?property ?value
              FILTER (?property NOT IN ({COMMON}))
            }} UNION {{
              collaboration:{here} sam:carriesOut?/
                (sam:intends|sam:plans|sam:hasActivity|sam:financedBy) ?subject .
              ?subject ?property ?value
              FILTER (?property != rdfs:label)
            }}
          }}
          FILTER (?property != sam:hasTheme ||
            ?value NOT IN (theme:innovation, theme:integrated-approach))
          FILTER (?value != objective:fitting-residents-solutions)
        }}""",
        tuple(row.replace("~", here) for row in rows),
        tuple(
            Evidence(
                one.subject.replace("~", here),
                one.property,
                one.passages,
                one.value and one.value.replace("~", here),
            )
            for one in evidence
        ),
    )


FACTS = (
    Fact(
        "VD-00",
        """SELECT ?title ?document {
          GRAPH case:village-deals { collaboration:village-deals sam:documentedIn ?document }
          ?document dcterms:title ?title
        }""",
        ("Vernieuwing in het sociaal domein: Village Deals trappen af source:village-deals",),
        (
            Evidence("source:village-deals", "dcterms:title", "35,94"),
            Evidence(CASE, "sam:documentedIn", "35,94"),
        ),
    ),
    Fact(
        "VD-01",
        """SELECT ?date ?type {
          source:village-deals dcterms:issued ?date
          BIND (STRAFTER(STR(DATATYPE(?date)), "#") AS ?type)
        }""",
        ("2017-10-04 date",),
        (Evidence("source:village-deals", "dcterms:issued", "96,106"),),
    ),
    Fact(
        "VD-02",
        """SELECT ?property {
          source:village-deals ?property ?value
          FILTER (?property IN (dcterms:creator, dcterms:publisher))
        }""",
        (),
        (Evidence("source:village-deals", "sam:openQuestion", "0,33"),),
    ),
    Fact(
        "VD-03",
        f"""SELECT ?count ?limit ?municipality ?deal ?executive ?council {{
          {CASE} sam:municipalityCount ?count ; sam:populationLimit ?limit ;
            sam:inMunicipality ?municipality .
          ?case org:subOrganizationOf {CASE} ; sam:inMunicipality ?municipality ;
            sam:boundBy ?deal .
          GRAPH case:village-deals {{
            ?deal a sam:Deal ; sam:hasParty ?executive , ?council .
            ?executive a sam:MunicipalExecutive ; org:unitOf ?municipality .
            ?council a sam:MunicipalCouncil ; org:unitOf ?municipality .
          }}
          {{
            SELECT ?deal (COUNT(?party) AS ?parties) {{ ?deal sam:hasParty ?party }}
            GROUP BY ?deal
          }}
          {{
            SELECT ?case (COUNT(?member) AS ?members) {{
              ?membership org:organization ?case ; org:member ?member ; org:role role:party
            }}
            GROUP BY ?case
          }}
          FILTER (?parties = 2 && ?members = 2)
        }}""",
        tuple(
            f"11 50000 municipality:{slug} agreement:village-deal-{slug} "
            f"body:{slug}-college body:{slug}-council"
            for slug in MUNICIPALITIES
        ),
        (
            Evidence(CASE, "sam:municipalityCount", "108,207"),
            Evidence(CASE, "sam:populationLimit", "108,207"),
            Evidence(CASE, "sam:openQuestion", "108,207", f'"{CONCLUDED}"@nl'),
            *(one for slug, name in MUNICIPALITIES.items() for one in binding(slug, name)),
        ),
    ),
    Fact(
        "VD-04",
        f"""SELECT ?objective ?group (COUNT(?deal) AS ?deals) {{
          {CASE} sam:hasObjective ?objective ; sam:hasTargetGroup ?group ;
            sam:hasTheme theme:social-domain .
          ?case org:subOrganizationOf {CASE} ; sam:boundBy ?deal .
          ?deal sam:hasObjective ?objective .
        }}
        GROUP BY ?objective ?group""",
        ("objective:fitting-residents-solutions target-group:residents 11",),
        (
            Evidence(CASE, "sam:hasObjective", "209,353"),
            Evidence(CASE, "sam:hasTargetGroup", "209,353"),
            Evidence(CASE, "sam:hasTheme", "209,353", "theme:social-domain"),
            *(
                Evidence(f"agreement:village-deal-{slug}", "sam:hasObjective", f"209,353 {name}")
                for slug, name in MUNICIPALITIES.items()
            ),
        ),
    ),
    Fact(
        "VD-05",
        f"""SELECT ?kind ?weekday ?place ?name ?date {{
          {CASE} sam:hasActivity {KICK_OFF} .
          GRAPH case:village-deals {{ {KICK_OFF} a ?kind }}
          {KICK_OFF} sam:onWeekday ?weekday ; sam:takesPlaceIn ?place .
          ?place a sam:Place ; rdfs:label ?name .
          OPTIONAL {{ {KICK_OFF} sam:date|sam:startDate|sam:endDate ?date }}
        }}""",
        ("sam:Event time:Friday place:ede Ede -",),
        (
            Evidence(CASE, "sam:hasActivity", "355,403", KICK_OFF),
            Evidence(KICK_OFF, "sam:onWeekday", "355,403"),
            Evidence(KICK_OFF, "sam:takesPlaceIn", "355,403"),
            Evidence(KICK_OFF, "sam:openQuestion", "355,403"),
            Evidence("place:ede", "rdfs:label", "355,403"),
        ),
    ),
    Fact(
        "VD-06",
        f"""SELECT ?pilot ?municipality ?place {{
          ?case org:subOrganizationOf {CASE} ; sam:carriesOut ?pilot .
          ?pilot a sam:Pilot ; sam:inMunicipality ?municipality ; sam:takesPlaceIn ?place ;
            sam:hasTheme theme:innovation , theme:integrated-approach .
          {CASE} sam:hasTheme theme:innovation , theme:integrated-approach .
        }}""",
        tuple(
            f"pilot:village-deal-{slug} municipality:{slug} place:territory-of-{slug}"
            for slug in MUNICIPALITIES
        ),
        (
            Evidence(CASE, "sam:openQuestion", "438,549", f'"{BEGUN}"@nl'),
            Evidence(CASE, "sam:hasTheme", "438,549", "theme:innovation"),
            Evidence(CASE, "sam:hasTheme", "438,549", "theme:integrated-approach"),
            *(
                Evidence(subject, property_, f"438,549 {name}", value)
                for slug, name in MUNICIPALITIES.items()
                for subject, property_, value in (
                    (f"collaboration:village-deal-{slug}", "sam:carriesOut", None),
                    (f"pilot:village-deal-{slug}", "sam:inMunicipality", None),
                    (f"pilot:village-deal-{slug}", "sam:takesPlaceIn", None),
                    (f"pilot:village-deal-{slug}", "sam:hasTheme", "theme:innovation"),
                    (f"pilot:village-deal-{slug}", "sam:hasTheme", "theme:integrated-approach"),
                )
            ),
        ),
    ),
    Fact(
        "VD-07a",
        f"""SELECT ?name ?role ?closed {{
          ?membership org:organization {CASE} ; org:member ?member ; org:role ?role .
          ?member rdfs:label ?name .
          {CASE} sam:memberListClosed ?closed .
        }}""",
        ("Radar Advies role:supporter false", "VNG role:supporter false"),
        (
            Evidence("organisation:vng", "rdfs:label", "554,557"),
            Evidence("organisation:radar-advies", "rdfs:label", "561,573"),
            Evidence(CASE, "sam:memberListClosed", " ".join(UNNAMED.values())),
            *(
                Evidence(f"membership:village-deals-{slug}", property_, "551,603")
                for slug in ("vng", "radar-advies")
                for property_ in ("org:member", "org:organization", "org:role")
            ),
        ),
    ),
    Fact(
        "VD-07b",
        f"""SELECT ?organisation ?end ?type {{
          {CASE} sam:hasActivity {REPORTING} ; sam:hasTheme theme:governance-lessons .
          {REPORTING} sam:usesLearningDevice learning-device:reporting ;
            sam:conductedBy ?organisation ; sam:endDate ?end .
          BIND (STRAFTER(STR(DATATYPE(?end)), "#") AS ?type)
        }}""",
        (
            "organisation:radar-advies 2018-06 gYearMonth",
            "organisation:vng 2018-06 gYearMonth",
        ),
        (
            Evidence(CASE, "sam:hasActivity", "607,686", REPORTING),
            Evidence(CASE, "sam:hasTheme", "607,686", "theme:governance-lessons"),
            Evidence(REPORTING, "sam:usesLearningDevice", "607,686"),
            Evidence(REPORTING, "sam:conductedBy", "551,603 607,686"),
            Evidence(REPORTING, "sam:endDate", "607,686"),
            Evidence(REPORTING, "sam:openQuestion", "551,603 607,686"),
        ),
    ),
    question("VD-08", "control-and-freedom", "725,836", "-"),
    question("VD-09", "manageable-budget-or-by-law", "854,937", FOCUS),
    question("VD-10", "councils-role", "939,988", FOCUS),
    question("VD-11", "influence-for-residents-initiatives", "990,1034", FOCUS),
    question("VD-12", "needs-of-front-line", "1036,1077", FOCUS),
    Fact(
        "VD-13",
        f"""SELECT ?case ?document {{
          ?case org:subOrganizationOf {CASE} ; sam:documentedIn ?document .
          {CASE} sam:hasTheme theme:own-content .
        }}""",
        tuple(f"collaboration:village-deal-{slug} source:village-deals" for slug in MUNICIPALITIES),
        (
            Evidence(CASE, "sam:hasTheme", "1098,1160", "theme:own-content"),
            *(
                Evidence(f"collaboration:village-deal-{slug}", property_, f"1098,1160 {name}")
                for slug, name in MUNICIPALITIES.items()
                for property_ in ("org:subOrganizationOf", "sam:documentedIn")
            ),
        ),
    ),
    deal(
        "VD-14",
        "wijdemeren",
        (
            "agreement:~ dcterms:title Durven, doen en vertrouwen",
            "collaboration:~ sam:expectsOfMembers member-expectation:different-thinking",
            "financing:~ rdf:type sam:FinancingArrangement",
            "financing:~ sam:hasFinancingKind financing-kind:decompartmentalised-budget",
            "intention:~-partners rdf:type sam:Intention",
            "intention:~-partners sam:concerns actor-kind:partner",
            "intention:~-partners sam:concerns theme:shaping-with-partners",
            "intention:~-partners sam:hasModality modality:intended",
            "pilot:~ sam:hasObjective objective:tailoring-without-hindrance",
            "pilot:~ sam:hasTheme theme:cross-compartment-budget",
            "pilot:~ sam:hasTheme theme:tailored-support",
        ),
        (
            Evidence("agreement:~", "dcterms:title", "1163,1202"),
            Evidence("pilot:~", "sam:hasObjective", "1203,1267"),
            Evidence("pilot:~", "sam:hasTheme", "1203,1267", "theme:cross-compartment-budget"),
            Evidence("pilot:~", "sam:hasTheme", "1203,1267", "theme:tailored-support"),
            Evidence("pilot:~", "sam:financedBy", "1203,1267"),
            Evidence("financing:~", "sam:hasFinancingKind", "1203,1267"),
            Evidence("financing:~", "sam:openQuestion", "1203,1267"),
            Evidence("collaboration:~", "sam:expectsOfMembers", "1269,1344"),
            Evidence("collaboration:~", "sam:intends", "1346,1394"),
            Evidence("intention:~-partners", "sam:concerns", "1346,1394"),
            Evidence("intention:~-partners", "sam:hasModality", "1346,1394"),
            Evidence("intention:~-partners", "sam:openQuestion", "1346,1394"),
        ),
    ),
    deal(
        "VD-15",
        "teylingen",
        (
            "agreement:~ dcterms:title Iedereen werkt als een ontschotter",
            "financing:~ rdf:type sam:FinancingArrangement",
            "financing:~ sam:hasFinancingKind financing-kind:municipal-budget",
            "financing:~ sam:paidBy municipality:teylingen",
            "pilot:~ sam:hasObjective objective:decompartmentalised-practice",
            "pilot:~ sam:hasObjective objective:tailoring-without-hindrance",
            "pilot:~ sam:hasTheme theme:bundling-decisions",
            "pilot:~ sam:hasTheme theme:decompartmentalising",
            "pilot:~ sam:hasTheme theme:mandate",
            "pilot:~ sam:hasTheme theme:tailored-support",
        ),
        (
            Evidence("agreement:~", "dcterms:title", "1397,1443"),
            Evidence("pilot:~", "sam:hasTheme", "1397,1443", "theme:decompartmentalising"),
            Evidence(
                "pilot:~", "sam:hasObjective", "1444,1550", "objective:tailoring-without-hindrance"
            ),
            Evidence("pilot:~", "sam:hasTheme", "1444,1550", "theme:tailored-support"),
            Evidence("pilot:~", "sam:hasTheme", "1552,1685", "theme:bundling-decisions"),
            Evidence("pilot:~", "sam:hasTheme", "1552,1685", "theme:mandate"),
            Evidence("pilot:~", "sam:financedBy", "1552,1685"),
            Evidence("financing:~", "sam:paidBy", "1552,1685"),
            Evidence("financing:~", "sam:hasFinancingKind", "1552,1685"),
            Evidence("financing:~", "sam:openQuestion", "1552,1685"),
            Evidence(
                "pilot:~", "sam:hasObjective", "1687,1768", "objective:decompartmentalised-practice"
            ),
        ),
    ),
    deal(
        "VD-16",
        "winterswijk",
        (
            "pilot:~ sam:hasObjective objective:single-offer",
            "pilot:~ sam:hasTheme theme:day-activities",
            "pilot:~ sam:hasTheme theme:general-local-provision",
            "pilot:~ sam:hasTheme theme:sheltered-work",
        ),
        (
            Evidence("pilot:~", "sam:hasObjective", "1783,1961"),
            Evidence("pilot:~", "sam:hasTheme", "1783,1961", "theme:day-activities"),
            Evidence("pilot:~", "sam:hasTheme", "1783,1961", "theme:general-local-provision"),
            Evidence("pilot:~", "sam:hasTheme", "1783,1961", "theme:sheltered-work"),
        ),
    ),
    deal(
        "VD-17",
        "weststellingwerf",
        (
            "pilot:~ sam:hasObjective objective:alternatives-to-protective-administration",
            "pilot:~ sam:hasObjective objective:prevent-inflow",
            "pilot:~ sam:hasObjective objective:promote-outflow",
            "pilot:~ sam:hasTheme theme:protective-administration",
        ),
        (
            Evidence("pilot:~", "sam:hasObjective", "1981,2087"),
            Evidence("pilot:~", "sam:hasTheme", "1981,2087", "theme:protective-administration"),
        ),
    ),
    deal(
        "VD-18",
        "tubbergen",
        (
            "activity:~-study rdf:type sam:Activity",
            "activity:~-study sam:conductedBy municipality:tubbergen",
            "activity:~-study sam:usesLearningDevice learning-device:preparatory-study",
            "pilot:~ sam:hasObjective objective:tackle-farm-debt-and-poverty",
            "pilot:~ sam:hasTargetGroup target-group:farmers",
            "pilot:~ sam:hasTheme theme:debt",
            "pilot:~ sam:hasTheme theme:poverty",
            "planned:~-proposal rdf:type sam:PlannedActivity",
            "planned:~-proposal sam:concerns objective:tackle-farm-debt-and-poverty",
            "planned:~-proposal sam:concerns theme:innovation",
            "planned:~-proposal sam:conductedBy municipality:tubbergen",
            "planned:~-proposal sam:hasModality modality:planned",
        ),
        (
            Evidence("pilot:~", "sam:hasObjective", "2100,2254"),
            Evidence("pilot:~", "sam:hasTargetGroup", "2100,2254"),
            Evidence("pilot:~", "sam:hasTheme", "2100,2254", "theme:debt"),
            Evidence("pilot:~", "sam:hasTheme", "2100,2254", "theme:poverty"),
            Evidence("pilot:~", "sam:hasActivity", "2100,2254"),
            Evidence("pilot:~", "sam:plans", "2100,2254"),
            Evidence("activity:~-study", "sam:usesLearningDevice", "2100,2254"),
            Evidence("activity:~-study", "sam:conductedBy", "2100,2254"),
            Evidence("planned:~-proposal", "sam:hasModality", "2100,2254"),
            Evidence("planned:~-proposal", "sam:concerns", "2100,2254"),
            Evidence("planned:~-proposal", "sam:openQuestion", "2100,2254"),
        ),
    ),
    deal(
        "VD-19",
        "oldenzaal",
        (
            "activity:~-study rdf:type sam:Activity",
            "activity:~-study sam:conductedBy municipality:oldenzaal",
            "activity:~-study sam:usesLearningDevice learning-device:preparatory-study",
            "pilot:~ sam:hasObjective objective:meaningful-day-activities",
            "pilot:~ sam:hasTargetGroup target-group:people-with-disabilities",
            "pilot:~ sam:hasTheme theme:day-activities",
            "planned:~-work-studio rdf:type sam:PlannedActivity",
            "planned:~-work-studio sam:concerns place-kind:pop-up-store",
            "planned:~-work-studio sam:concerns place-kind:town-centre",
            "planned:~-work-studio sam:concerns theme:work-studio",
            "planned:~-work-studio sam:hasModality modality:possible",
        ),
        (
            Evidence("pilot:~", "sam:hasObjective", "2267,2402"),
            Evidence("pilot:~", "sam:hasTargetGroup", "2267,2402"),
            Evidence("pilot:~", "sam:hasTheme", "2267,2402", "theme:day-activities"),
            Evidence("pilot:~", "sam:hasActivity", "2267,2402"),
            Evidence("activity:~-study", "sam:usesLearningDevice", "2267,2402"),
            Evidence("activity:~-study", "sam:conductedBy", "2267,2402"),
            Evidence("pilot:~", "sam:plans", "2404,2487"),
            Evidence("planned:~-work-studio", "sam:hasModality", "2404,2487"),
            Evidence("planned:~-work-studio", "sam:concerns", "2404,2487"),
            Evidence("planned:~-work-studio", "sam:openQuestion", "2404,2487"),
        ),
    ),
    deal(
        "VD-20",
        "ommen",
        (
            "activity:~-exploration rdf:type sam:Activity",
            "activity:~-exploration sam:conductedBy municipality:ommen",
            "activity:~-exploration sam:involvesActorKind actor-kind:provider",
            "activity:~-exploration sam:usesLearningDevice learning-device:exploration",
            "pilot:~ sam:hasObjective objective:innovate-day-activities",
            "pilot:~ sam:hasTheme theme:day-activities",
        ),
        (
            Evidence("pilot:~", "sam:hasObjective", "2496,2607"),
            Evidence("pilot:~", "sam:hasTheme", "2496,2607", "theme:day-activities"),
            Evidence("pilot:~", "sam:hasActivity", "2496,2607"),
            Evidence("activity:~-exploration", "sam:usesLearningDevice", "2496,2607"),
            Evidence("activity:~-exploration", "sam:conductedBy", "2496,2607"),
            Evidence("activity:~-exploration", "sam:involvesActorKind", "2496,2607"),
            Evidence("activity:~-exploration", "sam:openQuestion", "2496,2607"),
        ),
    ),
    deal(
        "VD-21",
        "horst-aan-de-maas",
        (
            "agreement:~ dcterms:title De kracht van de gemeenschap",
            "pilot:~ sam:asksQuestion question:community-handles-all-issues",
            "pilot:~ sam:asksQuestion question:supporting-those-who-cannot-initiate",
            "pilot:~ sam:hasObjective objective:broad-support",
            "pilot:~ sam:hasTargetGroup target-group:people-who-cannot-start-initiatives",
            "pilot:~ sam:hasTheme theme:process",
            "pilot:~ sam:hasTheme theme:residents-initiatives",
            "pilot:~ sam:hasTheme theme:strength-of-community",
        ),
        (
            Evidence("agreement:~", "dcterms:title", "2610,2659"),
            Evidence("pilot:~", "sam:hasTheme", "2660,2713", "theme:residents-initiatives"),
            Evidence("pilot:~", "sam:hasTheme", "2715,2795", "theme:strength-of-community"),
            Evidence("pilot:~", "sam:openQuestion", "2715,2795"),
            Evidence("pilot:~", "sam:hasObjective", "2797,2873"),
            Evidence("pilot:~", "sam:hasTheme", "2797,2873", "theme:process"),
            Evidence(
                "pilot:~",
                "sam:asksQuestion",
                "2875,2945",
                "question:community-handles-all-issues",
            ),
            Evidence(
                "pilot:~",
                "sam:asksQuestion",
                "2947,3038",
                "question:supporting-those-who-cannot-initiate",
            ),
            Evidence("pilot:~", "sam:hasTargetGroup", "2947,3038"),
        ),
    ),
    deal(
        "VD-22",
        "stein",
        (
            "agreement:~ dcterms:title Integraal en Ontschot werken",
            "change:~-village-teams rdf:type sam:PlannedChange",
            "change:~-village-teams sam:concerns theme:village-teams",
            "pilot:~ sam:hasTheme theme:decompartmentalising",
            "pilot:~ sam:hasTheme theme:relaxing-rules",
            "pilot:~ sam:hasTheme theme:tailored-support",
            "pilot:~ sam:hasTheme theme:village-teams",
        ),
        (
            Evidence("agreement:~", "dcterms:title", "3040,3077"),
            Evidence("pilot:~", "sam:hasTheme", "3040,3077", "theme:decompartmentalising"),
            Evidence("collaboration:~", "sam:openQuestion", "3040,3045"),
            Evidence("pilot:~", "sam:hasTheme", "3078,3188", "theme:relaxing-rules"),
            Evidence("pilot:~", "sam:hasTheme", "3078,3188", "theme:tailored-support"),
            Evidence("pilot:~", "sam:hasTheme", "3190,3248", "theme:village-teams"),
            Evidence("pilot:~", "sam:plans", "3190,3248"),
            Evidence("change:~-village-teams", "sam:concerns", "3190,3248"),
            Evidence("change:~-village-teams", "sam:openQuestion", "3190,3248"),
        ),
    ),
    deal(
        "VD-23",
        "goeree-overflakkee",
        (
            "agreement:~ dcterms:title ontschotting ketenzorg dementie",
            "pilot:~ sam:hasObjective objective:aligned-care-chain",
            "pilot:~ sam:hasObjective objective:barrier-free-care-journey",
            "pilot:~ sam:hasObjective objective:modern-dementia-care",
            "pilot:~ sam:hasTargetGroup target-group:people-around-client",
            "pilot:~ sam:hasTargetGroup target-group:people-with-dementia",
            "pilot:~ sam:hasTheme theme:chain-care",
            "pilot:~ sam:hasTheme theme:client-experience",
            "pilot:~ sam:hasTheme theme:decompartmentalising",
            "pilot:~ sam:hasTheme theme:dementia-care",
            "pilot:~ sam:hasTheme theme:local-identity",
        ),
        (
            Evidence(
                "municipality:goeree-overflakkee",
                "skos:hiddenLabel",
                "3251,3270",
                '"Goerree Overflakkee"@nl',
            ),
            Evidence("agreement:~", "dcterms:title", "3251,3305"),
            Evidence("pilot:~", "sam:hasTheme", "3251,3305", "theme:decompartmentalising"),
            Evidence(
                "pilot:~", "sam:hasObjective", "3306,3424", "objective:barrier-free-care-journey"
            ),
            Evidence("pilot:~", "sam:hasTheme", "3306,3424", "theme:client-experience"),
            Evidence("pilot:~", "sam:hasObjective", "3426,3573", "objective:aligned-care-chain"),
            Evidence("pilot:~", "sam:hasObjective", "3426,3573", "objective:modern-dementia-care"),
            Evidence("pilot:~", "sam:hasTheme", "3426,3573", "theme:chain-care"),
            Evidence("pilot:~", "sam:hasTheme", "3426,3573", "theme:dementia-care"),
            Evidence("pilot:~", "sam:hasTheme", "3426,3573", "theme:local-identity"),
            Evidence(
                "pilot:~", "sam:hasTargetGroup", "3306,3424", "target-group:people-around-client"
            ),
            Evidence(
                "pilot:~",
                "sam:hasTargetGroup",
                "3306,3424 3426,3573",
                "target-group:people-with-dementia",
            ),
        ),
    ),
    deal(
        "VD-24",
        "soest",
        (
            "intention:~-policy-adjustment rdf:type sam:Intention",
            "intention:~-policy-adjustment sam:concerns theme:policy-adjustment",
            "intention:~-policy-adjustment sam:hasModality modality:possible",
            "pilot:~ sam:hasObjective objective:insight-into-front-line-obstacles",
            "pilot:~ sam:hasObjective objective:stronger-integrated-working",
            "pilot:~ sam:hasTaskArea task-area:wmo",
            "pilot:~ sam:hasTaskArea task-area:work-and-income",
            "pilot:~ sam:hasTaskArea task-area:youth",
            "pilot:~ sam:hasTheme theme:basic-infrastructure",
            "pilot:~ sam:hasTheme theme:integrated-debt-approach",
            "pilot:~ sam:hasTheme theme:youth-to-adult-transition",
        ),
        (
            Evidence(
                "pilot:~", "sam:hasObjective", "3582,3669", "objective:stronger-integrated-working"
            ),
            Evidence("pilot:~", "sam:hasTaskArea", "3582,3669"),
            Evidence(
                "pilot:~",
                "sam:hasObjective",
                "3671,3792",
                "objective:insight-into-front-line-obstacles",
            ),
            Evidence("collaboration:~", "sam:intends", "3671,3792"),
            Evidence("intention:~-policy-adjustment", "sam:concerns", "3671,3792"),
            Evidence("intention:~-policy-adjustment", "sam:hasModality", "3671,3792"),
            Evidence("intention:~-policy-adjustment", "sam:openQuestion", "3671,3792"),
            Evidence("pilot:~", "sam:hasTheme", "3794,3928", "theme:basic-infrastructure"),
            Evidence("pilot:~", "sam:hasTheme", "3794,3928", "theme:integrated-debt-approach"),
            Evidence("pilot:~", "sam:hasTheme", "3794,3928", "theme:youth-to-adult-transition"),
        ),
    ),
)

NUMBERS = [
    *(f"VD-{number:02}" for number in range(7)),
    "VD-07a",
    "VD-07b",
    *(f"VD-{number:02}" for number in range(8, 25)),
]


TRAPS = {
    "no deal is between municipalities": """ASK {
      ?deal a sam:Deal ; sam:hasParty/org:unitOf ?one , ?other
      FILTER (?one != ?other)
    }""",
    "no municipality itself is party to a deal": """ASK {
      GRAPH case:village-deals { ?deal sam:hasParty ?party }
      FILTER NOT EXISTS { ?party org:unitOf ?municipality }
    }""",
    "no two deals share a party": """ASK {
      ?deal a sam:Deal ; sam:hasParty ?party . ?other a sam:Deal ; sam:hasParty ?party
      FILTER (?deal != ?other)
    }""",
    "the supporters are no parties and no partners": f"""ASK {{
      VALUES ?supporter {{ organisation:vng organisation:radar-advies }}
      {{ ?deal sam:hasParty ?supporter }} UNION {{
        ?membership org:member ?supporter ; org:role ?role FILTER (?role != role:supporter)
      }} UNION {{
        ?membership org:member ?supporter ; org:organization ?case FILTER (?case != {CASE})
      }}
    }}""",
    "the municipality of Ede has no part in the deals": """ASK {
      GRAPH case:village-deals {
        { municipality:ede ?property ?value } UNION { ?subject ?property municipality:ede }
      }
    }""",
    "Ede is the venue of the kick-off, and of nothing else": f"""ASK {{
      GRAPH case:village-deals {{ ?subject ?property place:ede }}
      FILTER (?subject != {KICK_OFF} && ?property != sam:about)
    }}""",
    "no deal has a signing or a date": """ASK {
      GRAPH case:village-deals {
        ?deal a sam:Deal ; sam:signedAt|sam:date|sam:startDate|sam:endDate ?when
      }
    }""",
    "no event but the kick-off": f"""ASK {{
      GRAPH case:village-deals {{ ?event a sam:Event FILTER (?event != {KICK_OFF}) }}
    }}""",
    "no sixth deal has a title": """ASK {
      GRAPH case:village-deals { ?deal a sam:Deal ; dcterms:title ?title }
      FILTER (?deal NOT IN (
        agreement:village-deal-wijdemeren, agreement:village-deal-teylingen,
        agreement:village-deal-horst-aan-de-maas, agreement:village-deal-stein,
        agreement:village-deal-goeree-overflakkee
      ))
    }""",
    "the end of the reporting is not that of anything else": f"""ASK {{
      GRAPH case:village-deals {{ ?subject sam:endDate ?end FILTER (?subject != {REPORTING}) }}
    }}""",
    "what is possible, planned or intended has not taken place": """ASK {
      GRAPH case:village-deals { ?plan sam:hasModality ?modality }
      { ?plan a prov:Activity } UNION { ?subject sam:hasActivity|sam:carriesOut ?plan }
    }""",
    "the proposal to come is no proposal yet": """ASK {
      GRAPH case:village-deals { ?proposal a sam:Proposal }
    }""",
    "nobody is named, and no post": """ASK {
      GRAPH case:village-deals { ?node a ?kind FILTER (?kind IN (foaf:Person, org:Post)) }
    }""",
    "partners, providers and teams without a name are no organisations": """ASK {
      GRAPH case:village-deals {
        ?node a ?kind
        FILTER (?kind IN (org:Organization, sam:Team, sam:AccessPoint, sam:SteeringBody))
        FILTER (?node NOT IN (organisation:vng, organisation:radar-advies))
      }
    }""",
    "who pays in Wijdemeren is not stated": """ASK {
      financing:village-deal-wijdemeren sam:paidBy ?payer
    }""",
    "no amount of money is stated": """ASK {
      GRAPH case:village-deals { ?financing a sam:FinancingArrangement ; ?property ?amount }
      FILTER (isNumeric(?amount))
    }""",
    "no list of members is closed": """ASK {
      GRAPH case:village-deals { ?case sam:memberListClosed true }
    }""",
    "that a task is a statutory one is our reading, and of Soest only": """ASK {
      { GRAPH case:village-deals { ?subject sam:hasLegalBasis ?law } } UNION {
        GRAPH coding-graph:village-deals { ?subject sam:hasLegalBasis ?law }
        FILTER (?subject != pilot:village-deal-soest)
      }
    }""",
    "what is open is our reading, not the source's": """ASK {
      GRAPH case:village-deals { ?subject sam:openQuestion ?question }
    }""",
}


LEDGER = Ledger("village-deals", FACTS, tuple(NUMBERS), TRAPS)
