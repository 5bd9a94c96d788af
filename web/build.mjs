// Bundles src/ into the folder of static files that the Python package serves.
// Usage: node build.mjs [OUTDIR]

import { rm } from "node:fs/promises";
import { build } from "esbuild";

const outdir = process.argv[2] ?? "../src/kg/static";

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: { app: "src/app.ts", style: "src/style.css", favicon: "src/favicon.svg" },
  outdir,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  loader: { ".rq": "text", ".svg": "copy" },
  logLevel: "warning",
});
