// Texts: the words of the query editor, in the language of its page.

/** The words of the interface; {…} is filled in. */
export type Texts = Readonly<Record<
  | "label" | "hint" | "hint_code" | "cancel" | "running" | "cancelled" | "seconds" | "rows_one"
  | "rows_other" | "yes" | "no" | "graph" | "in_time" | "result" | "download" | "permalink" | "copy"
  | "copied" | "more" | "shown" | "position" | "unreachable" | "why" | "suggestions",
  string
>>;

/** Puts values in the place of {name} in a text. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}
