// SPARQL: the one client of the query operation of the SPARQL 1.1 Protocol.
// https://www.w3.org/TR/sparql11-protocol/#query-operation

/** A term of RDF as SPARQL results in JSON write it. */
export type Term =
  | { type: "uri"; value: string }
  | { type: "bnode"; value: string }
  | { type: "literal"; value: string; "xml:lang"?: string; datatype?: string }
  | { type: "triple"; value: { subject: Term; predicate: Term; object: Term } };

/** A solution: the terms by the names of their variables; unbound ones are absent. */
export type Row = Readonly<Record<string, Term>>;

/** What a query answers: rows (SELECT), a boolean (ASK) or Turtle (CONSTRUCT, DESCRIBE). */
export type Result =
  | { kind: "rows"; variables: readonly string[]; rows: readonly Row[] }
  | { kind: "boolean"; value: boolean }
  | { kind: "graph"; turtle: string };

/** The server refused or failed to answer, and says why (RFC 9457). Lines and columns count from 1. */
export class SparqlError extends Error {
  override readonly name = "SparqlError";

  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly line: number | undefined,
    readonly column: number | undefined,
    readonly hint: string,
  ) {
    super(detail ? `${title}: ${detail}` : title);
  }
}

/** No complete answer came: the server is out of reach, or the answer broke off. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}

const RESULTS = "application/sparql-results+json";
const TURTLE = "text/turtle";

/**
 * Asks the endpoint a query and resolves with its complete result.
 *
 * Rejects with a SparqlError or a ConnectionError, or with the signal's reason once it is aborted.
 */
export async function query(endpoint: string, text: string, signal: AbortSignal): Promise<Result> {
  const [response, body] = await request(endpoint, text, signal);
  if (!response.ok) throw problem(response, body);
  if (mediaType(response) === TURTLE) return { kind: "graph", turtle: body };
  const document = JSON.parse(body) as ResultsDocument;
  return document.boolean === undefined
    ? { kind: "rows", variables: document.head.vars ?? [], rows: document.results?.bindings ?? [] }
    : { kind: "boolean", value: document.boolean };
}

/** The address at which the endpoint answers a query by GET, in the format of that name. */
export function address(endpoint: string, text: string, format: string): string {
  return `${endpoint}?${new URLSearchParams({ query: text, format }).toString()}`;
}

interface ResultsDocument {
  head: { vars?: string[] };
  results?: { bindings: Row[] };
  boolean?: boolean;
}

interface Problem {
  title?: string;
  detail?: string;
  line?: number;
  column?: number;
  hint?: string;
}

async function request(
  endpoint: string,
  text: string,
  signal: AbortSignal,
): Promise<[Response, string]> {
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: { Accept: `${RESULTS}, ${TURTLE}`, "Content-Type": "application/sparql-query" },
      body: text,
      signal,
    });
    return [response, await response.text()];
  } catch (error) {
    signal.throwIfAborted();
    throw new ConnectionError("no complete answer", { cause: error });
  }
}

function problem(response: Response, body: string): SparqlError {
  const { title, detail, line, column, hint }: Problem =
    mediaType(response) === "application/problem+json" ? (JSON.parse(body) as Problem) : {};
  const status = `${response.status} ${response.statusText}`.trim();
  return new SparqlError(response.status, title ?? status, detail ?? "", line, column, hint ?? "");
}

function mediaType(response: Response): string {
  return (response.headers.get("Content-Type") ?? "").split(";", 1)[0]!.trim().toLowerCase();
}
