// <query-editor>: a SPARQL query that can be run, with its result below.
//
// Wraps a form that works without it: a textarea named "query", a submit button, and the endpoint
// as its action. The attribute "texts" holds the words of the interface as JSON (see Texts),
// "explain" the address that tells why a query gives nothing; with the attribute "code", a field
// for code takes the place of the textarea once it is loaded. The query of a permalink, #query=…,
// is put into the field and run.
//
// Events, both bubbling: "query-result" with the Result, "query-error" with the Error as detail.

import { element } from "../dom";
import type { Field } from "../fields/field";
import { PlainField } from "../fields/plain";
import { irisIn, labels, type Label } from "../labels";
import { links } from "../links";
import { applyLabels, graph, table, tableRow } from "../results";
import { query, SparqlError, type Result, type Row } from "../sparql";
import { fill, type Texts } from "../texts";

const ROWS_AT_ONCE = 500;
const TICK = 100; // milliseconds

export class QueryEditor extends HTMLElement {
  readonly #status = element("span", { id: "query-status", role: "status" });
  readonly #clock = element("span", { class: "clock", "aria-hidden": "true" });
  readonly #output = element("div", { class: "output" });
  readonly #cancel = element("button", { type: "button", hidden: "" });
  readonly #hint = element("p", { id: "query-hint", class: "hint" });
  #running: AbortController | undefined;
  #listening: AbortController | undefined;
  #field!: Field;
  #texts!: Texts;

  connectedCallback(): void {
    this.#texts = JSON.parse(this.getAttribute("texts") ?? "{}") as Texts;
    this.#cancel.textContent = this.#texts.cancel;
    this.#hint.textContent = this.#texts.hint;
    this.#field = new PlainField(this.#area, this.#hint.id, "query-error");
    this.#submit.after(this.#cancel, this.#clock, this.#status);
    this.#form.append(this.#hint);
    this.append(this.#output);
    this.#listen();
    void this.#begin();
  }

  disconnectedCallback(): void {
    this.#listening?.abort();
    this.#running?.abort();
  }

  get #form(): HTMLFormElement {
    return this.querySelector("form")!;
  }

  get #area(): HTMLTextAreaElement {
    return this.querySelector("textarea")!;
  }

  get #submit(): HTMLButtonElement {
    return this.querySelector<HTMLButtonElement>("button[type=submit]")!;
  }

  get #language(): string {
    return this.closest<HTMLElement>("[lang]")?.lang || "en";
  }

  async #begin(): Promise<void> {
    if (this.hasAttribute("code")) await this.#useCode();
    this.#runPermalink();
  }

  /** Puts a field for code in the place of the plain one, which stays if the script does not load. */
  async #useCode(): Promise<void> {
    const loaded = await import("../fields/code").catch(() => undefined);
    if (!loaded || !this.isConnected) return;
    this.#field = new loaded.CodeField(this.#area, this.#form.action, this.#language, this.#texts);
    this.#hint.textContent = this.#texts.hint_code;
  }

  #listen(): void {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#run();
    }, { signal });
    this.#form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        void this.#run();
      }
      if (event.key === "Escape" && !event.defaultPrevented) this.#running?.abort();
    }, { signal });
    this.#cancel.addEventListener("click", () => this.#running?.abort(), { signal });
    window.addEventListener("hashchange", () => this.#runPermalink(), { signal });
  }

  #runPermalink(): void {
    const text = new URLSearchParams(location.hash.slice(1)).get("query");
    const known = text === this.#field.text && this.#output.hasChildNodes();
    if (!text || known) return;
    this.#field.text = text;
    this.scrollIntoView();
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    const running = this.#running = new AbortController();
    const text = this.#field.text;
    const started = performance.now();
    const seconds = (): string => this.#seconds((performance.now() - started) / 1000);
    this.#start();
    const ticking = setInterval(() => { this.#clock.textContent = seconds(); }, TICK);
    try {
      const result = await query(this.#form.action, text, running.signal);
      this.#say("in_time", { what: this.#summary(result), time: seconds() });
      this.#show(text, result);
      this.#tell("query-result", result);
    } catch (error) {
      if (running.signal.aborted) this.#say("cancelled");
      else this.#fail(error);
    } finally {
      clearInterval(ticking);
      this.#end();
    }
  }

  #start(): void {
    this.#say("running");
    this.#output.replaceChildren();
    this.#field.clear();
    this.#submit.setAttribute("aria-disabled", "true");
    this.#cancel.hidden = false;
  }

  #end(): void {
    this.#running = undefined;
    this.#clock.textContent = "";
    this.#submit.removeAttribute("aria-disabled");
    if (document.activeElement === this.#cancel) this.#submit.focus();
    this.#cancel.hidden = true;
  }

  #show(text: string, result: Result): void {
    const permalink = `#${new URLSearchParams({ query: text }).toString()}`;
    history.replaceState(null, "", location.pathname + permalink); // it takes the place of ?query=
    const copied = (): void => this.#say("copied");
    this.#output.append(links(this.#form.action, text, permalink, result.kind, this.#texts, copied));
    if (isEmpty(result)) this.#output.append(this.#why(text));
    if (result.kind === "graph") this.#output.append(graph(result.turtle));
    if (result.kind === "rows" && result.rows.length > 0) this.#showRows(result.variables, result.rows);
  }

  #why(text: string): HTMLElement {
    const href = `${this.getAttribute("explain") ?? ""}?${new URLSearchParams({ query: text }).toString()}`;
    return element("p", { class: "why" }, element("a", { href }, this.#texts.why));
  }

  #showRows(variables: readonly string[], rows: readonly Row[]): void {
    const shown = table(variables, this.#status.id);
    const region = { class: "table", role: "region", "aria-label": this.#texts.result, tabindex: "0" };
    const more = element("button", { type: "button" }, this.#texts.more);
    const note = element("p", { class: "more" });
    const body = shown.tBodies[0]!;
    const showMore = (): void => {
      const next = rows.slice(body.rows.length, body.rows.length + ROWS_AT_ONCE);
      body.append(...next.map((row) => tableRow(variables, row, this.#language)));
      void this.#label(body, next);
      const count = { shown: this.#number(body.rows.length), count: this.#number(rows.length) };
      note.replaceChildren(`${fill(this.#texts.shown, count)} `, more);
      note.hidden = body.rows.length === rows.length;
    };
    more.addEventListener("click", showMore);
    showMore();
    this.#output.append(element("div", region, shown), note);
  }

  async #label(part: HTMLElement, rows: readonly Row[]): Promise<void> {
    const known: ReadonlyMap<string, Label> = await labels(
      this.#form.action, irisIn(rows), this.#language, AbortSignal.timeout(10_000),
    ).catch(() => new Map<string, Label>()); // the IRIs are shown in any case
    applyLabels(part, known);
  }

  #fail(error: unknown): void {
    const alert = element("div", { id: "query-error", class: "error utrecht-alert utrecht-alert--error", role: "alert" });
    if (error instanceof SparqlError) {
      const english = { lang: "en" }; // the server's own words
      alert.append(element("strong", english, error.title), element("p", english, error.detail));
      if (error.line !== undefined && error.column !== undefined) {
        const { line, column } = error;
        const position = fill(this.#texts.position, { line: String(line), column: String(column) });
        alert.append(element("p", { class: "position" }, position));
        this.#field.point(line, column, error.detail);
      }
      if (error.hint) alert.append(element("p", { ...english, class: "hint" }, error.hint));
    } else {
      alert.append(element("p", {}, this.#texts.unreachable));
    }
    this.#status.textContent = "";
    this.#output.append(alert);
    this.#tell("query-error", error);
  }

  #summary(result: Result): string {
    if (result.kind === "graph") return this.#texts.graph;
    if (result.kind === "boolean") return result.value ? this.#texts.yes : this.#texts.no;
    const count = result.rows.length;
    const one = new Intl.PluralRules(this.#language).select(count) === "one";
    return fill(one ? this.#texts.rows_one : this.#texts.rows_other, { count: this.#number(count) });
  }

  #say(text: keyof Texts, values: Readonly<Record<string, string>> = {}): void {
    this.#status.textContent = fill(this.#texts[text], values);
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }

  #number(value: number): string {
    return new Intl.NumberFormat(this.#language).format(value);
  }

  #seconds(value: number): string {
    const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
    const seconds = new Intl.NumberFormat(this.#language, digits).format(value);
    return fill(this.#texts.seconds, { seconds });
  }
}

function isEmpty(result: Result): boolean {
  return result.kind === "rows" ? result.rows.length === 0 : result.kind === "boolean" && !result.value;
}
