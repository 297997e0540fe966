import { html } from './words.ts';

/** One thing that is shown, as each platform draws it, in HTML; `below`: what is said of it besides. */
export interface Shown {
  group: string;
  name: string;
  /** Pictures of the page, by theme. */
  web: Record<Theme, string>;
  slack: string;
  discord: string;
  below: string;
}

export type Theme = 'light' | 'dark';

/** The gallery: everything in its groups, the platforms side by side, in the theme that is chosen above. */
export function galleryPage(all: readonly Shown[]): string {
  const body = all.map(({ group, name, web, slack, discord, below }, index) => {
    const title = group === all[index - 1]?.group ? '' : `<h2 id="${anchor(group)}">${html(group)}</h2>`;
    const rows = (['light', 'dark'] as const).map(
      (theme) => `<div class="platforms ${theme}">
<figure class="web"><figcaption>Page</figcaption><img loading="lazy" src="${web[theme]}" alt="${html(name)}, ${theme}"></figure>
<figure class="slack"><figcaption>Slack</figcaption>${slack}</figure>
<figure class="discord"><figcaption>Discord</figcaption>${discord}</figure></div>`,
    );
    return `${title}<section><h3>${html(name)}</h3>${rows.join('\n')}${below}</section>`;
  });
  const groups = [...new Set(all.map(({ group }) => group))];
  const themes = ['light', 'dark', 'both'].map(
    (theme) =>
      `<label><input type="radio" name="theme" value="${theme}"${theme === 'both' ? ' checked' : ''}> ${theme}</label>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>xaxbot: every card and form</title><style>${STYLE}</style>
<header><h1>Every card and form in every state</h1>
<p>The page as it looks; of Slack and Discord what they are sent, about as they draw it. What is longer scrolls.</p>
<nav>${groups.map((group) => `<a href="#${anchor(group)}">${html(group)}</a>`).join(' ')}</nav><p>${themes.join(' ')}</p></header>
<main>${body.join('\n')}</main></html>`;
}

const anchor = (group: string) => group.replaceAll(' ', '-');

const STYLE = `
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:84rem;padding:1rem;color:#1c1d21;background:#fff}
header{border-bottom:1px solid #ddd;margin-bottom:1rem}nav a{margin-right:.8rem}h2{margin:2rem 0 0;text-transform:capitalize}
section{padding:.5rem 0 1.5rem;border-bottom:1px solid #ddd}section>details{font-size:13px;margin-top:.3rem}
section>details pre{background:#f4f5f7;padding:.7rem;overflow:auto;max-height:22rem}
.platforms{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:1rem;padding:.8rem;margin:.4rem 0;border-radius:8px}
.platforms.light{background:#f0f1f4;--back:#fff;--ink:#1d1c1d;--faint:#5c5f66;--line:#d4d6db;--code:#f4f5f7;--link:#1264a3}
.platforms.dark{background:#0d0e10;--back:#1a1d21;--ink:#dcddde;--faint:#a3a6ad;--line:#44474e;--code:#26292f;--link:#6cb6f5}
body:has([value=light]:checked) .dark,body:has([value=dark]:checked) .light{display:none}
figure{margin:0;min-width:0;color:var(--ink)}figcaption{font-size:12px;color:var(--faint);margin-bottom:.2rem}
figure.slack,figure.discord{font-size:14px;line-height:1.45;overflow-wrap:anywhere}
figure.slack,figure.discord{max-height:44rem;overflow:auto}figure.web img{max-height:44rem;object-fit:contain;object-position:0 0}
figure.slack p:not(.row){white-space:pre-wrap}figure img{box-sizing:border-box;max-width:100%;display:block;border-radius:6px}figure p{margin:.3rem 0}
figure.slack>:not(figcaption,.form),.form,.container{background:var(--back)}
figure.slack>:not(figcaption,.form){margin:0;padding:.25rem .8rem}
figure.slack>.wide{overflow:auto}.wide td>div{width:max-content;max-width:14rem}table{border-collapse:collapse;overflow-wrap:normal}td{border:1px solid var(--line);padding:.2rem .5rem;vertical-align:top}
.container{border:1px solid var(--line);border-left:4px solid;border-radius:6px;padding:.5rem .8rem}
figure h3,figure h4{margin:.3rem 0;font-size:1.1em}figure pre{background:var(--code);border:1px solid var(--line);border-radius:4px;padding:.5rem;overflow:auto;font-size:12px;max-height:20rem}
figure.slack>pre{background:var(--code)}figure code{background:var(--code);border-radius:3px;padding:0 .2em;font-size:.92em}figure pre code{padding:0}
figure a{color:var(--link)}hr{border:0;border-top:1px solid var(--line)}
.row{display:flex;flex-wrap:wrap;gap:.4rem}.row.end{justify-content:end}.button{border:1px solid var(--line);border-radius:4px;padding:.15rem .7rem;font-weight:600}
.button.primary,.button.good{background:#007a5a;border-color:#007a5a;color:#fff}.discord .button{background:#4e5058;border-color:#4e5058;color:#fff}
.discord .button.primary{background:#5865f2;border-color:#5865f2}.slack .button.danger{color:#e01e5a;border-color:#e01e5a}.discord .button.danger{background:#da373c;border-color:#da373c}
.form{border:1px solid var(--line);border-radius:8px;padding:.6rem 1rem}.label{margin:.7rem 0;display:grid;gap:.15rem}.label i{color:#e01e5a}
.label small,.hint{color:var(--faint);font-size:12.5px}.discord .label small{order:-1}.discord .label b{order:-2}
.box{border:1px solid var(--line);border-radius:4px;padding:.2rem .5rem;min-height:1.4em;white-space:pre-wrap}.box.lines{min-height:3.6em}
figure .mark{display:inline-block;width:.85em;height:.85em;border-radius:50%}
.box.list::after{content:"\\25BE";float:right}.empty{color:var(--faint)}
@media(max-width:900px){.platforms{grid-template-columns:minmax(0,1fr)}body{padding:.5rem}.platforms{padding:.5rem}}
`;
