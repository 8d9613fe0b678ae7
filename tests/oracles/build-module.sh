#!/bin/bash
# build-module.sh KERNEL HEADERS PROGRAMS NAME MODULE - builds the kernel module NAME from its source under PROGRAMS/usr/src with
# Debian's headers, unpacked to HEADERS, for the kernel unpacked to KERNEL; keeps it as MODULE and among that kernel's modules.
set -euo pipefail
kernel=$1 headers=$2 programs=$3 name=$4 module=$5
release=$(basename "$kernel"/boot/vmlinuz-*)
release=${release#vmlinuz-}
tree=$headers/usr/src/linux-headers-$release
[ -d "$tree" ] || { echo "headers and kernel are of different releases: $(ls "$headers/usr/src"), $release" >&2; exit 1; }
# The headers expect to be where they are installed.
sed -i "s# /usr/src/# $headers/usr/src/#; s#^include /usr/src/#include $headers/usr/src/#" "$tree/Makefile"
for kbuild in "$headers"/usr/lib/linux-kbuild-* /usr/lib/linux-kbuild-*; do
  [ ! -d "$kbuild" ] || break
done
for link in scripts tools; do
  [ ! -L "$tree/$link" ] || ln -sfn "$kbuild/$link" "$tree/$link"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$programs"/usr/src/"$name"-*/. "$work/"
LD_LIBRARY_PATH=$headers/usr/lib/x86_64-linux-gnu make -s -C "$tree" M="$work" modules >&2
install -D -m 644 "$work/$name.ko" "$kernel/lib/modules/$release/extra/$name.ko"
install -m 644 "$work/$name.ko" "$module"
