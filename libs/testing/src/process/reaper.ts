import { type ChildProcess, spawn } from 'node:child_process';

/**
 * What a reaper does, in POSIX shell so that it costs a megabyte and not a second Node: it takes lines from its
 * standard input and, when that ends (its owner ended, however that came about), stops every process group it was told of.
 *
 *     watch PID:SIGNAL    on the end, SIGNAL goes to the group PID, and SIGKILL if it is still there after 8 s
 *     release PID         that process has ended
 *     remove PATH         on the end, once all processes are gone, this folder is deleted
 */
const SCRIPT = `
trap '' INT TERM HUP QUIT
watched= paths= nl='
'
while IFS= read -r line; do
  rest=\${line#* }
  case \${line%% *} in
    watch) watched="$watched $rest" ;;
    release) kept=; for w in $watched; do [ "\${w%%:*}" = "$rest" ] || kept="$kept $w"; done; watched=$kept ;;
    remove) paths="$paths$rest$nl" ;;
  esac
done
for w in $watched; do kill -s "\${w#*:}" -- "-\${w%%:*}" 2>/dev/null; done
tries=0
while [ "$tries" -lt 80 ]; do
  any=
  for w in $watched; do kill -s 0 -- "-\${w%%:*}" 2>/dev/null && any=1; done
  [ -n "$any" ] || break
  sleep 0.1
  tries=$((tries + 1))
done
for w in $watched; do kill -s KILL -- "-\${w%%:*}" 2>/dev/null; done
IFS=$nl
for p in $paths; do rm -rf -- "$p"; done
`;

let reaper: ChildProcess | undefined;

function tell(line: string): void {
  if (!reaper || reaper.exitCode !== null || reaper.signalCode !== null) {
    // A session of its own: neither Ctrl-C in the terminal nor a kill of our process group reaches it.
    reaper = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' });
    reaper.unref();
    const stdin = reaper.stdin as NodeJS.WritableStream & { unref?: () => void };
    stdin.unref?.();
    stdin.on('error', () => undefined);
  }
  reaper.stdin?.write(`${line}\n`);
}

/** Makes sure that the process group `pid` (a child spawned with `detached: true`) can't outlive this process. */
export const reapWithMe = (pid: number, signal: NodeJS.Signals): void => tell(`watch ${pid}:${signal.slice(3)}`);

/** Takes back {@link reapWithMe}: the process has ended and its id may soon be somebody else's. */
export const releaseFromReaper = (pid: number): void => tell(`release ${pid}`);

/** Deletes a folder once this process, and all that it started, are gone. */
export function removeWithMe(path: string): void {
  if (path.includes('\n')) throw new Error('a path with a line break cannot be handed to the reaper');
  tell(`remove ${path}`);
}
