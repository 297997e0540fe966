/** Whether a text, or the bytes of one, has at most so many of these signs; no more of it is looked at than tells. */
export function hasAtMost(text: string | Buffer, signs: string, most: number): boolean {
  if (text.length <= most) return true;
  let left = most;
  for (const sign of signs)
    for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
      left -= 1;
      if (left < 0) return false;
    }
  return true;
}
