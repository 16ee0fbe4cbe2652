#!/bin/sh
# Makes an unpacked Debian the root of this process, which must have mount and process namespaces of its own, and
# starts a program in it:  enter.sh ROOT PROJECT PROGRAM [ARGUMENT]...
# The project is at /project. Not by chroot: what dockerd starts would see the machine's own root.
set -eu
root=$1 project=$2
shift 2
mount --bind "$root" "$root"
cd "$root"
mkdir -p project old
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /sys/fs/cgroup sys/fs/cgroup
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mount --bind "$project" project
mount -o remount,bind,ro project
cp /etc/resolv.conf etc/resolv.conf
if command -v ip >/dev/null; then ip link set lo up; fi
pivot_root . old
umount --lazy /old
exec "$@" </dev/null
