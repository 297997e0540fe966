#!/bin/sh
# OpenSSH 9.2p1 (Debian 12: 1:9.2p1-2+deb12u10) and an upload that is cut.
#
# `ssh HOST 'cat > part && mv part final'` is meant to put a file in place only once it is whole. When the client is gone in the midst of
# it, its end of the connection closes, and sshd closes the command's input: to cat that is the end of the file. It exits 0, and
# mv puts half a file over the good one. A length that is said beforehand and compared (head -c, wc -c) holds it back.
#
# Seen, 2026-11-30:
#   cat && mv:             half a file in place (98304 of 196608 bytes)
#   head -c && wc -c, mv:  the good one is still there
set -eu
ssh -V 2>&1 | grep -q '^OpenSSH_9\.2p1' || { echo "this is about OpenSSH 9.2p1; here is $(ssh -V 2>&1)" >&2; exit 1; }
[ -x /usr/sbin/sshd ] || { echo 'install openssh-server' >&2; exit 1; }
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd "$folder"

# A server of this user's own on a loopback port, which knows one key.
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f host
ssh-keygen -q -t ed25519 -N '' -f user
cp user.pub authorized_keys
port=$((20000 + $$ % 20000))
cat > sshd_config <<CONFIG
Port $port
ListenAddress 127.0.0.1
HostKey $folder/host
AuthorizedKeysFile $folder/authorized_keys
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
CONFIG
/usr/sbin/sshd -D -e -f sshd_config 2> sshd.log &
server=$!
echo "[127.0.0.1]:$port $(cat host.pub)" > known_hosts
cat > ssh_config <<CONFIG
Host box
  HostName 127.0.0.1
  Port $port
  IdentityFile $folder/user
  IdentitiesOnly yes
  UserKnownHostsFile $folder/known_hosts
  BatchMode yes
CONFIG
tries=0
until ssh -F ssh_config box true 2> ssh.log; do
  tries=$((tries + 1))
  [ "$tries" -lt 50 ] || { cat ssh.log sshd.log >&2; exit 1; }
  sleep 0.2
done

# Half of the bytes, and then the client is killed. The rest waits in a pipe that nobody closes.
cut_upload() {
  printf 'the good one' > final
  rm -f part line
  mkfifo line
  ssh -F ssh_config box "cd '$folder' && { $1; }; echo over > over" < line 2> ssh.log &
  client=$!
  exec 3> line
  head -c 98304 /dev/zero >&3
  until [ "$(cat part 2> /dev/null | wc -c)" = 98304 ]; do sleep 0.1; done
  kill -9 "$client"
  exec 3>&-
  tries=0
  until [ -e over ] || [ "$tries" = 100 ]; do tries=$((tries + 1)); sleep 0.1; done
  rm -f over
  case "$(wc -c < final)" in
  12) echo 'the good one is still there' ;;
  *) echo "half a file in place ($(wc -c < final) of 196608 bytes)" ;;
  esac
}

{
  echo "cat && mv:             $(cut_upload 'cat > part && mv part final')"
  echo "head -c && wc -c, mv:  $(cut_upload 'head -c 196608 > part && [ "$(wc -c < part)" = 196608 ] && mv part final')"
} > seen.txt
cat seen.txt
diff - seen.txt <<'EXPECTED'
cat && mv:             half a file in place (98304 of 196608 bytes)
head -c && wc -c, mv:  the good one is still there
EXPECTED
