/** `events.out.tfevents.<epoch seconds>.<host>.<pid>.<n>`: TensorBoard's EventFileWriter; n counts a process's files. */
const NAME = /events\.out\.tfevents\.(\d+)\.(.+)$/;
const COUNT = /\.(\d+)(\.v2)?$/;

export interface WrittenFile {
  path: string;
  folder: string;
  /** When it was begun, epoch seconds, and as which of its process's files. */
  began: number;
  count: number;
}

/**
 * A run's event files by the process that wrote them, the oldest process first and each one's files in the order in
 * which they were begun. A process never gives the same number to two files of a folder, so the same host, pid and
 * number once more is another process: in a container every one may have the same pid. The events' own times would
 * not tell: xax takes its clock from the checkpoint when it resumes.
 */
export function processesOf(paths: readonly string[]): WrittenFile[][] {
  const named = paths.map((path) => {
    const [, began = '0', ending = path] = NAME.exec(path) ?? [];
    const count = Number(COUNT.exec(ending)?.[1] ?? 0);
    return { path, began: Number(began), count, ending, folder: path.slice(0, path.lastIndexOf('/')) };
  });
  const times = new Map<string, number>();
  const processes = new Map<string, WrittenFile[]>();
  for (const { ending, ...file } of named.toSorted((a, b) => a.began - b.began || a.count - b.count)) {
    const place = `${file.folder}/${ending}`;
    const earlier = times.get(place) ?? 0;
    times.set(place, earlier + 1);
    const process = `${ending.replace(COUNT, '')}#${earlier}`;
    const own = processes.get(process);
    if (own) own.push(file);
    else processes.set(process, [file]);
  }
  return [...processes.values()];
}
