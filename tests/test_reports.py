"""Reports say the same in text, JSON and SARIF."""

import json

from kg.findings import Finding, Report
from kg.reports import FORMATS

REPORT = Report(
    findings=(
        Finding("data/cases/b.ttl", "id:b", "is wrong", "mend it", "shape", 12),
        Finding("data/cases/c.ttl", "id:c", "is odd", "", "shape", only_likely=True),
        Finding("data/cases/a b.ttl", "id:a", "is not Turtle", "", "syntax", 3, 4),
    ),
    checked={"things": 1200, "rule one": 3, "rule two": 4},
    skipped=("what needs texts",),
)


def test_text_has_a_line_a_finding_in_order_of_place_and_the_counts() -> None:
    assert FORMATS["text"](REPORT) == (
        "data/cases/a b.ttl:3:4: is not Turtle [syntax]\n"
        "    id:a\n"
        "data/cases/b.ttl:12: is wrong [shape]\n"
        "    id:b\n"
        "    → mend it\n"
        "data/cases/c.ttl: perhaps: is odd [shape]\n"
        "    id:c\n"
        "skipped: what needs texts\n"
        "checked 1,200 things, 7 things by 2 rules\n"
        "3 findings"
    )


def test_json_has_every_field() -> None:
    report = json.loads(FORMATS["json"](REPORT))
    assert report["checked"] == {"things": 1200, "rule one": 3, "rule two": 4}
    assert report["skipped"] == ["what needs texts"]
    assert report["findings"][1] == {
        "place": "data/cases/b.ttl",
        "focus": "id:b",
        "message": "is wrong",
        "remedy": "mend it",
        "check": "shape",
        "line": 12,
        "column": 0,
        "only_likely": False,
    }


def test_sarif_points_into_the_files() -> None:
    log = json.loads(FORMATS["sarif"](REPORT))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["shape", "syntax"]
    first, second, third = run["results"]
    assert third["level"] == "warning"
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "data/cases/a%20b.ttl"},
                "region": {"startLine": 3, "startColumn": 4},
            }
        }
    ]
    assert second["ruleId"] == "shape"
    assert run["tool"]["driver"]["rules"][second["ruleIndex"]]["id"] == "shape"
    assert second["message"]["text"] == "id:b: is wrong → mend it"
    assert second["level"] == "error"


def test_a_check_of_nothing_is_a_finding_in_each_format() -> None:
    report = Report((), {"things": 0})
    assert FORMATS["text"](report).endswith("checked 0 things\n1 finding")
    assert len(json.loads(FORMATS["json"](report))["findings"]) == 1
    assert len(json.loads(FORMATS["sarif"](report))["runs"][0]["results"]) == 1
