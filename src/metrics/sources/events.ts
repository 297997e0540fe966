import { createEventFile } from '../event-file.ts';
import { type Format, folderOf, nameOf } from './source.ts';

/** Event files of TensorBoard, whoever wrote them. Their names: EventFileWriter of tensorboard, `.v2` of tf.summary. */
export const EVENTS: Format = {
  name: 'event file',
  claims: (path) => nameOf(path).includes('tfevents'),
  // Ray Tune writes its results under a name of its own, and without it to its tables.
  plainTag: (tag) => tag.replace(/^ray\/tune\//, ''),
  open(files, path, keeping) {
    const file = createEventFile(files, path, keeping);
    return {
      read: file.read,
      logged: () =>
        file.columns().size === 0
          ? []
          : [
              {
                ...{ subRun: folderOf(path), file: path, points: file.columns(), stepName: null },
                restartedAt: file.restartedAt(),
              },
            ],
      damaged: file.corruptRecords,
      writtenAt: file.writtenAt,
      problem: () => null,
    };
  },
};
