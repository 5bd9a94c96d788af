// Prefixes: short names for IRIs in a query, and the lines that declare them.
// https://www.w3.org/TR/sparql11-query/#prefNames

import { tokens } from "./tokens";

/** A prefix and the namespace that it stands for. */
export interface Declaration {
  readonly prefix: string;
  readonly namespace: string;
}

/** How to write an IRI, and what has to be declared for it. */
export interface Written {
  readonly text: string;
  readonly declare?: Declaration;
}

const LOCAL = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_])?$/u; // those that need no escape

/** The namespaces that a query declares, by prefix. */
export function declared(text: string): Map<string, string> {
  const meaningful = tokens(text).filter(({ kind }) => kind !== "space");
  const found = new Map<string, string>();
  meaningful.forEach(({ text: word }, at) => {
    const [name, iri] = meaningful.slice(at + 1, at + 3);
    if (/^PREFIX$/i.test(word) && name?.kind === "name" && iri?.kind === "iri") {
      found.set(name.text.slice(0, -1), iri.text.slice(1, -1));
    }
  });
  return found;
}

/** Writes an IRI with the query's own prefixes, else with a known one, else in full. */
export function write(
  iri: string,
  own: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, string>,
): Written {
  const free = [...known].filter(([prefix]) => !own.has(prefix));
  for (const [prefixes, isOwn] of [[[...own], true], [free, false]] as const) {
    for (const [prefix, namespace] of prefixes) {
      const local = iri.startsWith(namespace) ? iri.slice(namespace.length) : "";
      if (!LOCAL.test(local)) continue;
      const text = `${prefix}:${local}`;
      return isOwn ? { text } : { text, declare: { prefix, namespace } };
    }
  }
  return { text: `<${iri}>` };
}

/** Where a query takes another declaration, and the text of it: below those that it has, or on top. */
export function insertion(text: string, { prefix, namespace }: Declaration): { from: number; insert: string } {
  const line = `PREFIX ${prefix}: <${namespace}>\n`;
  const all = tokens(text);
  const last = all.findLastIndex(({ kind, text: word }) => kind === "word" && /^(PREFIX|BASE)$/i.test(word));
  const end = all.slice(last + 1).find(({ kind }) => kind === "iri");
  if (last < 0 || !end) return { from: start(all), insert: `${line}\n` };
  const rest = /^[ \t]*(?:#[^\n]*)?\n/.exec(text.slice(end.to));
  return rest ? { from: end.to + rest[0].length, insert: line } : { from: end.to, insert: `\n${line}` };
}

/** Where the comments end that a query begins with. */
function start(all: ReturnType<typeof tokens>): number {
  return all.find(({ kind }) => kind !== "space")?.from ?? 0;
}
