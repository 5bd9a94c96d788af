// Results: the answer to a query as an accessible part of the page.

import { isOwn, ownPath } from "./addresses";
import { element } from "./dom";
import type { Label } from "./labels";
import type { Row, Term } from "./sparql";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const WEB = /^https?:\/\//i; // no IRI of another scheme becomes a link: "javascript:" is one
const PLAIN = new Set(["", `${XSD}string`]);
const NUMERIC = new Set(["integer", "decimal", "double", "float"].map((name) => XSD + name));

/** An empty table with a column for each variable, described by the element of that id. */
export function table(variables: readonly string[], describedBy: string): HTMLTableElement {
  const heads = variables.map((variable) => element("th", { scope: "col" }, variable));
  return element(
    "table",
    { "aria-describedby": describedBy },
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody"),
  );
}

/** A row of the table: a cell for each variable, empty where it is unbound; IRIs link to pages in a language. */
export function tableRow(variables: readonly string[], row: Row, language: string): HTMLTableRowElement {
  const cells = variables.map((variable) => cell(Object.hasOwn(row, variable) ? row[variable] : undefined, language));
  return element("tr", {}, ...cells);
}

/** Writes the labels that are known above the IRIs inside a part of the page. */
export function applyLabels(part: ParentNode, labels: ReadonlyMap<string, Label>): void {
  for (const iri of part.querySelectorAll<HTMLElement>(".iri:not(.labelled)")) {
    const label = labels.get(iri.title);
    if (!label) continue;
    iri.classList.add("labelled");
    const language: Record<string, string> = label.language ? { lang: label.language } : {};
    iri.prepend(element("span", { class: "label", ...language }, label.text), " ");
  }
}

/** A graph as the text it came in. */
export function graph(turtle: string): HTMLPreElement {
  return element("pre", { class: "graph", tabindex: "0" }, element("code", {}, turtle));
}

function cell(term: Term | undefined, language: string): HTMLTableCellElement {
  if (!term) return element("td");
  const numeric = term.type === "literal" && NUMERIC.has(term.datatype ?? "");
  return element("td", numeric ? { class: "number" } : {}, content(term, language));
}

function content(term: Term, language: string): Node {
  switch (term.type) {
    case "uri":
      return iri(term.value, language);
    case "bnode":
      return element("code", { class: "blank" }, `_:${term.value}`);
    case "literal":
      return literal(term.value, term["xml:lang"] ?? "", term.datatype ?? "");
    case "triple": {
      const { subject, predicate, object } = term.value;
      const parts = [subject, predicate, object].map((part) => content(part, language));
      return element("span", { class: "triple" }, "<<( ", ...parts, " )>>");
    }
  }
}

function iri(value: string, language: string): HTMLElement {
  const shown = { class: "iri", title: value };
  const code = element("code", {}, value);
  if (isOwn(value)) return element("a", { ...shown, href: ownPath(value, language) }, code);
  if (WEB.test(value)) return element("a", { ...shown, href: value, rel: "noreferrer" }, code);
  return element("span", shown, code);
}

function literal(value: string, language: string, datatype: string): Node {
  const text = element("span", language ? { class: "text", lang: language } : { class: "text" }, value);
  const kind = language || (PLAIN.has(datatype) || NUMERIC.has(datatype) ? "" : shorten(datatype));
  if (!kind) return text;
  const note = element("small", datatype && !language ? { title: datatype } : {}, kind);
  return element("span", { class: "literal" }, text, " ", note);
}

function shorten(datatype: string): string {
  return datatype.startsWith(XSD) ? datatype.slice(XSD.length) : datatype;
}
