import { interruptedLaunchPost } from '../cards/launch-post.ts';
import type { JobKey } from '../core/job.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { Launch } from '../store/launches.ts';

/** Tells every channel what has become of a launch whose answer nobody heard. */
export function tellRecovered(
  { launch, job, experimentId }: { launch: Launch; job: JobKey | null; experimentId: string | undefined },
  notifier: Pick<Notifier, 'announce'>,
  nameOf: (person: string) => string,
): void {
  const { id, preset, personId, hypothesis } = launch;
  const wasPlanned = hypothesis === null || launch.experimentId !== null;
  const post = interruptedLaunchPost({ preset, by: nameOf(personId), wasPlanned }, job, experimentId);
  notifier.announce(job ? `launched:${id}` : `launch:${id}`, post);
}
