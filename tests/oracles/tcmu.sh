# tcmu.sh - read by scripts of the guest: the DVD-RAM drive of tcmu-runner, with 500 MB in memory, as the next /dev/sr.
mount -t configfs configfs /sys/kernel/config
mkdir -p /run/lock /run/dbus /var/log /etc/tcmu
step 'a message bus' 20 dbus-daemon --system --fork --nopidfile
tcmu-runner -d >/tmp/tcmu.log 2>&1 &
sleep 3
target=/sys/kernel/config/target
mkdir -p $target/core/user_0/disc
truncate -s 500M /tmp/ram.img
echo -n "dev_size=$((500 * 1048576)),dev_config=fbo//tmp/ram.img" >$target/core/user_0/disc/control
echo -n 1 >$target/core/user_0/disc/enable
port=$target/loopback/naa.5001405000000001/tpgt_1
mkdir -p $port/lun/lun_0
echo -n naa.5001405000000002 >$port/nexus
ln -s $target/core/user_0/disc $port/lun/lun_0/port
drive 0
[ -b /dev/sr0 ] || step 'a drive' 10 sh -c 'tail -n 30 /tmp/tcmu.log /var/log/tcmu-runner.log; dmesg | tail -n 20; find "$0" | tail -n 20; exit 1' "$target"
