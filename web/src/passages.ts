// Passages: the range of a text that the fragment of the address names, #char=START,END (RFC 5147),
// is highlighted. The text stands in ".source-text", in segments that tell where they start, by
// "data-start", counted in code points.

const FRAGMENT = /^#char=(\d+),(\d+)$/;
const NAME = "passage"; // in the style sheet: ::highlight(passage)

/** Highlights the passage that the address names, now and whenever that changes. */
export function followPassages(): void {
  if (!("highlights" in CSS)) return;
  show();
  window.addEventListener("hashchange", show);
}

function show(): void {
  CSS.highlights.delete(NAME);
  const [, start, end] = FRAGMENT.exec(decodeURIComponent(location.hash)) ?? [];
  const from = boundary(Number(start)), to = boundary(Number(end));
  if (!from || !to) return;
  const range = new StaticRange({
    startContainer: from.node, startOffset: from.offset, endContainer: to.node, endOffset: to.offset,
  });
  CSS.highlights.set(NAME, new Highlight(range));
  bringIntoSight(from.node.parentElement!);
}

/** Scrolls to a segment; where the page has another place for the fragment, in the text alone. */
function bringIntoSight(segment: HTMLElement): void {
  const text = segment.closest<HTMLElement>(".source-text")!;
  const isElsewhere = document.getElementById(location.hash.slice(1)) !== null;
  if (isElsewhere) text.scrollTop = segment.offsetTop - text.clientHeight / 3;
  else segment.scrollIntoView({ block: "center" });
}

/** The place of a code point of the text in the page; nowhere for NaN, or without a text. */
function boundary(position: number): { node: Text; offset: number } | undefined {
  const segments = document.querySelectorAll<HTMLElement>(".source-text [data-start]");
  const segment = [...segments].findLast((one) => Number(one.dataset["start"]) <= position);
  const node = segment && document.createTreeWalker(segment, NodeFilter.SHOW_TEXT).nextNode();
  if (!(node instanceof Text)) return undefined;
  const before = [...node.data].slice(0, position - Number(segment!.dataset["start"])).join("");
  return { node, offset: before.length };
}
