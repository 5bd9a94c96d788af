"""From Turtle files to named graphs, and from graphs to dumps."""

import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kg.dataset import read, write_dumps, write_store
from kg.errors import DataError, TurtleSyntaxError


def write(project: Path, path: str, turtle: str) -> Path:
    file = project / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(turtle)
    return file


@pytest.mark.parametrize(
    ("path", "graph"),
    [
        ("ontology/samenhang.ttl", "ontology"),
        ("ontology/alignments/org.ttl", "ontology"),
        ("ontology/concepts/role.ttl", "ontology"),
        ("ontology/shapes/agreements.ttl", "shapes"),
        ("data/cases/ede-west.ttl", "case/ede-west"),
        ("data/coding/ede-west.ttl", "coding/ede-west"),
        ("data/reference/provinces.ttl", "reference/provinces"),
        ("data/registers/gr.ttl", "register/gr"),
        ("data/sources.ttl", "sources"),
        ("data/catalog.ttl", "metadata"),
    ],
)
def test_a_file_stands_for_the_graph_named_after_its_path(
    tmp_path: Path, path: str, graph: str
) -> None:
    write(tmp_path, path, "<urn:a> <urn:b> <urn:c> .")
    (statement,) = read(tmp_path).statements
    assert statement.graph == NamedNode(f"https://w3id.org/samenhang/graph/{graph}")


def test_a_syntax_error_names_file_line_and_column(tmp_path: Path) -> None:
    file = write(tmp_path, "data/cases/x.ttl", "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> ; .\n")
    with pytest.raises(TurtleSyntaxError, match=rf"^{file}:2:17: not valid Turtle") as caught:
        read(tmp_path)
    assert (caught.value.line, caught.value.column) == (2, 17)


def test_a_file_that_is_not_utf8_is_a_syntax_error(tmp_path: Path) -> None:
    file = tmp_path / "data/cases/x.ttl"
    file.parent.mkdir(parents=True)
    file.write_bytes(b'<urn:a> <urn:b> "\xe9" .')
    with pytest.raises(TurtleSyntaxError, match=r"x\.ttl:1:"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("data/other/x.ttl", "no graph holds this file"),
        ("data/cases/deep/x.ttl", "no graph holds this file"),
        ("data/cases/Ede_West.ttl", "lower case ASCII"),
        ("data/cases/x.TTL", "no graph holds this file"),
    ],
)
def test_a_file_out_of_place_is_refused_and_not_skipped(
    tmp_path: Path, path: str, reason: str
) -> None:
    write(tmp_path, path, "<urn:a> <urn:b> <urn:c> .")
    with pytest.raises(DataError, match=reason):
        read(tmp_path)


def test_a_folder_without_turtle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no Turtle file"):
        read(tmp_path)


def test_a_folder_that_is_a_link_is_read(tmp_path: Path) -> None:
    write(tmp_path, "elsewhere/x.ttl", "<urn:a> <urn:b> <urn:c> .")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/cases").symlink_to(tmp_path / "elsewhere")
    (file,) = read(tmp_path).files
    assert file.path == "data/cases/x.ttl"


def test_examples_are_not_part_of_the_graph(tmp_path: Path) -> None:
    write(tmp_path, "ontology/examples/invalid/x.ttl", "this is not Turtle")
    write(tmp_path, "ontology/x.ttl", "<urn:a> <urn:b> <urn:c> .")
    assert len(read(tmp_path).files) == 1


@pytest.mark.parametrize("value", ["<<( <urn:c> <urn:d> <urn:e> )>>", '"c"@en--ltr'])
def test_a_value_of_rdf_1_2_is_refused(tmp_path: Path, value: str) -> None:
    write(tmp_path, "data/sources.ttl", f"<urn:a> <urn:b> {value} .")
    with pytest.raises(DataError, match=r"RDF 1\.1"):
        read(tmp_path)


def test_blank_nodes_keep_their_names_when_a_file_is_put_in_another_order(tmp_path: Path) -> None:
    one = '<urn:a> <urn:b> [ <urn:c> "1" ] .\n'
    two = '<urn:d> <urn:e> ( "x" "y" ) .\n'
    write(tmp_path, "ontology/x.ttl", one + two)
    first = read(tmp_path).statements
    write(tmp_path, "ontology/x.ttl", two + one)
    assert read(tmp_path).statements == first


def test_blank_nodes_of_two_files_in_one_graph_stay_apart(tmp_path: Path) -> None:
    for name in ("x", "y"):
        write(tmp_path, f"ontology/{name}.ttl", "<urn:a> <urn:b> [] .")
    assert len(read(tmp_path).statements) == 2


def test_dumps_keep_lexical_forms_that_a_store_would_change(tmp_path: Path) -> None:
    write(
        tmp_path,
        "data/sources.ttl",
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        '<urn:a> <urn:b> "2228114.70"^^xsd:decimal , "007"^^xsd:integer .',
    )
    write_dumps(read(tmp_path), tmp_path)
    for dump in ("samenhang.nq", "samenhang.trig", "graph/sources.ttl"):
        text = (tmp_path / dump).read_text()
        assert "2228114.70" in text
        assert "007" in text


def test_a_store_may_have_the_union_of_its_graphs_as_its_default_graph(tmp_path: Path) -> None:
    for place in ("data/cases/a.ttl", "data/reference/b.ttl"):
        write(tmp_path, place, "<urn:a> <urn:b> <urn:c> .")
    write_store(read(tmp_path), tmp_path / "store", union=True)
    store = Store.read_only(str(tmp_path / "store"))
    for text, count in (("?s ?p ?o", 1), ("GRAPH ?g { ?s ?p ?o }", 2)):
        assert len(list(store.query(f"SELECT * {{ {text} }}"))) == count


def test_dumps_say_the_same_in_rdflib_in_pyoxigraph_and_in_the_store(tmp_path: Path) -> None:
    write(tmp_path, "data/cases/a.ttl", '<urn:a> <urn:b> "é"@nl , 4 , [ <urn:c> true ] .')
    write(tmp_path, "data/reference/b.ttl", "<urn:a> <urn:b> <urn:c> .")
    dataset = read(tmp_path)
    write_dumps(dataset, tmp_path)
    write_store(dataset, tmp_path / "store", union=False)
    count = len(dataset.statements)
    assert count == 5
    assert len(set(parse(path=tmp_path / "samenhang.nq"))) == count
    assert len(set(parse(path=tmp_path / "samenhang.trig"))) == count
    assert len(Store.read_only(str(tmp_path / "store"))) == count
    graph = rdflib.Dataset()
    graph.parse(tmp_path / "samenhang.trig")
    assert len(graph) == count
    turtle = rdflib.Graph().parse(tmp_path / "graph/case/a.ttl")
    assert len(turtle) == 4


def test_dumps_are_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    write(tmp_path, "data/cases/a.ttl", '<urn:a> <urn:b> [ <urn:c> "x"@nl, "y" ], [] .')
    script = (
        "import sys; from pathlib import Path; from kg.dataset import read, write_dumps\n"
        "write_dumps(read(Path(sys.argv[1])), Path(sys.argv[2]))"
    )
    outputs = []
    for run in ("1", "2"):
        (tmp_path / run).mkdir()
        subprocess.run([sys.executable, "-c", script, tmp_path, tmp_path / run], check=True)
        outputs.append(
            {
                path.relative_to(tmp_path / run): path.read_bytes()
                for path in (tmp_path / run).rglob("*.*")
                if path.is_file()
            }
        )
    assert len(outputs[0]) == 3
    assert outputs[0] == outputs[1]


def test_prefixes_of_a_dump_are_those_in_use(tmp_path: Path) -> None:
    write(
        tmp_path,
        "data/cases/a.ttl",
        "<https://w3id.org/samenhang/id/pilot/x> a <https://w3id.org/samenhang/ontology#Pilot> .",
    )
    write_dumps(read(tmp_path), tmp_path)
    turtle = (tmp_path / "graph/case/a.ttl").read_bytes()
    assert b"pilot:x a sam:Pilot ." in turtle
    assert list(parse(turtle, RdfFormat.TURTLE, base_iri="urn:x"))
    assert turtle.count(b"@prefix") == 3
