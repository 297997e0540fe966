import { interruptedLaunchPost } from '../cards/launch-post.ts';
import type { JobKey } from '../core/job.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { Launch } from '../store/launches.ts';

/** Tells every channel what has become of a launch whose answer nobody heard. */
export function tellRecovered(
  { launch, job, experimentId }: { launch: Launch; job: JobKey | null; experimentId: string | undefined },
  deps: {
    notifier: Pick<Notifier, 'announce'>;
    jobOf(key: JobKey): JobRecord | undefined;
    /** A person's name. */
    nameOf(person: string): string;
  },
): void {
  const { id, preset, personId, hypothesis } = launch;
  const wasPlanned = hypothesis === null || launch.experimentId !== null;
  const known = (job && deps.jobOf(job)) ?? null;
  const post = interruptedLaunchPost({ preset, by: deps.nameOf(personId), wasPlanned }, known, experimentId);
  deps.notifier.announce(job ? `launched:${id}` : `launch:${id}`, post);
}
