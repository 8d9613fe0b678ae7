#!/bin/busybox sh
# The first process of guests that carry out a script: the one on the first disk. The lines that come of it, on the virtio
# serial port, are those that tests/src/scripts.rs reads.
/bin/busybox --install -s /busybox
export PATH=/usr/bin:/bin:/usr/sbin:/sbin:/busybox HOME=/tmp LC_ALL=C.UTF-8
[ -e /bin/sh ] || ln -s busybox /bin/sh
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /tmp
ln -sfn /proc/self/fd /dev/fd
[ -e /etc/passwd ] || printf 'root:x:0:0::/root:/bin/sh\nmessagebus:x:100:100::/:/bin/false\n' >/etc/passwd
[ -e /etc/group ] || printf 'root:x:0:\nmessagebus:x:100:\n' >/etc/group
while read -r module; do insmod "$module"; done </lib/mod/order

waited=0
while [ ! -b /dev/vda ] || [ -z "$(ls /dev/vport*p1 2>/dev/null)" ]; do
  waited=$((waited + 1))
  [ $waited -gt 100 ] && { echo "no disk or no port"; poweroff -f; }
  sleep 0.2
done
exec 3>"$(ls /dev/vport*p1)"
echo "kernel $(uname -r)" >&3

# Waits for the drive /dev/sr$1.
drive() {
  tries=0
  while [ ! -b "/dev/sr$1" ] && [ $tries -lt 100 ]; do tries=$((tries + 1)); sleep 0.2; done
}

# Has the kernel find the drive anew, where it is not told of a change.
anew() {
  echo 1 >"/sys/block/sr$1/device/delete"
  for host in /sys/class/scsi_host/host*; do echo "- - -" >"$host/scan"; done
  drive "$1"
}

# Runs a command and tells how it ended and what it said: step NAME SECONDS COMMAND...
step() {
  name=$1 limit=$2
  shift 2
  timeout "$limit" "$@" >"/tmp/said$lane" 2>&1 </dev/null
  status=$?
  echo "step $status $name" >&3
  tr '\r\b\000' '\n\n?' <"/tmp/said$lane" | sed 's/^/said /' >&3
}

# Calls functions task_0 to task_N, LANES of them side by side, and tells what each of them tells, in order: lanes LANES N
lanes() {
  for lane in $(seq 1 "$1"); do
    (
      number=$((lane - 1))
      while [ $number -le "$2" ]; do
        "task_$number" 3>"/tmp/told$number"
        number=$((number + $1))
      done
    ) &
  done
  wait
  lane=
  for number in $(seq 0 "$2"); do cat "/tmp/told$number" >&3; done
}

# Out and in again: the kernel learns what a disc holds when it is put in.
reload() {
  sg_start --eject "$1" >/dev/null 2>&1
  sg_start --load "$1" >/dev/null 2>&1
  # Opening it makes the kernel look.
  dd if="$1" of=/dev/null count=0 2>/dev/null
}

# The SHA-256 of the first $2 blocks of a drive from block $3 on, read as a file: hash DRIVE BLOCKS START
hash() {
  blockdev --flushbufs "$1" 2>/dev/null
  echo "hash $(dd if="$1" bs=2048 skip="${3:-0}" count="$2" 2>/dev/null | sha256sum | cut -d' ' -f1) $1" >&3
}

tr -d '\000' </dev/vda >/tmp/script
. /tmp/script
dmesg | grep -iE 'sr[0-9]|i/o error' | sed 's/^/kernel-said /' >&3
echo "end" >&3
exec 3>&-
sync
poweroff -f
