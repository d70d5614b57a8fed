#!/bin/sh
# Runs the image's file system without a container engine, as Fargate does: uid 10001, a read-only root, an empty volume at
# /tmp. The volume has first the mode of the folder in the image, with which the gateway must get as far as its database, and
# then the mode of a volume that the image does not declare (0755, root), with which it must fail. Needs root, for mounts.
# usage: rootfs-test.sh ROOTFS
set -eu
root=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() { # MODE: prints what the gateway says
    mkdir -p "$work/layers" "$work/root"
    unshare --mount sh -eu -c '
        mode=$1 root=$2 work=$3
        mount -t tmpfs layers "$work/layers"
        mkdir "$work/layers/upper" "$work/layers/work"
        mount -t overlay overlay -o "lowerdir=$root,upperdir=$work/layers/upper,workdir=$work/layers/work" "$work/root"
        mkdir -p "$work/root/proc" "$work/root/dev"
        mount --bind /proc "$work/root/proc"
        mount --bind /dev "$work/root/dev"
        mount -o remount,ro "$work/root"
        mount -t tmpfs -o "mode=$mode,uid=0,gid=0" tmp "$work/root/tmp"
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DELOTON_GATEWAY_ROLES=ingest DELOTON_KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:1 \
            DELOTON_DATABASE_HOST=127.0.0.1 DELOTON_DATABASE_PORT=1 DELOTON_DATABASE_USER=deloton \
            DELOTON_DATABASE_PASSWORD=none DELOTON_HTTP_PORT=0 DELOTON_HTTP_MANAGEMENT_PORT=0 \
            chroot --userspec=10001:10001 "$work/root" /opt/java/bin/java --enable-native-access=ALL-UNNAMED \
            --sun-misc-unsafe-memory-access=allow -Djava.io.tmpdir=/tmp -jar /app/deloton-gateway.jar serve
    ' sh "$1" "$root" "$work" 2>&1 || true
}

mode=$(stat -c %a "$root/tmp")
declared=$(run "$mode")
undeclared=$(run 755)
case $declared in
*"Unable to create folder"*) echo "rootfs-test.sh: /tmp with mode $mode cannot be written:" >&2 && echo "$declared" >&2 && exit 1 ;;
*"Connection refused"*) ;;
*) echo "rootfs-test.sh: the gateway did not get as far as its database:" >&2 && echo "$declared" >&2 && exit 1 ;;
esac
case $undeclared in
*"Unable to create folder"* | *"AccessDenied"*) ;;
*) echo "rootfs-test.sh: a /tmp that cannot be written went unnoticed:" >&2 && echo "$undeclared" >&2 && exit 1 ;;
esac
echo "rootfs-test.sh: uid 10001, read-only root, /tmp with mode $mode: the gateway starts"
