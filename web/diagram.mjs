// Lays out a graph in the DOT language, from standard input, and prints its layout as JSON.
// Usage: node diagram.mjs < graph.dot

import { text } from "node:stream/consumers";
import { instance } from "@viz-js/viz";

const viz = await instance();
const result = viz.renderFormats(await text(process.stdin), ["json"]);

if (result.status !== "success") {
  console.error(result.errors.map((error) => error.message).join("\n"));
  process.exit(1);
}
process.stdout.write(result.output.json);
