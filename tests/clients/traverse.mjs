// Answers a query by following links from a thing, with Comunica; prints the rows and the addresses
// that were asked, as JSON. Our IRIs lead to a deployment, as their redirection will; nobody else is
// asked anything.
//
// node traverse.mjs DEPLOYMENT SEED QUERY

import { QueryEngine } from "@comunica/query-sparql-link-traversal";

const BASE = "https://w3id.org/samenhang/";
const [deployment, seed, query] = process.argv.slice(2);
const asked = [];

function redirected(input, init) {
  const address = new URL(input instanceof Request ? input.url : input);
  if (!address.href.startsWith(BASE) && address.origin !== deployment) {
    return Promise.resolve(new Response("", { status: 404 }));
  }
  asked.push(address.href);
  return fetch(address.href.replace(BASE, `${deployment}/`), init);
}

const rows = await new QueryEngine().queryBindings(query, {
  sources: [seed],
  fetch: redirected,
  lenient: true,
});
const found = (await rows.toArray()).map((row) =>
  Object.fromEntries([...row].map(([variable, term]) => [variable.value, term.value])),
);
console.log(JSON.stringify({ rows: found, asked }));
