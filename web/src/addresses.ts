// Addresses: where this deployment shows what IRIs of the graph name.
// The same rule as kg.urls in the service.

const BASE = "https://w3id.org/samenhang/";

/** Whether this deployment shows what an IRI names. */
export function isOwn(iri: string): boolean {
  return iri.startsWith(BASE);
}

/** The path that shows what an IRI of ours names, in a language; things are shown by documents. */
export function ownPath(iri: string, language: string): string {
  const path = iri.slice(BASE.length).replace(/^id\//, "doc/");
  return language === "nl" ? `/nl/${path}` : `/${path}`;
}
