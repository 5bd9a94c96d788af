// Tokens of SPARQL, also of a query that is still being written.
// https://www.w3.org/TR/sparql11-query/#sparqlGrammar
//
// The parser that colours the query does not serve here: its tree leaves brackets out, and is
// unsure of what follows a gap, which is just where a reader writes.

export type Kind = "space" | "iri" | "string" | "open" | "variable" | "name" | "word" | "tag" | "number" | "sign";

export interface Token {
  readonly kind: Kind;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const PARTS: Readonly<Record<Kind, string>> = {
  space: String.raw`\s+|#[^\n]*\n`,
  iri: String.raw`<[^<>"{}|^\x60\\\s]*>`,
  string: String.raw`"""[^]*?"""|'''[^]*?'''|"(?!"")(?:[^"\\\n]|\\.)*"|'(?!'')(?:[^'\\\n]|\\.)*'`,
  open: String.raw`#[^\n]*$|"""[^]*|'''[^]*|["'][^\n]*|<[^<>"{}|^\x60\\\s]*$`,
  variable: String.raw`[?$][\p{L}\p{N}_]+`,
  name: String.raw`(?:[\p{L}_][\p{L}\p{N}_-]*)?:(?:[\p{L}\p{N}_:%\\-]|\.(?=[\p{L}\p{N}_]))*`,
  word: String.raw`\p{L}[\p{L}\p{N}_-]*`,
  tag: String.raw`@[A-Za-z-]*`,
  number: String.raw`[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?`,
  sign: String.raw`\^\^|&&|\|\||[^]`,
};
const TOKEN = new RegExp(Object.entries(PARTS).map(([kind, part]) => `(?<${kind}>${part})`).join("|"), "gu");

/** The tokens of a text, space and comments included; a token that the text leaves unfinished is open. */
export function tokens(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map((match) => {
    const [kind] = Object.entries(match.groups!).find(([, part]) => part !== undefined)!;
    return { kind: kind as Kind, text: match[0], from: match.index, to: match.index + match[0].length };
  });
}
