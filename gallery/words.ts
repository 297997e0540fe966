/** Text as it stands in HTML. */
export function html(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A field of a form with what it is called and what it is. */
export function labelled(label: string, isNeeded: boolean, hint: string, control: string): string {
  return `<div class="label"><b>${html(label)}${isNeeded ? ' <i>*</i>' : ''}</b>${control}<small>${html(hint)}</small></div>`;
}

/** What stands in a field; what it says of itself while it is empty. */
export function box(kind: 'line' | 'lines' | 'list', value: string, empty = ''): string {
  const text = value === '' ? `<span class="empty">${html(empty)}&nbsp;</span>` : html(value);
  return `<div class="box ${kind}">${text}</div>`;
}
