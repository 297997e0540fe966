/**
 * The namespaces in which xax 0.4.9 logs of the machine (log_state_timers, cpu_stats.py, gpu_stats.py), by what its
 * metrics log leaves of them: nothing that is not ASCII (remove_unicode_from_namespaces).
 */
const NAMESPACES: ReadonlyMap<string, string> = new Map([
  ['timers', '🕒 timers'],
  ['cpu', '🔧 cpu'],
  ['mem', '🔧 mem'],
  ['gpu', '🔧 gpu'],
]);
const NOT_ASCII = /[^\x00-\x7f]+/g;

/**
 * How a tag of the metrics log is called in the event files, by the tags that these hold and, where they do not hold it,
 * by xax's own names. Null where it stands for two of them, of which the metrics log holds one.
 */
export function eventTagNames(eventTags: ReadonlySet<string>): (jsonTag: string) => string | null {
  const names = new Map<string, string | null>();
  for (const tag of eventTags) {
    for (let slash = tag.indexOf('/'); slash >= 0; slash = tag.indexOf('/', slash + 1)) {
      const left = tag.slice(0, slash).replace(NOT_ASCII, '').trim() + tag.slice(slash);
      const isAmbiguous = eventTags.has(left) || (names.has(left) && names.get(left) !== tag);
      if (left !== tag) names.set(left, isAmbiguous ? null : tag);
    }
  }
  return (jsonTag) => {
    const name = names.get(jsonTag);
    if (name !== undefined) return name;
    const slash = jsonTag.indexOf('/');
    const namespace = NAMESPACES.get(jsonTag.slice(0, slash));
    return namespace === undefined || eventTags.has(jsonTag) ? jsonTag : namespace + jsonTag.slice(slash);
  };
}
