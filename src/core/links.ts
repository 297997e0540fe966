/** What may stand in braces in the address of a link, and what for. */
export const LINK_PLACES = {
  job: "the job's id",
  experiment: "the experiment's id",
  run: "the name of the run's folder",
  task: "the task's key",
  commit: 'the commit that the run recorded, in full',
  base: 'the commit of the run that it is measured against: its parent, else the best of its session',
} as const;
export type LinkPlace = keyof typeof LINK_PLACES;

/** A link on the cards of jobs: `https://wandb.ai/team/project/runs/{run}`. */
export interface LinkTemplate {
  label: string;
  url: string;
}

/** A link of one job. */
export interface JobLink {
  label: string;
  url: string;
}

/** The code that a run recorded to have come from. */
export interface GitState {
  commit: string;
  /** What ran was not what was committed. */
  isDirty: boolean;
}

const PLACE = /\{([^{}]*)\}/g;
const SHORT_COMMIT = 10;
const short = (commit: string) => commit.slice(0, SHORT_COMMIT);

const placesIn = (url: string) => [...url.matchAll(PLACE)].map(([, name]) => name!);

/** What is wrong with the address of a link; undefined when nothing is. */
export function linkProblem(url: string): string | undefined {
  const unknown = placesIn(url).find((name) => !Object.hasOwn(LINK_PLACES, name));
  const places = Object.keys(LINK_PLACES).map((name) => `{${name}}`);
  if (unknown !== undefined) return `{${unknown}} is none of ${places.join(', ')}`;
  const tried = url.replace(PLACE, 'x');
  if (/[{}\s<>]/.test(tried) || !URL.canParse(tried))
    return 'is no address such as https://example.com/{run}';
  const { protocol, username, password } = new URL(tried);
  if (protocol !== 'https:') return 'must begin with https://';
  if (username !== '' || password !== '') return 'holds a name or password, which everybody would see';
  const [host] = url.slice('https://'.length).split(/[/?#]/);
  return /[{}]/.test(host ?? '') ? 'has a place in the name of its host' : undefined;
}

/** Whether any of them needs to know this. */
export const need = (templates: readonly LinkTemplate[], place: LinkPlace): boolean =>
  templates.some(({ url }) => placesIn(url).includes(place));

/**
 * The links of a job, but for those that need what is not known of it. A commit is named, and what ran beside it.
 * `base`: null too where it is the commit itself, from which nothing differs.
 */
export function linksOf(
  templates: readonly LinkTemplate[],
  known: Readonly<Record<Exclude<LinkPlace, 'commit' | 'base'>, string>>,
  git: GitState | null,
  base: string | null = null,
): JobLink[] {
  const values: Record<string, string> = { ...known, commit: git?.commit ?? '', base: base ?? '' };
  return templates.flatMap(({ label, url }) => {
    const places = placesIn(url);
    if (places.some((name) => !values[name])) return [];
    const filled = url.replace(PLACE, (_all, name: string) => encodeURIComponent(values[name]!));
    const isCommit = git !== null && places.includes('commit');
    if (!isCommit) return [{ label, url: filled }];
    const from = base !== null && places.includes('base') ? `${short(base)}..` : '';
    const dirty = git.isDirty ? ', with changes that are not in it' : '';
    return [{ label: `${label} ${from}${short(git.commit)}${dirty}`, url: filled }];
  });
}
