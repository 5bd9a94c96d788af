// The vocabulary: what a query of this graph can name, as its metadata count it.

import { query, type Row } from "../sparql";
import TERMS from "./terms.rq";

/** A class, property or concept scheme; `label` is in the language of the page if there is one. */
export interface Term {
  readonly kind: "class" | "property" | "scheme";
  readonly iri: string;
  readonly count: number;
  readonly label: string;
  readonly labels: readonly string[];
}

/** The terms, the most used first, and the namespaces by their prefixes. */
export interface Vocabulary {
  readonly terms: readonly Term[];
  readonly prefixes: ReadonlyMap<string, string>;
}

export const NOTHING: Vocabulary = { terms: [], prefixes: new Map() };

/** Asks the endpoint for the vocabulary; it is empty where the graph has no metadata. */
export async function vocabulary(endpoint: string, language: string, signal: AbortSignal): Promise<Vocabulary> {
  const result = await query(endpoint, TERMS, signal);
  const groups = new Map<string, Row[]>();
  const prefixes = new Map<string, string>();
  for (const row of result.kind === "rows" ? result.rows : []) {
    if (text(row, "kind") === "prefix") prefixes.set(text(row, "label"), text(row, "term"));
    else group(groups, `${text(row, "kind")} ${text(row, "term")}`).push(row);
  }
  const terms = [...groups.values()].map((rows) => term(rows, language));
  return { terms: terms.sort((one, other) => other.count - one.count), prefixes };
}

function group(groups: Map<string, Row[]>, key: string): Row[] {
  const rows = groups.get(key) ?? [];
  groups.set(key, rows);
  return rows;
}

/** One term, of the rows that have a label each. */
function term(rows: readonly Row[], language: string): Term {
  const [first] = rows as readonly [Row];
  const inLanguage = rows.filter(({ label }) => label?.type === "literal" && label["xml:lang"] === language);
  const labels = [...inLanguage, ...rows].map((row) => text(row, "label"));
  const kind = text(first, "kind") as Term["kind"];
  const iri = text(first, "term");
  return { kind, iri, count: Number(text(first, "count")), label: labels[0] ?? "", labels };
}

function text(row: Row, name: string): string {
  const found = row[name];
  return found && found.type !== "triple" ? found.value : "";
}
