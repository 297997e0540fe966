/** `events.out.tfevents.<epoch seconds>.<host>.<pid>.<n>`: TensorBoard's EventFileWriter; n counts a process's files. */
const NAME = /events\.out\.tfevents\.(\d+)\.(.+)$/;

/**
 * A run's event files by the process that wrote them, the oldest process first and each one's files in the order
 * given. A process never gives the same number to two files of a folder, so the same host, pid and number once more
 * is another process: in a container every one may have the same pid. The events' own times would not tell: xax
 * takes its clock from the checkpoint when it resumes.
 */
export function processesOf(paths: readonly string[]): string[][] {
  const named = paths.map((path) => {
    const [, began = '0', ending = path] = NAME.exec(path) ?? [];
    return { path, began: Number(began), ending, folder: path.slice(0, path.lastIndexOf('/')) };
  });
  const times = new Map<string, number>();
  const processes = new Map<string, Set<string>>();
  for (const { path, folder, ending } of named.toSorted((a, b) => a.began - b.began)) {
    const place = `${folder}/${ending}`;
    const earlier = times.get(place) ?? 0;
    times.set(place, earlier + 1);
    const process = `${ending.replace(/\.\d+(\.v2)?$/, '')}#${earlier}`;
    processes.set(process, (processes.get(process) ?? new Set()).add(path));
  }
  return [...processes.values()].map((own) => paths.filter((path) => own.has(path)));
}
