import { describe, expect, it } from 'vitest';
import { tagOf, tagsIn, withoutTag } from '../../src/core/tags.ts';

describe('tags', () => {
  it('are words behind a #, without the punctuation around them', () => {
    const text = `#v1.2 (#Warm-up)! [#x], '#q'. "#end" #lr/low; #schön#twice`;
    expect([...tagsIn(text)]).toEqual(['v1.2', 'warm-up', 'x', 'q', 'end', 'lr/low', 'schön']);
  });

  it('are not what only looks like one', () => {
    expect([...tagsIn('issue a#1, http://host/#part, C#, # alone, &#39; ##')]).toEqual([]);
  });

  it('are given with or without their #', () => {
    expect([tagOf('#LR'), tagOf(' lr '), tagOf('v1.2')]).toEqual(['lr', 'lr', 'v1.2']);
    expect([tagOf('two words'), tagOf(''), tagOf('#'), tagOf('-x')]).toEqual(Array(4).fill(undefined));
  });

  it('are taken out alone: what stands beside them stays', () => {
    expect(withoutTag('Ada: see #lr and #lr2\n\n#lr\n#a #LR #b', 'lr')).toBe('Ada: see and #lr2\n\n#a #b');
    expect(withoutTag('as it  was', 'lr')).toBe('as it  was');
  });
});
