#!/bin/sh
# Lays out the image's file system: a trimmed Java runtime, the few glibc files it needs, the jar, a user.
# usage: rootfs.sh JAR PROBE_CLASSES OUTPUT [MSK_IAM_JAR [RDS_CA]]; the JDK is Maven's toolchain, else JAVA_HOME
set -eu
java_home=${TOOLCHAIN_JAVA_HOME:-$JAVA_HOME}
jar=$1 probe=$2 root=$3 msk=${4:-} rds_ca=${5:-}

[ -f "$jar" ] || { echo "rootfs.sh: $jar is missing; build the gateway first" >&2; exit 1; }
rm -rf "$root"
mkdir -p "$root/opt" "$root/app/probe" "$root/etc/deloton" "$root/tmp" "$root/lib64"
chmod 777 "$root/tmp"

modules=java.base,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.jfr,jdk.localedata,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs
# Vert.x names java.compiler for verticles that are deployed as source; there are none.
for archive in "$jar" ${msk:+"$msk"}; do
    needed="${needed:-} $("$java_home/bin/jdeps" --print-module-deps --ignore-missing-deps --multi-release 25 "$archive" | tr , ' ')"
done
for module in $needed; do
    case ",$modules,java.compiler," in
    *",$module,"*) ;;
    *) echo "rootfs.sh: the jar needs the module $module; add it here and in the Dockerfile" >&2 && exit 1 ;;
    esac
done
"$java_home/bin/jlink" --output "$root/opt/java" --strip-debug --no-header-files --no-man-pages --compress zip-6 \
    --include-locales=en,en-GB --add-modules "$modules"

case $(uname -m) in
aarch64) library_path=/lib/aarch64-linux-gnu loader=/lib/ld-linux-aarch64.so.1 ;;
*) library_path=/lib/x86_64-linux-gnu loader=/lib64/ld-linux-x86-64.so.2 ;;
esac
mkdir -p "$root$library_path"
for library in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2 libnss_dns.so.2 libnss_files.so.2; do
    cp -L "$library_path/$library" "$root$library_path/"
done
cp -L "$loader" "$root$loader"

echo 'deloton:x:10001:10001::/app:/nonexistent' > "$root/etc/passwd"
echo 'deloton:x:10001:' > "$root/etc/group"
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"
cp "$jar" "$root/app/deloton-gateway.jar"
cp -R "$probe/." "$root/app/probe/"
if [ -n "$rds_ca" ]; then
    cp "$rds_ca" "$root/etc/deloton/rds-ca.pem"
else
    echo "rootfs.sh: no -Drds.ca=FILE: the image cannot verify Amazon RDS's certificate" >&2
fi
# The client by which the command topics authenticates at Amazon MSK, as /app/msk/aws-msk-iam-auth.jar; the gateway does not use it.
if [ -n "$msk" ]; then
    mkdir "$root/app/msk"
    cp "$msk" "$root/app/msk/aws-msk-iam-auth.jar"
fi
