// Bundles src/ into the folder of static files that the Python package serves, with the licences
// of what comes from others.
// Usage: node build.mjs [OUTDIR]

import { readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const TOOLS = new Set(["esbuild"]); // build, and leave nothing of themselves behind

const outdir = process.argv[2] ?? "../src/kg/static";

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: { app: "src/app.ts", style: "src/style.css", favicon: "src/favicon.svg" },
  outdir,
  bundle: true,
  minify: true,
  legalComments: "eof",
  format: "esm",
  target: "es2022",
  loader: { ".rq": "text", ".svg": "copy" },
  logLevel: "warning",
});
await writeFile(`${outdir}/notices.txt`, await notices());

/** The packages that the bundle holds parts of, with their licence and source; then each licence. */
async function notices() {
  const { dependencies } = JSON.parse(await readFile("package.json", "utf8"));
  const names = Object.keys(dependencies).filter((name) => !TOOLS.has(name));
  const packages = await Promise.all(names.map(notice));
  const texts = new Set(packages.map(({ text }) => text));
  return [packages.map(({ line }) => line).join("\n"), ...texts].join("\n\n");
}

async function notice(name) {
  const folder = `node_modules/${name}`;
  const about = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const text = await readFile(`${folder}/LICENSE.md`, "utf8");
  return { line: `${name} ${about.version}, ${about.license}, ${about.repository.url}`, text };
}
