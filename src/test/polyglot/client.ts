// Asks every operation of a live gateway with types generated from openapi.yaml, and prints which it asked.
// Arguments: base URL, token.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./gateway.js";

const [baseUrl, token] = process.argv.slice(2);
assert(baseUrl && token, "usage: client.js BASE_URL TOKEN");
const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });

client.use({ onRequest: ({ request, schemaPath }) => console.log(`${request.method} ${schemaPath}`) });

interface Answer<T> {
  data?: T;
  error?: components["schemas"]["Problem"];
  response: Response;
}

async function answers<T>(status: number, call: Promise<Answer<T>>): Promise<Answer<T>> {
  const answer = await call;
  assert.equal(answer.response.status, status, `${answer.response.url}: ${JSON.stringify(answer.error)}`);
  return answer;
}

async function data<T>(call: Promise<Answer<T>>, status = 200): Promise<T> {
  return (await answers(status, call)).data!;
}

async function refused(status: number, call: Promise<Answer<unknown>>): Promise<void> {
  const problem: components["schemas"]["Problem"] = (await answers(status, call)).error!;
  assert.equal(problem.status, status);
}

const firstPage = { params: { query: { limit: 2 } } };
const rides = await data(client.GET("/rides", firstPage));
assert(typeof rides === "object");
assert.equal(rides.items.length, 2);
await data(client.GET("/rides", { params: { query: { limit: 2, cursor: rides.next! } } }));
await refused(422, client.GET("/rides", { params: { query: { status: ["live"], sort: "-energyKj" } } }));

const ride = rides.items[0]!.rideId;
const ofRide = { params: { path: { ride } } };
const { data: one, response } = await answers(200, client.GET("/rides/{ride}", ofRide));
assert.equal(one!.rideId, ride);
assert.equal(typeof one!.readings, "number");
const known = { "If-None-Match": response.headers.get("ETag")! };
await answers(304, client.GET("/rides/{ride}", { ...ofRide, headers: known }));
await data(client.GET("/rides/{ride}/summary", ofRide));
const perMinute = { params: { path: { ride }, query: { step: 60 } } };
const readings = await data(client.GET("/rides/{ride}/readings", perMinute));
const asCsv = { headers: { Accept: "text/csv" }, parseAs: "text" } as const;
const csv = await data(client.GET("/rides/{ride}/readings", { ...perMinute, ...asCsv }));
assert(typeof readings === "object");
assert.equal(csv.trim().split("\r\n").length, readings.items.length + 1);
// The proxy passes binary bodies on as text.
const fit = await data(client.GET("/rides/{ride}/fit", { ...ofRide, parseAs: "text" }));
assert.match(String(fit), /^[^]+\.FIT/);
const listed = await data(client.GET("/rides", { ...firstPage, ...asCsv }));
assert.match(String(listed), /^ride_id,rider_id,/);
assert.match(await data(client.GET("/rides/{ride}/tcx", { ...ofRide, parseAs: "text" })), /<Trackpoint>/);
await refused(404, client.GET("/rides/{ride}", { params: { path: { ride: 1 } } }));
await refused(404, client.DELETE("/rides/{ride}", { params: { path: { ride: 1 } } }));

const riders = await data(client.GET("/riders", {}));
assert(typeof riders === "object");
const rider = riders.items[0]!.riderId;
const ofRider = { params: { path: { rider } } };
await data(client.GET("/riders/{rider}", ofRider));
await data(client.GET("/riders/{rider}/rides", ofRider));
await data(client.GET("/riders/{rider}/data", ofRider));
await data(client.PUT("/riders/{rider}/alert-settings", { ...ofRider, body: { maxBpm: 175, optOut: false } }));
assert.equal((await data(client.GET("/riders/{rider}/alert-settings", ofRider))).maxBpm, 175);
await answers(204, client.DELETE("/riders/{rider}/alert-settings", ofRider));
await refused(404, client.DELETE("/riders/{rider}", { params: { path: { rider: 1 } } }));

// This token has the scope self but names no rider.
await refused(403, client.GET("/me", {}));

const today = { params: { path: { date: "today" } } };
await data(client.GET("/days/{date}", today));
await data(client.GET("/days/{date}/rides", today));
await data(client.GET("/days/{date}/leaderboard", today));
await data(client.GET("/days/{date}/durations", today));
await data(client.GET("/days/{date}/cities", today));

await data(client.GET("/alerts", {}));
const ofAlert = { params: { path: { alert: "1-1" } } };
await refused(404, client.GET("/alerts/{alert}", ofAlert));
await refused(404, client.PUT("/alerts/{alert}/acknowledgement", ofAlert));
await refused(403, client.PUT("/alerts/{alert}/rider-answer", { ...ofAlert, body: { answer: "sensor_fault" } }));

const acknowledgement = { raisedBefore: "2026-01-01T00:00:00Z", comment: "Test" };
await data(client.POST("/alert-acknowledgements", { body: acknowledgement }), 201);
const ofAcknowledgement = { params: { path: { acknowledgement: 9007199254740991 } } };
await refused(404, client.DELETE("/alert-acknowledgements/{acknowledgement}", ofAcknowledgement));
const endsAt = new Date(Date.now() + 60_000).toISOString();
const created = await data(client.POST("/silences", { body: { bike: "SN0007", endsAt, comment: "Test" } }), 201);
assert.equal((await data(client.GET("/silences", { params: { query: { state: "active" } } }))).items.length, 1);
await answers(204, client.DELETE("/silences/{silence}", { params: { path: { silence: created.silenceId } } }));
const wall = await data(client.POST("/wall-tokens", { body: { label: "Screen" } }), 201);
assert.match(wall.token ?? "", /^wall_/);
assert.equal((await data(client.GET("/wall-tokens"))).items[0]?.label, "Screen");
await answers(204, client.DELETE("/wall-tokens/{wall}", { params: { path: { wall: wall.wallTokenId } } }));

await data(client.GET("/alert-policies", { params: { query: { during: "today" } } }));
await data(client.GET("/status", {}));
await data(client.GET("/webhooks", {}));
await refused(404, client.POST("/webhooks/{webhook}/enable", { params: { path: { webhook: "none" } } }));

await data(client.GET("/quarantine", {}));
const ofRecord = { params: { path: { record: "1-1" } } };
await refused(404, client.GET("/quarantine/{record}", ofRecord));
await refused(404, client.POST("/quarantine/{record}/replay", ofRecord));

await data(client.GET("/bikes", {}));
await data(client.GET("/bikes/{bike}", { params: { path: { bike: "SN0007" } } }));

const ofReport = { params: { path: { date: "2026-01-02" } } };
await refused(404, client.GET("/reports/{date}", ofReport));
await data(client.POST("/reports/{date}/run", ofReport), 202);
await data(client.GET("/reports", {}));
await data(client.GET("/reports/{date}", ofReport));
await data(client.GET("/tableau/{file}", { params: { path: { file: "deloton.twb" } }, parseAs: "text" }));
