#!/usr/bin/env bash
# Dumps the database, restores the dump as another database of the same server, compares the row counts of all tables, and drops
# the copy. Rows that gateways add while the dump is taken are no difference: both counts are of the dump's snapshot.
# usage: restore-drill.sh postgresql://OWNER:PASSWORD@HOST:PORT/DATABASE    (an owner who may create databases)
set -euo pipefail
[ $# = 1 ] || { echo "usage: restore-drill.sh postgresql://OWNER:PASSWORD@HOST:PORT/DATABASE" >&2; exit 2; }
url=$1
copy=restore_drill_$$
work=$(mktemp -d)
snapshot_session=

drop() {
    [ -z "$snapshot_session" ] || kill "$snapshot_session" 2> /dev/null || true
    psql --quiet --dbname="$url" --command="DROP DATABASE IF EXISTS $copy WITH (FORCE)" 2> /dev/null || true
    rm -rf "$work"
}
trap drop EXIT

server=$(psql --dbname="$url" --tuples-only --no-align --command="SHOW server_version_num")
client=$(pg_dump --version | grep -o '[0-9]\+' | head -n 1)
if [ "$client" -lt $((server / 10000)) ]; then
    echo "pg_dump $client cannot dump PostgreSQL $((server / 10000)); install its client programs" >&2
    exit 3
fi

counts() { # DATABASE_URL SNAPSHOT; one line a table
    {
        echo "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
        [ -z "$2" ] || echo "SET TRANSACTION SNAPSHOT '$2';"
        psql --dbname="$1" --tuples-only --no-align --command="
            SELECT format('SELECT %L, count(*) FROM %I.%I;', n.nspname || '.' || c.relname, n.nspname, c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        echo "COMMIT;"
    } | psql --dbname="$1" --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1
}

# A session that holds the snapshot of the dump until the rows are counted.
mkfifo "$work/commands"
psql --dbname="$url" --quiet --tuples-only --no-align < "$work/commands" > "$work/snapshot" &
snapshot_session=$!
exec 3> "$work/commands"
echo "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot();" >&3
for _ in $(seq 100); do
    [ -s "$work/snapshot" ] && break
    sleep 0.1
done
snapshot=$(cat "$work/snapshot")

began=$(date +%s)
pg_dump --format=custom --snapshot="$snapshot" --file="$work/dump" --dbname="$url"
dumped=$(date +%s)
counts "$url" "$snapshot" > "$work/before"
exec 3>&-
psql --quiet --dbname="$url" --command="CREATE DATABASE $copy"
copy_url=$(echo "$url" | sed -E "s#(://[^/]*/)[^?]*#\\1$copy#")
pg_restore --exit-on-error --no-owner --dbname="$copy_url" "$work/dump"
restored=$(date +%s)
counts "$copy_url" "" > "$work/after"

if ! diff "$work/before" "$work/after"; then
    echo "The restored database differs." >&2
    exit 1
fi
echo "$(wc -l < "$work/after") tables are equal; dump $((dumped - began)) s, $(du -h "$work/dump" | cut -f1); restore $((restored - dumped)) s"
