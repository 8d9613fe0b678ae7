#!/bin/bash
# make-guest.sh PACKAGES ROOT INIT MODULES [PROGRAMS] - from Debian's unpacked kernel package in PACKAGES makes the cpio archive
# ROOT: busybox, MODULES with all that they need, and INIT as the first process; and vmlinux beside it. With PROGRAMS, a folder
# that packages were unpacked to, all that is in it comes along, but for documentation.
set -euo pipefail
packages=$1 out=$2 init=$3 modules=$4 programs=${5:-}
export PATH=$PATH:/sbin:/usr/sbin

release=$(basename "$packages"/boot/vmlinuz-*)
release=${release#vmlinuz-}
depmod -b "$packages" "$release"
kernel=$(dirname "$out")/vmlinux
[ "$kernel" -nt "$packages/.complete" ] || {
  python3 "$(dirname "$0")/unpack-kernel.py" "$packages/boot/vmlinuz-$release" "$kernel.part"
  mv "$kernel.part" "$kernel"
}

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
[ -z "$programs" ] || tar -C "$programs" --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale \
  --exclude=./.complete -cf - . | tar -C "$root" -xf -
mkdir -p "$root"/{bin,busybox,dev,lib/mod,mnt,proc,run,sys,tmp}
cp "$(command -v busybox)" "$root/bin/busybox"
install -m 755 "$init" "$root/init"
for module in $modules; do
  modprobe -d "$packages" -S "$release" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | awk '!seen[$0]++' | while read -r file; do
  cp "$file" "$root/lib/mod/"
  echo "/lib/mod/${file##*/}" >>"$root/lib/mod/order"
done
# Programs that ask for a module find that it is there.
mkdir -p "$root/lib/modules/$release"
cp "$packages/lib/modules/$release"/modules.*.bin "$root/lib/modules/$release/"
(cd "$root" && find . | cpio --quiet -o -H newc) >"$out.part"
mv "$out.part" "$out"
