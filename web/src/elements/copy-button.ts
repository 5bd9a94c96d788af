// <copy-button>: a button that copies the text of another element of the page.

import { element } from "../dom";

/**
 * @attr for - the id of the element
 * @attr label - what the button says
 * @attr copied - what is said once the text is copied
 * @attr failed - what is said where the browser refuses; the text is selected then
 */
export class CopyButton extends HTMLElement {
  #status = element("span", { role: "status" });

  connectedCallback(): void {
    const button = element("button", { type: "button" }, this.getAttribute("label") ?? "");
    button.addEventListener("click", () => void this.#copy());
    this.replaceChildren(button, this.#status);
  }

  async #copy(): Promise<void> {
    const source = document.getElementById(this.getAttribute("for") ?? "");
    if (!source) return;
    this.#status.textContent = "";
    const isCopied = await copied(source);
    this.#status.textContent = this.getAttribute(isCopied ? "copied" : "failed");
  }
}

/** Copies the text of an element; where that is not allowed, it leaves the text selected. */
async function copied(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
    return true;
  } catch {
    // No clipboard: the page came over plain HTTP, or the reader refused.
    getSelection()?.selectAllChildren(source);
    return document.execCommand("copy");
  }
}
