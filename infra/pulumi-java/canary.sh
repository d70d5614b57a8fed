#!/usr/bin/env bash
# Checks a gateway from outside: the page, the API's contract, the refusal of requests without a token, and that health and metrics
# are not public. Prints one line a check; ends with 1 if one fails.
# usage: canary.sh https://bikes.example.com
set -euo pipefail
[ $# = 1 ] && [ -n "$1" ] || { echo "usage: canary.sh https://bikes.example.com" >&2; exit 2; }
url=${1%/}
failed=0

check() { # PATH STATUS [TEXT that the body must contain]
    local body status
    body=$(mktemp)
    status=$(curl --silent --max-time 10 --retry 3 --retry-connrefused --output "$body" --write-out '%{http_code}' \
        --path-as-is "$url$1") || true
    if [ "$status" = "$2" ] && { [ $# -lt 3 ] || grep -qF "$3" "$body"; }; then
        echo "ok    $1 $status"
    else
        echo "FAIL  $1 is $status; expected $2${3:+ with '$3'}" >&2
        failed=1
    fi
    rm -f "$body"
}

check / 200 "<title>"
check /openapi.yaml 200 "openapi:"
check /live/config 200
check /v1/rides 401
check /metrics 404
check /health/ready 404
check /v1/../metrics 404
exit $failed
