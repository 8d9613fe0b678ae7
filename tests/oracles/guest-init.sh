#!/bin/busybox sh
# The first process of the guest: mounts the disc in every way that the kernel's command line names (views=...) and says on
# the virtio serial port what is there. The lines are those that tests/src/oracle/linux.rs reads. With fill=SIZE,SIZE...
# it mounts UDF volumes with blocks of these sizes and unpacks an archive into each, for tests/src/oracle/fill.rs.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
while read -r module; do insmod "$module"; done </lib/mod/order

argument() { sed -n "s/.*\b$1=\([^ ]*\).*/\1/p" /proc/cmdline; }
whole=$(argument whole) part=$(argument part) fill=$(argument fill)
drive=/dev/sr0
[ -n "$fill" ] && drive=/dev/vda

waited=0
while [ ! -b $drive ] || [ -z "$(ls /dev/vport*p1 2>/dev/null)" ]; do
  waited=$((waited + 1))
  [ $waited -gt 60 ] && { echo "no drive or no port"; poweroff -f; }
  sleep 0.2
done
exec 3>"$(ls /dev/vport*p1)"

echo "kernel $(uname -r)" >&3

# Parts of a file too large to be read whole: its start, its end, and around every GiB.
parts() { # PATH SIZE
  points="0 $(($2 - part))"
  at=1073741824
  while [ $at -lt "$2" ]; do points="$points $((at - part))"; at=$((at + 1073741824)); done
  for start in $points; do
    length=$((2 * part))
    [ $((start + length)) -gt "$2" ] && length=$(($2 - start))
    hash=$(tail -c +$((start + 1)) /dev/null; dd if="$1" iflag=skip_bytes,count_bytes bs=64k skip=$start count=$length 2>>/tmp/errors | sha256sum)
    echo "part $start $length ${hash%% *} $1" >&3
  done
}

survey() {
  cd /mnt || return
  find . -mindepth 1 -type f ! -size +$((whole / 1024))k -print0 | xargs -0 -r sha256sum >/tmp/hashes 2>/tmp/errors
  sed 's/^/hash /' /tmp/hashes >&3
  find . -mindepth 1 ! -type l -print0 | xargs -0 -r stat -c 'entry %F|%s|%n' 2>>/tmp/errors >&3
  find . -mindepth 1 -type l | while IFS= read -r link; do
    echo "entry symbolic link|0|$link|$(readlink "$link")" >&3
  done
  find . -mindepth 1 -type f -size +$((whole / 1024))k | while IFS= read -r large; do
    parts "$large" "$(stat -c %s "$large")"
  done
  grep -vE '^[0-9]+\+[0-9]+ records' /tmp/errors | sed 's/^/complaint /' >&3
  dmesg | grep -iE 'udf|isofs|iso ?9660|i/o error|attempt to|sr0' | grep -vE 'mounting volume|ISO 9660 Extensions: ' |
    sed 's/^/complaint kernel: /' >&3
  cd /
}

# The archive is on the first drive, the volumes are on those after it.
number=0
for size in $(echo "$fill" | tr ',' ' '); do
  number=$((number + 1))
  volume=/dev/vd$(echo bcdefghijklmnopqrstuvwxyz | cut -c $number)
  dmesg -c >/dev/null
  if mount -t udf -o iocharset=utf8,bs=$size $volume /mnt 2>/tmp/errors; then
    if tar -xf /dev/vda -C /mnt 2>>/tmp/errors && umount /mnt 2>>/tmp/errors; then
      echo "filled $number" >&3
    else
      echo "refused $(tr '\n' ' ' </tmp/errors)" >&3
      umount /mnt
    fi
  else
    echo "refused $(tr '\n' ' ' </tmp/errors) $(dmesg | tail -3 | tr '\n' ' ')" >&3
  fi
done

for view in $(argument views | tr ',' ' '); do
  case $view in
    plain) type=iso9660 options=ro,norock,nojoliet,map=off,check=strict ;;
    rock-ridge) type=iso9660 options=ro,nojoliet ;;
    joliet) type=iso9660 options=ro,norock,iocharset=utf8,check=strict ;;
    udf) type=udf options=ro,iocharset=utf8 ;;
  esac
  dmesg -c >/dev/null
  echo "view $view" >&3
  if mount -t $type -o $options /dev/sr0 /mnt 2>/tmp/errors; then
    survey
    umount /mnt
  else
    echo "refused $(cat /tmp/errors) $(dmesg | tail -3 | tr '\n' ' ')" >&3
  fi
done
echo "end" >&3
exec 3>&-
sync
poweroff -f
