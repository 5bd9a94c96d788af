"""The command line: ``kg build``, ``kg check``, ``kg query``, ``kg serve`` and others."""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer
from pydantic import ValidationError
from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from kg import library, parameters, questions
from kg.build import Build, current
from kg.dataset import Term
from kg.dataset import paths as turtle_files
from kg.deployment import embedded
from kg.engine.base import Answer, Engine
from kg.errors import BadRequest, DataError, FileError, KgError, QuerySyntaxError
from kg.formats import RDF, RESULTS
from kg.front_matter import LANGUAGE
from kg.library import Library
from kg.namespaces import SOURCE, compact
from kg.protocol import Query
from kg.questions import Question
from kg.reports import FORMATS
from kg.settings import Settings

__all__ = ["main"]

app = typer.Typer(
    help="Samenhang: a knowledge graph of how Dutch municipalities cooperate, and its service.",
    epilog="Every setting is also a KG_* environment variable; docs/settings.md lists them. "
    "Exit codes: 0 fine, 1 findings or failure, 2 usage.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _console(*, stderr: bool) -> Console:
    """Return a console that prints to the letter: IRIs hold what passes for markup or emoji."""
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


errors = _console(stderr=True)
new = typer.Typer(help="Begin something new.", no_args_is_help=True)
app.add_typer(new, name="new")


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        app()
    except QuerySyntaxError as error:
        _fail(f"line {error.line}, column {error.column}: {error}" if error.line else str(error))
    except (KgError, OSError) as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    errors.print(message, style="red", soft_wrap=True)
    sys.exit(1)


ProjectOption = Annotated[
    Path | None, typer.Option(help="Folder that holds ontology/, data/ and queries/.")
]


@app.command()
def build(
    out: Annotated[
        Path | None, typer.Option(help="Folder of the builds.", show_default="build")
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Read, check, entail and write the data, then switch to the new build.

    If anything fails, the last build goes on being served.
    """
    made = _build(_settings(build=out, project=project))
    for what, count in made.checked.items():
        errors.print(f"checked {count:,} {what}", style="dim")
    for skipped in made.skipped:
        errors.print(f"skipped: {skipped}", style="yellow")
    print(f"{made.path}: version {made.version}, {made.triples:,} triples")  # noqa: T201


@app.command()
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files or folders to report on.", show_default="all", exists=True),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["text", "json", "sarif"], typer.Option(help="How to report.")
    ] = "text",
    project: ProjectOption = None,
) -> None:
    """Check the ontology and the data: syntax, layout, shapes, evidence, names, rules.

    With KG_SOURCES set, passages are compared with the source texts.
    """
    from kg import checking  # it takes long to import, and serving does not need it

    report = checking.check(_settings(project=project), paths or ())
    print(FORMATS[format](report))  # noqa: T201
    raise typer.Exit(code=1 if report.certain else 0)


@app.command("format")
def format_(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Turtle files or folders.", show_default="all", exists=True),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; tell what would.")
    ] = False,
    project: ProjectOption = None,
) -> None:
    """Lay Turtle files out alike; what they say stays the same."""
    from kg.formatting import formatted

    given = paths or turtle_files(_settings(project=project).project)
    files = [file for path in given for file in _turtle_below(path)]
    changed, unfit = 0, 0
    for file in files:
        try:
            text = formatted(file)
        except FileError as fault:
            errors.print(str(fault), style="red", soft_wrap=True)
            unfit += 1
            continue
        if file.read_bytes() != text.encode():
            print(f"{'would change' if check else 'changed'} {file}")  # noqa: T201
            changed += 1
            if not check:
                file.write_text(text, "utf-8")
    errors.print(f"{len(files)} files, {changed} {'to change' if check else 'changed'}")
    raise typer.Exit(code=1 if unfit or (check and changed) else 0)


def _turtle_below(path: Path) -> list[Path]:
    return sorted(filter(Path.is_file, path.rglob("*.ttl"))) if path.is_dir() else [path]


@app.command()
def seal(
    slugs: Annotated[list[str], typer.Argument(help="Cases that were compared with their source.")],
    project: ProjectOption = None,
) -> None:
    """Seal cases: from then on, kg check tells what has changed in them.

    Needs KG_SOURCES, the folder of the source texts.
    """
    from kg import checking

    settings = _settings(project=project)
    for path in checking.seal(settings, slugs):
        print(path)  # noqa: T201


@new.command("case")
def new_case(
    slug: Annotated[
        str, typer.Argument(help="Name of the case in IRIs and files, as in ede-west.")
    ],
    title: Annotated[str, typer.Option(help="Title of the source document, as it has it.")] = "",
    project: ProjectOption = None,
) -> None:
    """Begin a case: write its files, enter its source; docs/adding-a-case.md tells how to go on.

    With KG_SOURCES set, <slug>.txt there gives the length and the digest of the source.
    """
    from kg import scaffold

    settings = _settings(project=project)
    for path in scaffold.new_case(settings, slug, title):
        print(path)  # noqa: T201
    if settings.sources is None:
        errors.print("KG_SOURCES is not set: fill in length and digest of the source by hand.")


@app.command()
def find(
    slug: Annotated[str, typer.Argument(help="Slug of the source.")],
    words: Annotated[str, typer.Argument(help="Words to find; … between them leaves some out.")],
) -> None:
    """Find words in a source text, and print the passages to cite.

    Needs KG_SOURCES, the folder of the source texts.
    """
    from kg import sources

    folder = _settings().sources
    if folder is None:
        raise typer.BadParameter("KG_SOURCES is not set: there is no text to search.")
    text = sources.read(folder, slug)
    found = list(sources.find(text, slug, words))
    for passage in found:
        words_there = " ".join(text[passage.start : passage.end].split())
        print(f"<{passage.iri.removeprefix(SOURCE)}>  {words_there}")  # noqa: T201
    if not found:
        _fail(f"{folder / slug}.txt does not have these words.")


@app.command()
def serve(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="RDF files or Oxigraph stores to serve.", show_default="the current build"
        ),
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; 0 takes a free one.", show_default="8000")
    ] = None,
    default_graph: Annotated[
        Literal["union", "strict"] | None,
        typer.Option(
            help="What a query without GRAPH or FROM sees: union of all graphs, or strict.",
            show_default="union",
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Front processes that take requests.", show_default="1")
    ] = None,
) -> None:
    """Serve the current build; builds first if there is none.

    A newer build is taken up as soon as it is there. With FILES, RDF files and Oxigraph stores are
    served instead.
    """
    from kg import front  # it takes long to import, and only serving needs it

    settings = _settings(host=host, port=port, default_graph=default_graph, workers=workers)
    if not files:
        served = current(settings.build) or _build(settings)
        front.run(front.Service(settings, served.path, settings.build))
        return
    with tempfile.TemporaryDirectory(prefix="samenhang-") as folder:
        made = _gathered(files, Path(folder), settings)
        front.run(front.Service(settings, made))


def _gathered(files: Sequence[Path], folder: Path, settings: Settings) -> Path:
    """Return the build of some files, made by a process that takes its memory along."""
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        try:
            gathering = executor.submit(_gather, files, folder, settings)
            return gathering.result()
        except BrokenProcessPool:
            raise DataError("The files take more memory than there is.") from None


def _gather(files: Sequence[Path], folder: Path, settings: Settings) -> Path:
    from kg.gathering import gather

    union = settings.default_graph == "union"
    try:
        made = gather(files, folder, union=union, on_disk_above=settings.memory_triples)
    except DataError as error:
        raise DataError(str(error)) from None  # whatever its kind, it can be sent
    return made.path


@app.command()
def query(
    question: Annotated[
        str,
        typer.Argument(
            help="Name of a question of the library, as kg queries lists them; or a file that "
            "holds a query; - is standard input.",
            metavar="QUESTION|FILE|-",
        ),
    ],
    param: Annotated[
        list[str] | None,
        typer.Option(help="Value of a parameter of a question, as in collaboration=ede-west."),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str | None,
        typer.Option(
            help="json, xml, csv, tsv for rows; turtle, nt, rdfxml, jsonld for triples.",
            show_default="a table in a terminal, csv and turtle elsewhere",
        ),
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option(help="URL of an endpoint to ask instead of the current build.")
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Run a query on the current build or on an endpoint."""
    settings = _settings(query_workers=1, project=project)
    tabular = format is None and sys.stdout.isatty()
    text = _text(question) if _is_file(question) else None
    asked = None if text is None else _query_in(text, format, tabular)
    known = _question(settings, question, text) if param or text is None else None
    if endpoint:
        from kg.engine.remote import RemoteEngine  # it takes long to import

        engine: Engine = RemoteEngine(endpoint, settings.query_timeout)
    else:
        engine = embedded(settings, current(settings.build) or _build(settings))
    if known:
        asyncio.run(_ask(engine, known, _given(param or ()), format, tabular))
    elif asked:
        asyncio.run(_query(engine, asked, tabular))


@app.command()
def queries(
    words: Annotated[
        list[str] | None, typer.Argument(help="Words to look for.", show_default="all")
    ] = None,
    project: ProjectOption = None,
) -> None:
    """List the questions of the library, by topic, with their parameters."""
    from kg import lookup

    found = lookup.find(_library(_settings(project=project)), " ".join(words or ()))
    table = Table("name", "question", "parameters", box=None, pad_edge=False)
    for one in found:
        asked = (name for name in one.parameters if name != LANGUAGE)
        table.add_row(one.slug, one.title["en"], " ".join(asked))
    _console(stderr=False).print(table if found else "No question has these words.")
    raise typer.Exit(code=0 if found else 1)


def _is_file(name: str) -> bool:
    return name == "-" or Path(name).is_file()


def _text(name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return content.decode()
    except UnicodeDecodeError:
        raise typer.BadParameter("the query is not UTF-8.") from None


def _library(settings: Settings) -> Library:
    return library.read(settings.project / library.FOLDER)


def _question(settings: Settings, name: str, text: str | None) -> Question:
    """Return the question in the text of a file, or the one of the library that has a name."""
    if text is not None:
        return questions.parse(Path("standard-input" if name == "-" else name), text)
    known = _library(settings)
    if name not in known.by_slug:
        from kg import lookup

        near = " or ".join(one.slug for one in lookup.near(known, name))
        hint = f"perhaps {near}" if near else "kg queries lists them"
        raise typer.BadParameter(f"{name} is neither a file nor a question of the library; {hint}.")
    return known.by_slug[name]


def _given(params: Sequence[str]) -> list[tuple[str, str]]:
    """Return the values that parameters are given, as name and text."""
    given = [param.partition("=") for param in params]
    if wrong := [name for name, sign, _ in given if not sign]:
        raise typer.BadParameter(f"--param takes name=value, not {wrong[0]!r}.")
    return [(name, text) for name, _, text in given]


async def _ask(
    engine: Engine,
    question: Question,
    given: Sequence[tuple[str, str]],
    format: str | None,  # noqa: A002 - the option's name
    tabular: bool,
) -> None:
    """Run a question of the library with values for some of its parameters."""
    async with engine:
        try:
            values = await parameters.values(engine, question, given)
        except BadRequest as error:
            raise typer.BadParameter(str(error)) from None
        await _show(engine, _query_in(questions.bind(question, values), format, tabular), tabular)


def _settings(**flags: Any) -> Settings:
    """Return the settings, with the flags that were given over the environment."""
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as invalid:
        faults = (
            f"KG_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}"
            for fault in invalid.errors()
        )
        raise typer.BadParameter("; ".join(faults)) from None


def _build(settings: Settings) -> Build:
    from kg import pipeline  # it takes long to import, and serving does not need it

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=errors, transient=True, disable=not errors.is_terminal
    ) as progress:
        task = progress.add_task("building", total=len(pipeline.STAGES))

        def announce(stage: str) -> None:
            progress.update(task, description=stage, completed=pipeline.STAGES.index(stage))

        return pipeline.build(settings, announce)


def _query_in(text: str, name: str | None, tabular: bool) -> Query:
    names = {serialisation.name: serialisation for serialisation in (*RDF, *reversed(RESULTS))}
    if name is None:
        return Query(text, results=names["json" if tabular else "csv"], rdf=names["turtle"])
    if name not in names:
        raise typer.BadParameter(f"format is one of {', '.join(names)}.")
    chosen = names[name]
    return Query(
        text,
        results=chosen if chosen in RESULTS else None,
        rdf=chosen if chosen in RDF else None,
    )


async def _query(engine: Engine, query: Query, tabular: bool) -> None:
    async with engine:
        await _show(engine, query, tabular)


async def _show(engine: Engine, query: Query, tabular: bool) -> None:
    """Print the answer of an engine that is entered."""
    async with await engine.query(query) as answer:
        if tabular and query.results and _media_type(answer) == query.results.media_type:
            _console(stderr=False).print(_table(b"".join([block async for block in answer.body])))
            return
        async for block in answer.body:
            sys.stdout.buffer.write(block)
        sys.stdout.buffer.flush()


def _media_type(answer: Answer) -> str:
    return answer.media_type.partition(";")[0].strip().lower()


def _table(body: bytes) -> Table | str:
    """Return the rows of a SELECT as a table, with prefixed names for IRIs; or yes or no."""
    solutions = parse_query_results(body, QueryResultsFormat.JSON)
    if not isinstance(solutions, QuerySolutions):
        return "yes" if solutions else "no"
    table = Table(*(variable.value for variable in solutions.variables))
    for row in solutions:
        table.add_row(*(_readable(term) for term in row))
    return table


def _readable(term: Term | None) -> str:
    if term is None:
        return ""
    if not isinstance(term, NamedNode):
        return getattr(term, "value", str(term))
    return compact(term)
