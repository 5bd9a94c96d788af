// Labels: what IRIs are called, in the language of the reader as far as the graph says it.

import { query, type Row, type Term } from "./sparql";
import LABELS from "./labels.rq";

/** A name and its language tag, empty where it has none. */
export interface Label {
  readonly text: string;
  readonly language: string;
}

const EMPTY_BLOCK = "VALUES ?iri { }";
const FALLBACKS = ["nl", "en", ""];
const MOST = 2000; // keeps the query well below the size that a server reads

// The characters that may stand between the brackets of an IRIREF (SPARQL 1.1 Query, production 139).
const IRIREF = /^[^<>"{}|^`\\\u0000-\u0020]+$/;

/** Asks the endpoint once what the IRIs are called; those without a label are not in the answer. */
export async function labels(
  endpoint: string,
  iris: Iterable<string>,
  language: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Label>> {
  const block = [...iris].filter((iri) => IRIREF.test(iri)).slice(0, MOST);
  const found = new Map<string, Label>();
  if (block.length === 0) return found;
  const filled = `VALUES ?iri { ${block.map((iri) => `<${iri}>`).join(" ")} }`;
  const result = await query(endpoint, LABELS.replace(EMPTY_BLOCK, () => filled), signal);
  const rank = ranking(language);
  for (const { iri, label } of result.kind === "rows" ? result.rows : []) {
    if (iri?.type !== "uri" || label?.type !== "literal") continue;
    const candidate = { text: label.value, language: label["xml:lang"] ?? "" };
    const known = found.get(iri.value);
    if (!known || rank(candidate) < rank(known)) found.set(iri.value, candidate);
  }
  return found;
}

/** The IRIs in rows, each once, in order of appearance. */
export function irisIn(rows: Iterable<Row>): Set<string> {
  const iris = new Set<string>();
  const collect = (term: Term): void => {
    if (term.type === "uri") iris.add(term.value);
    if (term.type === "triple") Object.values(term.value).forEach(collect);
  };
  for (const row of rows) Object.values(row).forEach(collect);
  return iris;
}

function ranking(language: string): (label: Label) => number {
  const order = [language, ...FALLBACKS];
  return (label) => order.indexOf(label.language);
}
