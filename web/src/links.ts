// Links: where a result can be had in other formats, and where the query is found again.

import { element } from "./dom";
import { address, type Result } from "./sparql";
import type { Texts } from "./texts";

const LONGEST_ADDRESS = 16_000; // characters that servers take in a URL without complaint

// What may be downloaded: the endpoint's name of the format, the reader's, and a file's extension.
const DOWNLOADS: Record<Result["kind"], readonly (readonly [string, string, string])[]> = {
  rows: [["csv", "CSV", "csv"], ["tsv", "TSV", "tsv"], ["json", "JSON", "json"], ["xml", "XML", "xml"]],
  boolean: [],
  graph: [["turtle", "Turtle", "ttl"], ["nt", "N-Triples", "nt"], ["jsonld", "JSON-LD", "jsonld"]],
};

/** The downloads of a result, and the permalink of its query with a button that copies it. */
export function links(
  endpoint: string,
  text: string,
  permalink: string,
  kind: Result["kind"],
  texts: Texts,
  copied: () => void,
): HTMLElement {
  const made = element("p", { class: "links" });
  const downloads = DOWNLOADS[kind].map(([format, name, extension]) => {
    const href = address(endpoint, text, format);
    return element("a", { href, download: `result.${extension}` }, name);
  }).filter((link) => link.href.length <= LONGEST_ADDRESS);
  if (downloads.length > 0) made.append(element("span", {}, `${texts.download}:`), ...downloads);
  const link = element("a", { href: permalink, class: "permalink" }, texts.permalink);
  made.append(link, ...copying(link, texts.copy, copied));
  return made;
}

/** A button that copies where a link leads; none where the browser keeps the clipboard closed. */
function copying(link: HTMLAnchorElement, words: string, copied: () => void): HTMLElement[] {
  if (!window.isSecureContext) return [];
  const button = element("button", { type: "button", class: "copy" }, words);
  button.addEventListener("click", () => {
    void navigator.clipboard.writeText(link.href).then(copied, () => { button.hidden = true; });
  });
  return [button];
}
