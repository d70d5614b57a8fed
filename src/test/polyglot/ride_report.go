// What RideReport.java does, with the Go client of openapi-generator. Arguments: base URL, token, token without scopes for rides.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"deloton"
)

func client(token string) *deloton.APIClient {
	configuration := deloton.NewConfiguration()
	configuration.Servers = deloton.ServerConfigurations{{URL: os.Args[1]}}
	configuration.AddDefaultHeader("Authorization", "Bearer "+token)
	return deloton.NewAPIClient(configuration)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func refusal(token string) string {
	_, response, err := client(token).RidesAPI.GetRide(context.Background(), 1).Execute()
	failure, refused := err.(*deloton.GenericOpenAPIError)
	if !refused {
		return fmt.Sprint(err)
	}
	var problem deloton.Problem
	check(json.Unmarshal(failure.Body(), &problem))
	return fmt.Sprintf("%d %d %s", response.StatusCode, problem.GetStatus(), problem.GetTitle())
}

func main() {
	all := context.Background()
	api := client(os.Args[2])
	var found []deloton.Ride
	for cursor := ""; ; {
		request := api.RidesAPI.ListRides(all).Bike("SN0007").Gender([]string{"female", "other"}).Sort("startedAt").Limit(2)
		if cursor != "" {
			request = request.Cursor(cursor)
		}
		page, _, err := request.Execute()
		check(err)
		found = append(found, page.Items...)
		if cursor = page.GetNext(); cursor == "" {
			break
		}
	}
	for _, ride := range found {
		rider := ride.GetRider()
		fmt.Printf("ride %d of %s: %s, %d s, %.1f kJ\n", ride.GetRideId(), rider.GetName(), ride.GetStatus(), ride.GetDurationS(), ride.GetEnergyKj())
	}

	last, _, err := api.RidesAPI.GetRide(all, found[len(found)-1].GetRideId()).Execute()
	check(err)
	fmt.Printf("last %d at %d\n", last.GetRideId(), last.GetStartedAt().UnixMilli())
	readings, _, err := api.RidesAPI.GetReadings(all, last.GetRideId()).Step(60).Execute()
	check(err)
	for _, reading := range readings.Items {
		fmt.Printf("minute %d: %.1f bpm, %.1f W\n", reading.GetElapsedS()/60, reading.GetHeartRateBpm(), reading.GetPowerW())
	}

	riders, _, err := api.RidersAPI.ListRiders(all).Execute()
	check(err)
	for _, rider := range riders.Items {
		fmt.Printf("rider %d: %s, %s, born %s\n", rider.GetRiderId(), rider.GetName(), rider.GetGender(), rider.GetDateOfBirth())
	}

	fmt.Println("no ride: " + refusal(os.Args[2]))
	fmt.Println("no scope: " + refusal(os.Args[3]))
}
