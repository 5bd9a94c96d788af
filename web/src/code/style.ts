// Style: the colours of SPARQL and the looks of the field, from the tokens of the site.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { styleTags, tags } from "@lezer/highlight";
import { SparqlLanguage } from "codemirror-lang-sparql";

/** SPARQL, with tags for the names and signs that its package leaves plain. */
export const language = SparqlLanguage.configure({
  props: [
    styleTags({
      A_predicate: tags.keyword,
      "Pname_ns Pname_ln": tags.propertyName,
      Langtag: tags.annotation,
      "IntegerPositive IntegerNegative DecimalPositive DecimalNegative": tags.number,
      "DoublePositive DoubleNegative": tags.number,
    }),
  ],
});

const colours = syntaxHighlighting(HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--coded)" },
  { tag: tags.propertyName, color: "var(--inferred)" },
  { tag: [tags.url, tags.namespace], color: "var(--inferred)" },
  { tag: [tags.string, tags.number, tags.bool, tags.annotation], color: "var(--registered)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
]));

const SIZE = "0.875rem";
const wash = (share: number): string => `color-mix(in srgb, var(--accent) ${share}%, var(--sheet))`;

const looks = EditorView.theme({
  "&": {
    border: "1px solid var(--edge)",
    borderRadius: "var(--radius)",
    backgroundColor: "var(--sheet)",
    color: "var(--ink)",
    fontSize: SIZE,
  },
  "&.cm-focused": { outline: "3px solid var(--accent)" },
  ".cm-scroller": {
    minHeight: "8rem",
    maxHeight: "60vh",
    overflow: "auto",
    fontFamily: "var(--mono)",
    lineHeight: "1.55",
  },
  ".cm-content": { padding: "0.9rem 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 1rem 0 0.5rem" },
  ".cm-gutters": { border: "0", backgroundColor: "var(--sheet)", color: "var(--quiet)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: wash(6) },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: wash(20), outline: "1px solid var(--edge)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--signal-wash)", color: "var(--signal)" },
  ".cm-gutter-lint": { width: "1em" },
  ".cm-lint-marker-error": { width: "auto", content: "normal" },
  ".cm-lint-marker-error::before": { content: '"!"', color: "var(--signal)", fontWeight: "700" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    backgroundColor: "var(--signal-wash)",
    textDecoration: "underline wavy var(--signal)",
    textDecorationSkipInk: "none",
  },
  ".cm-lintPoint-error::after": { borderBottomColor: "var(--signal)" },
  ".cm-tooltip": {
    border: "1px solid var(--edge)",
    borderRadius: "var(--radius)",
    backgroundColor: "var(--sheet)",
    boxShadow: "0 4px 16px rgb(0 0 0 / 18%)",
    color: "var(--ink)",
  },
  ".cm-diagnostic-error": { borderLeftColor: "var(--signal)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    maxHeight: "16em",
    maxWidth: "min(34rem, 92vw)",
    fontFamily: "var(--mono)",
    fontSize: SIZE,
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    flexWrap: "wrap",
    gap: "0 1rem",
    padding: "0.25rem 0.6rem",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    outline: "2px solid transparent", // is seen where the system forces its colours
    outlineOffset: "-2px",
    backgroundColor: "var(--accent)",
    color: "var(--on-accent)",
  },
  ".cm-completionDetail": { marginLeft: "auto", color: "var(--quiet)", fontFamily: "var(--sans)", fontStyle: "normal" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
});

/** Colours and looks; the tokens know of dark and light. */
export const style = [colours, looks];
