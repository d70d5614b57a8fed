#!/bin/sh
# Lays out the image's file system from the packed jar and starts it as Fargate does (rootfs-test.sh). Prints a line that starts
# with "SKIPPED:" where that is not possible: it needs root, mounts in a namespace of its own, and a JDK with jlink.
# usage: check.sh [JAR]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
jar=${1:-$here/../../../target/deloton-gateway.jar}
for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    if [ -x "$home/bin/jlink" ] && "$home/bin/java" -version 2>&1 | grep -q '"2[5-9]'; then
        JAVA_HOME=$home
        break
    fi
done
skip() { echo "SKIPPED: the start of the image's file system needs $1"; exit 0; }
[ "$(id -u)" = 0 ] || skip "root"
[ -x "${JAVA_HOME:-}/bin/jlink" ] || skip "a JDK 25 with jlink"
export JAVA_HOME

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unshare --mount sh -eu -c '
    mount -t tmpfs layers "$1"
    mkdir "$1/lower" "$1/upper" "$1/work" "$1/root"
    mount -t overlay overlay -o "lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work" "$1/root"
' sh "$work" 2> /dev/null || skip "mounts of tmpfs and overlay in a namespace of its own"
"$JAVA_HOME/bin/javac" -d "$work/probe" $(find "$here/src/main/java" -name '*.java')
"$here/rootfs.sh" "$jar" "$work/probe" "$work/rootfs"
"$here/rootfs-test.sh" "$work/rootfs"
