import { writeProgram } from './programs.ts';

/** A systemd that keeps in files of `folder` what it was told, and writes down there (`calls`) what it is called with. */
const SYSTEMCTL = `echo "$*" >> calls
case "$*" in
"--version") echo "systemd 255 (255.4)" ;;
"--user show-environment") : ;;
"--user show "*) [ -e "$XDG_CONFIG_HOME/systemd/user/xaxbot.service" ] && echo LoadState=loaded || echo LoadState=not-found
  [ -e active ] && echo ActiveState=active && echo SubState=running || echo ActiveState=inactive
  [ -e enabled ] && echo UnitFileState=enabled ; echo MainPID=0 ;;
"--user enable "*) touch enabled ;;
"--user start "* | "--user restart "*) touch active ;;
"--user stop "*) rm -f active ;;
"--user disable "*) rm -f enabled active ;;
esac`;

/** Puts systemd's programs into `bin`; a log that is asked for ends with `logCode`. */
export function writeSystemd(folder: string, bin: string, logCode: number): void {
  writeProgram(
    bin,
    'systemctl',
    `cd "${folder}"
${SYSTEMCTL}`,
  );
  writeProgram(
    bin,
    'loginctl',
    `cd "${folder}"\n[ "$1" = enable-linger ] && touch linger\n[ -e linger ] && echo Linger=yes || echo Linger=no`,
  );
  writeProgram(bin, 'journalctl', `echo "called: $*"\nexit ${logCode}`);
}
