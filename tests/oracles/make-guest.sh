#!/bin/bash
# make-guest.sh PACKAGES FOLDER INIT - from Debian's unpacked kernel package in PACKAGES makes FOLDER/vmlinux and
# FOLDER/root.cpio: busybox, the modules for a SCSI CD-ROM, disks and their file systems, and INIT as the first process.
set -euo pipefail
packages=$1 folder=$2 init=$3
export PATH=$PATH:/sbin:/usr/sbin
modules="virtio_pci virtio_scsi virtio_blk virtio_console sr_mod isofs udf nls_utf8 nls_iso8859-1"

release=$(basename "$packages"/boot/vmlinuz-*)
release=${release#vmlinuz-}
depmod -b "$packages" "$release"
python3 "$(dirname "$0")/unpack-kernel.py" "$packages/boot/vmlinuz-$release" "$folder/vmlinux"

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{bin,dev,lib/mod,mnt,proc,sys,tmp}
cp "$(command -v busybox)" "$root/bin/busybox"
install -m 755 "$init" "$root/init"
for module in $modules; do
  modprobe -d "$packages" -S "$release" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | awk '!seen[$0]++' | while read -r file; do
  cp "$file" "$root/lib/mod/"
  echo "/lib/mod/${file##*/}" >>"$root/lib/mod/order"
done
(cd "$root" && find . | cpio --quiet -o -H newc) >"$folder/root.part"
mv "$folder/root.part" "$folder/root.cpio"
