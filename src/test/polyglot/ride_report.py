"""What RideReport.java does, with the Python client of openapi-generator. Arguments: base URL, token, token without scopes for rides."""
import sys
from datetime import datetime, timedelta, timezone

import deloton


def client(token):
    configuration = deloton.Configuration(host=sys.argv[1])
    made = deloton.ApiClient(configuration)
    made.set_default_header("Authorization", "Bearer " + token)
    return made


def refusal(token):
    try:
        return deloton.RidesApi(client(token)).get_ride(1)
    except deloton.ApiException as e:
        problem = deloton.Problem.from_json(e.body)
        return f"{e.status} {problem.status} {problem.title}"


rides = deloton.RidesApi(client(sys.argv[2]))
found, cursor = [], None
while not found or cursor is not None:
    page = rides.list_rides(
        bike="SN0007",
        gender=["female", "other"],
        var_from=datetime.now(timezone.utc) - timedelta(days=2),
        sort="startedAt",
        limit=2,
        cursor=cursor,
    )
    found += page.items
    cursor = page.next
for ride in found:
    print(f"ride {ride.ride_id} of {ride.rider.name}: {ride.status}, {ride.duration_s} s, {ride.energy_kj:.1f} kJ")

last = rides.get_ride(found[-1].ride_id)
started = last.started_at - datetime.fromtimestamp(0, timezone.utc)
print(f"last {last.ride_id} at {started // timedelta(milliseconds=1)}")
for reading in rides.get_readings(last.ride_id, step=60).items:
    print(f"minute {reading.elapsed_s // 60}: {reading.heart_rate_bpm:.1f} bpm, {reading.power_w:.1f} W")
assert "<Trackpoint>" in str(rides.export_tcx(last.ride_id))

for rider in deloton.RidersApi(client(sys.argv[2])).list_riders().items:
    print(f"rider {rider.rider_id}: {rider.name}, {rider.gender}, born {rider.date_of_birth}")

print("no ride: " + refusal(sys.argv[2]))
print("no scope: " + refusal(sys.argv[3]))
