#!/bin/sh
# Slurm 22.05.8 (Debian 12: slurm-wlm 22.05.8-4+deb12u3, munge): three commands that exit 0 and did not do what they were asked.
#
# scancel ID, where ID is the job id of a running task of an array, as squeue's JobID column and SLURM_JOB_ID in the task say it:
# exits 0, prints nothing, and the task runs on (releases of 23.02 mended that). squeue --json -j ID: the filter is ignored, every
# job is listed (24.05 mended that). squeue -O with a field that this version does not know: an empty column; who sees only
# stdout and the exit code takes the field for empty.
#
# Brings up a Slurm of its own on loopback ports: root, slurm-wlm and munge are needed.
#
# Seen, 2026-11-30:
#   scancel RAW:        exit 0, RUNNING; by ARRAY_TASK: CANCELLED
#   squeue --json -j 1: exit 0, 3 jobs of 3
#   squeue -O unknown:  exit 0, "1||RUNNING|"
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

job() { sbatch --parsable --output=/dev/null "$@" --wrap 'sleep 600'; }
state() { squeue -h -t all -j "$1" -O 'State:|' | tr -d '|'; }
plain=$(job)
array=$(job --array=0-1)
until_true '[ "$(squeue -h -t running -O JobID | wc -l)" = 3 ]'

raw=$(squeue -h -t all -j "${array}_0" -O 'JobID:|' | tr -d '|')
code=0
scancel "$raw" || code=$?
sleep 3
after=$(state "${array}_0")
scancel "${array}_0"
until_true '[ "$(state "${array}_0")" != RUNNING ] && [ "$(state "${array}_0")" != COMPLETING ]'
{
  echo "scancel RAW:        exit $code, $after; by ARRAY_TASK: $(state "${array}_0")"
  code=0
  squeue --json -j "$plain" > all.json || code=$?
  echo "squeue --json -j 1: exit $code, $(grep -c '"array_job_id"' all.json) jobs of 3"
  code=0
  row=$(squeue -h -j "$plain" -O 'JobID:|,FieldOfTomorrow:|,State:|' 2> /dev/null) || code=$?
  echo "squeue -O unknown:  exit $code, \"$row\""
} > seen.txt
cat seen.txt
diff - seen.txt <<'EXPECTED'
scancel RAW:        exit 0, RUNNING; by ARRAY_TASK: CANCELLED
squeue --json -j 1: exit 0, 3 jobs of 3
squeue -O unknown:  exit 0, "1||RUNNING|"
EXPECTED
