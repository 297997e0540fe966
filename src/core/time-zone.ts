/** Whether a text is the name of a time zone that this host knows, such as Europe/Zurich. */
export function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
