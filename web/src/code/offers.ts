// Offers: what the editor suggests to write, the best first.

import type { Place } from "./place";
import { declared, write, type Declaration } from "./prefixes";
import { tokens } from "./tokens";
import type { Term, Vocabulary } from "./vocabulary";
import { functions, keywords } from "./words";

/** A suggestion: what it writes, and what it is called and how often used where that is known. */
export interface Offer {
  readonly kind: "variable" | "prefix" | "keyword" | "function" | Term["kind"];
  readonly text: string;
  readonly label?: string;
  readonly labels?: readonly string[];
  readonly count?: number;
  readonly declare?: Declaration;
}

const TERMS: Partial<Record<Place, readonly Term["kind"][]>> = {
  predicate: ["property"],
  class: ["class"],
  object: ["scheme", "class"],
  expression: ["class", "property"],
};
const LAST = 4;
const NO_TERMS = new Set<Place>(["clause", "declaration", "end"]);

/** The offers at a place of a query that fit what is typed there, from `from` up to `to`. */
export function offers(
  place: Place, query: string, from: number, to: number, words: Vocabulary,
): readonly Offer[] {
  if (place === "none") return [];
  const typed = folded(query.slice(from, to));
  const rest = `${query.slice(0, from)} ${query.slice(to)}`;
  const ranked = all(place, rest, words).map((offer) => ({ offer, rank: rank(offer, typed) }));
  const fitting = ranked.filter((one) => one.rank >= 0).sort((one, other) => one.rank - other.rank);
  const [best] = fitting;
  const complete = best && folded(best.offer.text) === typed && !best.offer.declare;
  return complete ? [] : fitting.map(({ offer }) => offer);
}

function all(place: Place, query: string, { terms, prefixes }: Vocabulary): Offer[] {
  const own = declared(query);
  if (place === "declaration") return [...prefixes].filter(([prefix]) => !own.has(prefix)).map(declaring);
  const variables = tokens(query).filter(({ kind }) => kind === "variable").map(({ text }) => text);
  const kinds = TERMS[place] ?? [];
  return [
    ...[...new Set(variables)].map((text) => ({ kind: "variable", text }) as const),
    ...(place === "predicate" ? [{ kind: "keyword", text: "a" } as const] : []),
    ...keywords(place).map((text) => ({ kind: "keyword", text }) as const),
    ...functions(place).map((text) => ({ kind: "function", text }) as const),
    ...(NO_TERMS.has(place) ? [] : names(own, prefixes)),
    ...kinds.flatMap((wanted) => terms.filter(({ kind }) => kind === wanted))
      .map((term) => ({ ...term, ...write(term.iri, own, prefixes) })),
  ];
}

/** The prefixes, as a name begins with them. */
function names(own: ReadonlyMap<string, string>, known: ReadonlyMap<string, string>): Offer[] {
  const others = [...known].filter(([prefix]) => !own.has(prefix));
  return [
    ...[...own].map(([prefix, label]) => ({ kind: "prefix", text: `${prefix}:`, label }) as const),
    ...others.map(([prefix, namespace]) => (
      { kind: "prefix", text: `${prefix}:`, label: namespace, declare: { prefix, namespace } } as const
    )),
  ];
}

function declaring([prefix, namespace]: [string, string]): Offer {
  return { kind: "prefix", text: `${prefix}: <${namespace}>` };
}

/** How well an offer fits what is typed: 0 is best, below 0 it does not fit. */
function rank({ kind, text, labels = [] }: Offer, typed: string): number {
  const [prefix, name] = split(typed);
  const [own, local] = split(folded(text));
  if (prefix !== undefined && prefix !== own) return -1;
  if (kind === "prefix" && prefix !== undefined && name === "") return LAST; // the names themselves first
  const called = labels.map(folded);
  if (folded(text).startsWith(typed) || local.startsWith(name)) return 0;
  if (called.some((label) => label.startsWith(name))) return 1;
  if (called.some((label) => label.includes(` ${name}`))) return 2;
  return name.length > 2 && [local, ...called].some((one) => one.includes(name)) ? 3 : -1;
}

/** The prefix of a name, where it has one, and what follows. */
function split(name: string): [string | undefined, string] {
  const at = name.startsWith("<") ? -1 : name.indexOf(":");
  return at < 0 ? [undefined, name] : [name.slice(0, at), name.slice(at + 1)];
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
