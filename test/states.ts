type Json = Record<string, unknown>;

/** A recorded state in which a job has completed since. */
export function finished(text: string, job: string): string {
  const state = JSON.parse(text) as Json & { jobs: Record<string, Json> };
  const found = Object.values(state.jobs).find(({ job_id }) => job_id === job)!;
  Object.assign(found, {
    status: 'completed',
    started_at: found.started_at ?? 1_795_446_000,
    ended_at: 1_795_449_999,
    return_code: 0,
    error: null,
  });
  for (const [key, value] of Object.entries(state)) if (key !== 'jobs') state[key] = without(value, job);
  return JSON.stringify(state, null, 2);
}

function without(value: unknown, job: string): unknown {
  if (Array.isArray(value)) return value.filter((each) => each !== job);
  return value === job ? null : value;
}
