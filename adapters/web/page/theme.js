import { html, useState } from './htm-preact.js';

const THEME = 'xaxbot.theme';

export function ThemeButton() {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme ?? 'auto');
  const order = ['auto', 'light', 'dark'];
  const turn = () => {
    const next = order[(order.indexOf(theme) + 1) % order.length];
    localStorage.setItem(THEME, next);
    applyTheme(next);
    setTheme(next);
  };
  return html`<button type="button" class="quiet" onClick=${turn} title="Change the theme">Theme: ${theme}</button>`;
}

function applyTheme(theme) {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

applyTheme(localStorage.getItem(THEME) ?? 'auto');
