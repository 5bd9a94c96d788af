// The plain field: a textarea.

import { offsetOf, type Field } from "./field";

export class PlainField implements Field {
  readonly #area: HTMLTextAreaElement;
  readonly #hint: string;
  readonly #error: string;

  /** `hint` and `error` are the ids of the elements that describe the field and its fault. */
  constructor(area: HTMLTextAreaElement, hint: string, error: string) {
    this.#area = area;
    this.#hint = hint;
    this.#error = error;
    this.clear();
  }

  get text(): string {
    return this.#area.value;
  }

  set text(text: string) {
    this.#area.value = text;
  }

  focus(): void {
    this.#area.focus();
  }

  point(line: number, column: number): void {
    const offset = offsetOf(this.text, line, column);
    this.#area.setAttribute("aria-invalid", "true");
    this.#area.setAttribute("aria-describedby", `${this.#error} ${this.#hint}`);
    this.focus();
    this.#area.setSelectionRange(offset, offset);
  }

  clear(): void {
    this.#area.removeAttribute("aria-invalid");
    this.#area.setAttribute("aria-describedby", this.#hint);
  }
}
