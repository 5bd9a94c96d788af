// Puts a query to an endpoint with Comunica, and prints what it makes of the answer, as JSON.
//
// node comunica.mjs ENDPOINT QUERY

import { QueryEngine } from "@comunica/query-sparql";

const [endpoint, query] = process.argv.slice(2);
const engine = new QueryEngine();
const result = await engine.query(query, { sources: [{ type: "sparql", value: endpoint }] });

async function read() {
  switch (result.resultType) {
    case "bindings":
      return (await (await result.execute()).toArray()).map((row) =>
        Object.fromEntries([...row].map(([variable, term]) => [variable.value, term.value])),
      );
    case "boolean":
      return result.execute();
    default:
      return (await (await result.execute()).toArray()).map((quad) =>
        [quad.subject, quad.predicate, quad.object].map((term) => term.value),
      );
  }
}

console.log(JSON.stringify(await read()));
