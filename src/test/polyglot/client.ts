// Asks a live gateway with types generated from openapi.yaml. Arguments: base URL, token.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./gateway.js";

const [baseUrl, token] = process.argv.slice(2);
assert(baseUrl && token, "usage: client.js BASE_URL TOKEN");
const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });

const page = await client.GET("/rides", { params: { query: { limit: 2, sort: "startedAt" } } });
assert.equal(page.response.status, 200);
const rides: components["schemas"]["RidePage"] = page.data!;
assert.ok(rides.items.length > 0, "there are rides");

const first = rides.items[0]!;
const one = await client.GET("/rides/{ride}", { params: { path: { ride: first.rideId } } });
assert.equal(one.response.status, 200);
assert.equal(one.data!.rideId, first.rideId);
assert.equal(typeof one.data!.readings, "number");

const missing = await client.GET("/rides/{ride}", { params: { path: { ride: 1 } } });
assert.equal(missing.response.status, 404);
const problem: components["schemas"]["Problem"] = missing.error!;
assert.equal(problem.status, 404);

for (const call of [
  client.GET("/riders", {}),
  client.GET("/bikes", {}),
  client.GET("/alerts", {}),
  client.GET("/quarantine", {}),
  client.GET("/reports", {}),
  client.GET("/days/{date}", { params: { path: { date: "today" } } }),
]) {
  const { response } = await call;
  assert.equal(response.status, 200, response.url);
}
console.log(`asked as ${rides.items.length} rides`);
