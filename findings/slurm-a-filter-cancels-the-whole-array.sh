#!/bin/sh
# Slurm 22.05.8 (Debian 12: slurm-wlm 22.05.8-4+deb12u3, munge): a filter that is meant to make scancel safer has it cancel more.
#
# scancel ARRAY_TASK of a task that waits cancels that task. With a filter beside it that the task passes (--me, --name, --state),
# the same command cancels every task of the array that waits in the same record, and exits 0: who guards a cancellation
# so loses the array. A cancelled waiting task leaves no record of its own.
#
# Brings up a Slurm of its own on loopback ports: root, slurm-wlm and munge are needed.
#
# Seen, 2026-11-30 (tasks of 0-9 that still wait after task 7 was to be cancelled):
#   scancel ID_7:                   exit 0, 9 wait
#   scancel --me ID_7:              exit 0, 0 wait
#   scancel --state=PENDING ID_7:   exit 0, 0 wait
set -eu
[ "$(id -u)" = 0 ] || { echo 'run this as root' >&2; exit 1; }
[ "$(slurmctld -V 2> /dev/null)" = 'slurm-wlm 22.05.8' ] || { echo 'install slurm-wlm 22.05.8 and munge, as in Debian 12' >&2; exit 1; }
folder=$(mktemp -d)
daemons=
end() {
  # Its jobs would outlive it.
  [ ! -S socket ] || scancel --me 2> /dev/null && sleep 2 || :
  kill -9 $daemons 2> /dev/null || :
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' INT TERM
cd "$folder"
chmod 755 .
mkdir state spool

port=$((20000 + $$ % 20000))
host=$(hostname)
cat > slurm.conf <<CONFIG
ClusterName=try
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=$port
AuthInfo=socket=$folder/socket
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
NodeName=node1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=4 State=UNKNOWN
PartitionName=main Nodes=node1 Default=YES State=UP
CONFIG
export SLURM_CONF="$folder/slurm.conf"
head -c 128 /dev/urandom > key
chmod 600 key
start() {
  "$@" >> daemons.log 2>&1 &
  daemons="$daemons $!"
}
# Gives up after half a minute.
until_true() {
  tries=0
  until eval "$1"; do
    tries=$((tries + 1))
    [ "$tries" -lt 150 ] || { echo "never so: $1" >&2; cat daemons.log >&2; exit 1; }
    sleep 0.2
  done
}
start munged -F -S "$folder/socket" --key-file="$folder/key" --pid-file="$folder/pid" --log-file="$folder/munge.log" --seed-file="$folder/seed"
until_true '[ -S socket ]'
start slurmctld -D
start slurmd -D -N node1
until_true 'sinfo -h -o %T 2> /dev/null | grep -q idle'

waiting() { squeue -h -r -t pending -j "$1" -O 'ArrayTaskID:|' 2> /dev/null | wc -l; }
attempt() {
  array=$(sbatch --parsable --hold --output=/dev/null --array=0-9 --wrap 'sleep 600')
  until_true '[ "$(waiting "$array")" = 10 ]'
  code=0
  scancel "$@" "${array}_7" || code=$?
  sleep 3
  echo "exit $code, $(waiting "$array") wait"
  scancel "$array"
}
{
  echo "scancel ID_7:                   $(attempt)"
  echo "scancel --me ID_7:              $(attempt --me)"
  echo "scancel --state=PENDING ID_7:   $(attempt --state=PENDING)"
} > seen.txt
cat seen.txt
diff - seen.txt <<'EXPECTED'
scancel ID_7:                   exit 0, 9 wait
scancel --me ID_7:              exit 0, 0 wait
scancel --state=PENDING ID_7:   exit 0, 0 wait
EXPECTED
