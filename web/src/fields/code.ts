// The field for code: CodeMirror (https://codemirror.net/), with what SPARQL and this graph need.
//
// It stands in a shadow tree, where CodeMirror adopts a style sheet; elsewhere it would write a
// <style> element, which the Content-Security-Policy of the pages forbids.

import { autocompletion, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { diagnosticCount, linter, lintGutter, setDiagnostics, setDiagnosticsEffect } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { acceptWithTab, completeFrom } from "../code/completion";
import type { Offer } from "../code/offers";
import { language, style } from "../code/style";
import { NOTHING, vocabulary, type Vocabulary } from "../code/vocabulary";
import { element } from "../dom";
import type { Texts } from "../texts";
import { offsetOf, type Field } from "./field";

const PATIENCE = 10_000; // milliseconds until suggestions do without the words of the graph

export class CodeField implements Field {
  readonly #view: EditorView;
  readonly #area: HTMLTextAreaElement;
  readonly #error = element("span", { id: "error", hidden: "", lang: "en" });
  #asked: Promise<Vocabulary> | undefined;

  /** Takes the place of a textarea, which keeps the same text; asks the endpoint for suggestions. */
  constructor(
    area: HTMLTextAreaElement,
    private readonly endpoint: string,
    private readonly language: string,
    private readonly texts: Texts,
  ) {
    this.#area = area;
    const host = element("div", { class: "code" });
    const root = host.attachShadow({ mode: "open" });
    root.append(
      element("span", { id: "label", hidden: "" }, texts.label),
      element("span", { id: "hint", hidden: "" }, texts.hint_code),
      this.#error,
    );
    this.#view = new EditorView({ parent: root, root, state: this.#state() });
    const { activeElement } = document;
    area.after(host);
    area.hidden = true;
    if (activeElement === area) this.focus();
    for (const label of area.labels) label.addEventListener("click", () => this.focus());
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  set text(text: string) {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
  }

  focus(): void {
    this.#view.focus();
  }

  point(line: number, column: number, message: string): void {
    const from = offsetOf(this.text, line, column);
    const to = from + /^\S*/.exec(this.text.slice(from))![0].length;
    this.#error.textContent = message;
    this.#view.dispatch(setDiagnostics(this.#view.state, [{ from, to, message, severity: "error" }]));
    this.#view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    this.focus();
  }

  clear(): void {
    closeCompletion(this.#view);
    this.#view.dispatch(setDiagnostics(this.#view.state, []));
  }

  #state(): EditorState {
    const { value, selectionStart } = this.#area;
    const anchor = Math.min(selectionStart, value.length);
    return EditorState.create({ doc: value, selection: { anchor }, extensions: this.#extensions() });
  }

  #extensions(): Extension {
    return [
      [lineNumbers(), highlightActiveLine(), history(), bracketMatching(), indentUnit.of("  ")],
      [language, style, linter(null), lintGutter()],
      autocompletion({
        override: [completeFrom(() => this.#words(), this.#detail)],
        activateOnCompletion: ({ type }) => type === "prefix",
        icons: false,
      }),
      // Tab leaves the field, unless it takes a suggestion; Ctrl + Enter is for the form.
      keymap.of([
        acceptWithTab,
        ...completionKeymap,
        ...historyKeymap,
        ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
      ]),
      EditorState.phrases.of({ Completions: this.texts.suggestions }),
      EditorView.contentAttributes.of(attributes),
      EditorState.transactionExtender.of(({ docChanged }) =>
        docChanged ? { effects: setDiagnosticsEffect.of([]) } : null),
      EditorView.updateListener.of(({ docChanged }) => {
        if (docChanged) this.#area.value = this.text;
      }),
      EditorView.domEventHandlers({ focus: () => void this.#words(), beforeinput: replaceSelection }),
    ];
  }

  /** The words of the graph, asked for once. */
  #words(): Promise<Vocabulary> {
    return this.#asked ??= vocabulary(this.endpoint, this.language, AbortSignal.timeout(PATIENCE))
      .catch(() => NOTHING);
  }

  /** What an offer is called, and how often it is used. */
  readonly #detail = ({ label = "", count }: Offer): string => {
    const used = count === undefined ? "" : `${new Intl.NumberFormat(this.language).format(count)} ×`;
    return [label, used].filter(Boolean).join(" · ");
  };
}

/**
 * Types over a selection in the browser's stead, which would keep its colours in a style attribute:
 * the Content-Security-Policy forbids that, and reports it.
 */
function replaceSelection(event: InputEvent, view: EditorView): boolean {
  const { state } = view;
  if (event.inputType !== "insertText" || event.data === null || state.selection.main.empty) return false;
  view.dispatch(state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  event.preventDefault();
  return true;
}

function attributes(view: EditorView): Record<string, string> {
  const invalid = diagnosticCount(view.state) > 0;
  const described = invalid ? "error hint" : "hint";
  const names = { "aria-labelledby": "label", "aria-describedby": described, tabindex: "0" };
  return invalid ? { ...names, "aria-invalid": "true" } : names;
}
