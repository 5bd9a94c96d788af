// Completion: the offers in CodeMirror's list, and what accepting one does to the query.

import {
  acceptCompletion, pickedCompletion, type Completion, type CompletionContext, type CompletionResult,
} from "@codemirror/autocomplete";
import type { EditorView, KeyBinding } from "@codemirror/view";
import { offers, type Offer } from "./offers";
import { placeAfter } from "./place";
import { insertion } from "./prefixes";
import type { Vocabulary } from "./vocabulary";

const WORD = /[?$]?[\p{L}\p{N}_:-]*$/u;
const SHORT_VARIABLE = /^[?$].{0,2}$/u;

/** Tab takes the suggestion that is marked; where there is none, it leaves the field. */
export const acceptWithTab: KeyBinding = { key: "Tab", run: acceptCompletion };

/** A source of completions with the words of the graph; `detail` writes what an offer is and how often used. */
export function completeFrom(
  words: () => Promise<Vocabulary>,
  detail: (offer: Offer) => string,
): (context: CompletionContext) => Promise<CompletionResult | null> {
  return async ({ state, pos, explicit }) => {
    const text = state.doc.toString();
    const [word] = WORD.exec(text.slice(0, pos))!;
    if (SHORT_VARIABLE.test(word) && !explicit) return null; // Enter after ?s would make it ?start
    const from = pos - word.length;
    const place = placeAfter(text.slice(0, from));
    if (from === pos && !explicit && !(place === "class" && text[pos - 1] === " ")) return null;
    const found = offers(place, text, from, pos, await words());
    const options = found.map((offer) => completion(offer, detail(offer)));
    return options.length > 0 ? { from, options, filter: false } : null;
  };
}

function completion(offer: Offer, detail: string): Completion {
  const apply = (view: EditorView, picked: Completion, from: number, to: number): void => {
    accept(view, offer, picked, from, to);
  };
  return { label: offer.text, detail, type: offer.kind, apply };
}

/** Writes an offer in the place of what was typed, and the declaration that it needs. */
function accept(view: EditorView, offer: Offer, picked: Completion, from: number, to: number): void {
  const { state } = view;
  const call = offer.kind === "function";
  const word = { from, to, insert: call ? `${offer.text}()` : offer.text };
  const changes = state.changes(
    offer.declare ? [insertion(state.doc.toString(), offer.declare), word] : word,
  );
  const end = changes.mapPos(to, 1) - (call ? 1 : 0);
  view.dispatch({
    changes,
    selection: { anchor: end },
    scrollIntoView: true,
    userEvent: "input.complete",
    annotations: pickedCompletion.of(picked),
  });
}
