// Registers <query-editor>.

import { QueryEditor } from "./query-editor";

customElements.define("query-editor", QueryEditor);
