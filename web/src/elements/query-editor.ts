// <query-editor>: a SPARQL query that can be run, with its result below.
//
// Wraps a form that works without it: a textarea named "query", a submit button, and the endpoint
// as its action. The attribute "texts" holds the words of the interface as JSON (see Texts),
// "explain" the address that tells why a query gives nothing. The query of a permalink, #query=…,
// is put into the field and run.
//
// Events, both bubbling: "query-result" with the Result, "query-error" with the Error as detail.

import { element } from "../dom";
import { irisIn, labels, type Label } from "../labels";
import { applyLabels, graph, table, tableRow } from "../results";
import { address, query, SparqlError, type Result, type Row } from "../sparql";

/** The words of the interface; {…} is filled in. */
export type Texts = Readonly<Record<
  | "hint" | "cancel" | "running" | "cancelled" | "seconds" | "rows_one" | "rows_other"
  | "yes" | "no" | "graph" | "in_time" | "result" | "download" | "permalink" | "more" | "shown"
  | "position" | "unreachable" | "why",
  string
>>;

const ROWS_AT_ONCE = 500;
const TICK = 100; // milliseconds
const LONGEST_ADDRESS = 16_000; // characters that servers take in a URL without complaint

// What may be downloaded: the endpoint's name of the format, the reader's, and a file's extension.
const DOWNLOADS: Record<Result["kind"], readonly (readonly [string, string, string])[]> = {
  rows: [["csv", "CSV", "csv"], ["tsv", "TSV", "tsv"], ["json", "JSON", "json"], ["xml", "XML", "xml"]],
  boolean: [],
  graph: [["turtle", "Turtle", "ttl"], ["nt", "N-Triples", "nt"], ["jsonld", "JSON-LD", "jsonld"]],
};

export class QueryEditor extends HTMLElement {
  readonly #status = element("span", { id: "query-status", role: "status" });
  readonly #clock = element("span", { class: "clock", "aria-hidden": "true" });
  readonly #output = element("div", { class: "output" });
  readonly #cancel = element("button", { type: "button", hidden: "" });
  readonly #hint = element("p", { id: "query-hint", class: "hint" });
  #running: AbortController | undefined;
  #listening: AbortController | undefined;
  #texts!: Texts;

  connectedCallback(): void {
    this.#texts = JSON.parse(this.getAttribute("texts") ?? "{}") as Texts;
    this.#cancel.textContent = this.#texts.cancel;
    this.#hint.textContent = this.#texts.hint;
    this.#field.setAttribute("aria-describedby", this.#hint.id);
    this.#submit.after(this.#cancel, this.#clock, this.#status);
    this.#form.append(this.#hint);
    this.append(this.#output);
    this.#listen();
    this.#runPermalink();
  }

  disconnectedCallback(): void {
    this.#listening?.abort();
    this.#running?.abort();
  }

  get #form(): HTMLFormElement {
    return this.querySelector("form")!;
  }

  get #field(): HTMLTextAreaElement {
    return this.querySelector("textarea")!;
  }

  get #submit(): HTMLButtonElement {
    return this.querySelector<HTMLButtonElement>("button[type=submit]")!;
  }

  get #language(): string {
    return this.closest<HTMLElement>("[lang]")?.lang || "en";
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
      if (event.key === "Escape") this.#running?.abort();
    }, { signal });
    this.#cancel.addEventListener("click", () => this.#running?.abort(), { signal });
    window.addEventListener("hashchange", () => this.#runPermalink(), { signal });
  }

  #runPermalink(): void {
    const text = new URLSearchParams(location.hash.slice(1)).get("query");
    const known = text === this.#field.value && this.#output.hasChildNodes();
    if (!text || known) return;
    this.#field.value = text;
    this.scrollIntoView();
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    const running = this.#running = new AbortController();
    const text = this.#field.value;
    const started = performance.now();
    const seconds = (): string => this.#seconds((performance.now() - started) / 1000);
    this.#begin();
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

  #begin(): void {
    this.#say("running");
    this.#output.replaceChildren();
    this.#field.removeAttribute("aria-invalid");
    this.#field.setAttribute("aria-describedby", this.#hint.id);
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
    history.replaceState(null, "", permalink);
    this.#output.append(this.#links(text, permalink, result.kind));
    if (isEmpty(result)) this.#output.append(this.#why(text));
    if (result.kind === "graph") this.#output.append(graph(result.turtle));
    if (result.kind === "rows" && result.rows.length > 0) this.#showRows(result.variables, result.rows);
  }

  #links(text: string, permalink: string, kind: Result["kind"]): HTMLElement {
    const links = element("p", { class: "links" });
    const downloads = DOWNLOADS[kind].map(([format, name, extension]) => {
      const href = address(this.#form.action, text, format);
      return element("a", { href, download: `result.${extension}` }, name);
    }).filter((link) => link.href.length <= LONGEST_ADDRESS);
    if (downloads.length > 0) links.append(element("span", {}, `${this.#texts.download}:`), ...downloads);
    links.append(element("a", { href: permalink, class: "permalink" }, this.#texts.permalink));
    return links;
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
        this.#pointAt(line, column);
      }
      if (error.hint) alert.append(element("p", { ...english, class: "hint" }, error.hint));
    } else {
      alert.append(element("p", {}, this.#texts.unreachable));
    }
    this.#status.textContent = "";
    this.#output.append(alert);
    this.#tell("query-error", error);
  }

  #pointAt(line: number, column: number): void {
    const offset = offsetOf(this.#field.value, line, column);
    this.#field.setAttribute("aria-invalid", "true");
    this.#field.setAttribute("aria-describedby", `query-error ${this.#hint.id}`);
    this.#field.focus();
    this.#field.setSelectionRange(offset, offset);
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

/** Puts values in the place of {name} in a text. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}

/** The offset in UTF-16 units of a line and column that count from 1, columns in code points. */
function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, part) => sum + part.length + 1, 0);
  const within = [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  return Math.min(before + within, text.length);
}
