/** The page's palette as a canvas needs it: `curve-1`, or `curve-1/66` with its opacity as two hexadecimal digits. */
export function coloursNow() {
  const probe = document.createElement('span');
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const known = new Map();
  const colourOf = (name) => {
    if (!known.has(name)) {
      probe.style.color = `var(--${name})`;
      known.set(name, style.color);
    }
    return known.get(name);
  };
  return {
    of(given) {
      const [name, alpha] = given.split('/');
      const colour = colourOf(name);
      return alpha
        ? colour.replace('rgb(', 'rgba(').replace(')', `, ${Number.parseInt(alpha, 16) / 255})`)
        : colour;
    },
    family: style.fontFamily,
    done: () => probe.remove(),
  };
}

/** Calls `changed` when the page's theme is another one, the system's or the chosen one; returns how to stop. */
export function onTheme(changed) {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const chosen = new MutationObserver(changed);
  system.addEventListener('change', changed);
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    system.removeEventListener('change', changed);
    chosen.disconnect();
  };
}
