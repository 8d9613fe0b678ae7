# cdemu.sh - read by scripts of the guest: a drive of CDEmu at /dev/sr0 that records into files.
mkdir -p /tmp/disc /run/dbus
step 'a message bus' 20 dbus-daemon --session --address=unix:path=/tmp/bus --fork --nopidfile
export DBUS_SESSION_BUS_ADDRESS=unix:path=/tmp/bus
emulator() {
  method=$1
  shift
  gdbus call --session -d net.sf.cdemu.CDEmuDaemon -o /Daemon -m "net.sf.cdemu.CDEmuDaemon.$method" "$@"
}

# A drive with a blank disc in it: disc MEDIUM WRITER (cdr74 cdr80 dvd+r bdr; ISO TOC). Each disc has a daemon of its own: the
# one of Debian does not survive a second disc that is written at once.
disc() {
  [ -z "$daemon" ] || { kill $daemon; wait $daemon; } 2>/dev/null
  tries=0
  while [ -b /dev/sr0 ] && [ $tries -lt 100 ]; do tries=$((tries + 1)); sleep 0.2; done
  rm -rf /tmp/disc/*
  recorded=/tmp/disc/disc.$(echo "$2" | tr A-Z a-z)
  # Debian's default mask tells of every command.
  cdemu-daemon --num-devices=1 --audio-driver=null --default-cdemu-debug-mask=0x2 --logfile=/tmp/cdemu.log \
    >/tmp/cdemu.out 2>&1 &
  daemon=$!
  tries=0
  until [ -b /dev/sr0 ] && emulator GetNumberOfDevices >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -gt 200 ] && break
    sleep 0.3
  done
  step "a blank $1" 60 gdbus call --session -d net.sf.cdemu.CDEmuDaemon -o /Daemon \
    -m net.sf.cdemu.CDEmuDaemon.DeviceCreateBlank 0 "$recorded" "{'writer-id': <'WRITER-$2'>, 'medium-type': <'$1'>}"
  sleep 1
}

# Out and in again: CDEmu tells the kernel of no change after a burn.
turn() {
  emulator DeviceUnload 0 >/dev/null && emulator DeviceLoad 0 "['$recorded']" "{}" >/dev/null
  sleep 1
}
