// Places: what the grammar of SPARQL lets follow at some point of a query.
// https://www.w3.org/TR/sparql11-query/#sparqlGrammar

import { tokens, type Token } from "./tokens";

/**
 * What can be written: "clause" outside patterns, "declaration" after PREFIX, "class" as what a
 * thing is a, "end" after an object, "none" inside a text, a comment or an IRI.
 */
export type Place =
  | "clause" | "declaration" | "subject" | "predicate" | "class" | "object" | "end" | "expression" | "none";

/** A part of the query between brackets that are not closed yet; "list" holds no triples. */
interface Frame {
  readonly kind: "query" | "group" | "blank" | "path" | "list";
  place: Place;
  typed: boolean; // the predicate leads to a class
  values: boolean; // the next braces hold data
}

const TO_CLASS = new Set([
  "a", "rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
  "rdfs:subClassOf", "rdfs:domain", "rdfs:range",
]);

/** The place at the end of a text that begins a query. */
export function placeAfter(text: string): Place {
  const all = tokens(text);
  if (all.at(-1)?.kind === "open" || text.endsWith("@")) return "none";
  const meaningful = all.filter(({ kind }) => kind !== "space");
  if (/^PREFIX$/i.test(meaningful.at(-1)?.text ?? "")) return "declaration";
  const frames = [frame("query", "clause")];
  for (const token of meaningful) read(frames, token);
  return top(frames).place;
}

function read(frames: Frame[], { kind, text }: Token): void {
  const here = top(frames);
  if (kind === "sign") sign(frames, here, text);
  else if (kind === "word" && !(here.place === "predicate" && text === "a")) keyword(here, text.toUpperCase());
  else if (kind !== "tag") term(here, text);
}

function term(here: Frame, text: string): void {
  if (here.kind === "list") return;
  if (here.place === "predicate") {
    here.typed = TO_CLASS.has(text);
    here.place = object(here);
  } else if (here.place === "subject") here.place = "predicate";
  else if (here.place === "object" || here.place === "class") here.place = "end";
}

function object(here: Frame): Place {
  return here.typed ? "class" : "object";
}

function keyword(here: Frame, word: string): void {
  if (here.kind === "list") return;
  if (word === "VALUES") here.values = true;
  else if (word === "TRUE" || word === "FALSE") term(here, word);
  else if (word === "SELECT") here.place = "clause";
  else if (word === "FILTER" || word === "BIND") here.place = "expression";
  else if (here.place !== "clause" && here.place !== "expression") here.place = "subject";
}

function sign(frames: Frame[], here: Frame, text: string): void {
  if ("{([".includes(text)) frames.push(opened(here, text));
  else if ("})]".includes(text)) close(frames, text);
  else if (here.kind === "list" || here.place === "clause") return;
  else if (text === "^^") here.place = "object";
  else if (text === ".") here.place = "subject";
  else if (text === ";") here.place = "predicate";
  else if (text === ",") here.place = object(here);
  else if ("/|^".includes(text) && here.place === object(here)) here.place = "predicate";
}

function opened(here: Frame, bracket: string): Frame {
  if (here.values) {
    here.values = bracket !== "{";
    return frame("list", "object");
  }
  if (bracket === "{") return frame("group", "subject");
  if (bracket === "[") return frame("blank", "predicate");
  if (here.place === "predicate") return frame("path", "predicate");
  const computed = here.place === "clause" || here.place === "expression";
  return frame("list", computed ? "expression" : "object");
}

function close(frames: Frame[], bracket: string): void {
  if (frames.length === 1) return;
  const { kind } = frames.pop()!;
  const here = top(frames);
  if (here.kind === "list" || here.place === "clause") return;
  if (kind === "path") here.place = "object";
  else if (bracket === "}" || here.place === "expression") here.place = "subject";
  else term(here, bracket);
}

function frame(kind: Frame["kind"], place: Place): Frame {
  return { kind, place, typed: false, values: false };
}

function top(frames: readonly Frame[]): Frame {
  return frames.at(-1)!;
}
