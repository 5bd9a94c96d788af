// Bundles src/ into the folder of static files that the Python package serves, with the licences
// of what comes from others. What a page loads later is in chunks, whose names change with them.
// Usage: node build.mjs [OUTDIR]

import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const outdir = process.argv[2] ?? "../src/kg/static";

await rm(outdir, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { app: "src/app.ts", style: "src/style.css", favicon: "src/favicon.svg" },
  chunkNames: "[name]-[hash]",
  outdir,
  bundle: true,
  splitting: true,
  minify: true,
  metafile: true,
  legalComments: "eof",
  format: "esm",
  target: "es2022",
  loader: { ".rq": "text", ".svg": "copy" },
  logLevel: "warning",
});
await writeFile(`${outdir}/notices.txt`, await notices());

/** The packages that the bundle holds parts of, with their licence and source; then each licence. */
async function notices() {
  const packages = await Promise.all([...bundled()].sort().map(notice));
  const texts = new Set(packages.map(({ text }) => text));
  return [packages.map(({ line }) => line).join("\n"), ...texts].join("\n\n");
}

function bundled() {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  const names = inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
  return new Set(names.filter(Boolean));
}

async function notice(name) {
  const folder = `node_modules/${name}`;
  const about = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
  const text = await readFile(`${folder}/${file}`, "utf8");
  const source = about.repository.url ?? about.repository;
  return { line: `${name} ${about.version}, ${about.license}, ${source}`, text };
}
