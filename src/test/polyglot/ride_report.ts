// What RideReport.java does, with the TypeScript client of openapi-generator. Arguments: base URL, token, token without scopes for rides.
import { Configuration, ProblemFromJSON, ResponseError, type Ride, RidersApi, RidesApi } from "./fetch-client/index.js";

const [basePath = "", token = "", tokenWithoutScope = ""] = process.argv.slice(2);
const configuration = (accessToken: string) => new Configuration({ basePath, accessToken });
const rides = new RidesApi(configuration(token));

async function refusal(accessToken: string): Promise<string> {
  try {
    return "none: " + JSON.stringify(await new RidesApi(configuration(accessToken)).getRide({ ride: 1 }));
  } catch (e) {
    if (!(e instanceof ResponseError)) throw e;
    const problem = ProblemFromJSON(await e.response.json());
    return `${e.response.status} ${problem.status} ${problem.title}`;
  }
}

const found: Ride[] = [];
let cursor: string | undefined;
do {
  const page = await rides.listRides({
    bike: "SN0007",
    gender: ["female", "other"],
    from: new Date(Date.now() - 2 * 86_400_000),
    sort: "startedAt",
    limit: 2,
    ...(cursor && { cursor }),
  });
  found.push(...page.items);
  cursor = page.next;
} while (cursor);
for (const ride of found) {
  console.log(`ride ${ride.rideId} of ${ride.rider?.name}: ${ride.status}, ${ride.durationS} s, ${ride.energyKj?.toFixed(1)} kJ`);
}

const last = await rides.getRide({ ride: found.at(-1)!.rideId });
console.log(`last ${last.rideId} at ${last.startedAt.getTime()}`);
for (const reading of (await rides.getReadings({ ride: last.rideId, step: 60 })).items) {
  const minute = Math.floor(reading.elapsedS / 60);
  console.log(`minute ${minute}: ${reading.heartRateBpm?.toFixed(1)} bpm, ${reading.powerW?.toFixed(1)} W`);
}

for (const rider of (await new RidersApi(configuration(token)).listRiders()).items) {
  const born = rider.dateOfBirth?.toISOString().slice(0, 10);
  console.log(`rider ${rider.riderId}: ${rider.name}, ${rider.gender}, born ${born}`);
}

console.log("no ride: " + (await refusal(token)));
console.log("no scope: " + (await refusal(tokenWithoutScope)));
