import { closeForm, formOf, send as sendForm } from './asking.js';
import { Field } from './field.js';
import { html, useEffect, useLayoutEffect, useRef, useState } from './htm-preact.js';
import { firstMistake } from './mistakes.js';

/** What goes along in a form for the bot alone to read. */
const isHidden = (name) => name.startsWith(':');

/**
 * A form made from a command's options. It stays open, with its contents, until the command accepts it. What it asks for may
 * depend on what is chosen in it; what was typed is kept for when it is asked for again.
 */
export function Form({ form: opened }) {
  const dialog = useRef(null);
  const [form, setForm] = useState(opened);
  const [values, setValues] = useState(opened.values);
  const [problem, setProblem] = useState(null);
  const [sending, setSending] = useState(false);
  const [isUnfolded, setUnfolded] = useState(false);
  const asked = useRef(0);
  /** What somebody has filled in here, in whatever forms this one was. */
  const typed = useRef({});

  useEffect(() => {
    dialog.current.showModal();
  }, []);

  useLayoutEffect(() => {
    if (!problem) return;
    const field = problem.field && document.getElementById(`field-${problem.field}`);
    const shown = field ?? dialog.current.querySelector('.told');
    shown?.focus();
    (field?.closest('.field') ?? shown)?.scrollIntoView({ block: 'nearest' });
  }, [problem]);

  /** The same form as things are now; the newest request counts. */
  async function askAgain(options, filled) {
    asked.current += 1;
    const number = asked.current;
    const next = await formOf(form.command, options, form.where);
    if (number !== asked.current) return;
    setForm({ ...form, ...next });
    // What was filled in while it was asked for is newer.
    setValues((now) => ({ ...now, ...next.values, ...changedIn(now, filled) }));
  }

  async function change(name, value) {
    const filled = { ...values, [name]: value };
    setValues(filled);
    typed.current[name] = value;
    if (problem?.field === name) setProblem(null);
    if (!form.shaping.includes(name)) return;
    const along = Object.entries(form.fixed).filter(([each]) => !isHidden(each));
    const kept = Object.entries(typed.current).filter(([each, text]) => text !== '' || each === name);
    try {
      await askAgain({ ...form.given, ...Object.fromEntries([...along, ...kept]) }, filled);
      setProblem(null);
    } catch (error) {
      setProblem({ text: error.message });
    }
  }

  /** Every field that is asked for; an empty one where something stood. */
  const filledIn = () =>
    Object.fromEntries(
      Object.keys(form.fields)
        .map((name) => [name, values[name] ?? ''])
        .filter(([name, value]) => value !== '' || (form.values[name] ?? '') !== ''),
    );

  /** Escape is pressed by mistake as well: what was typed is given up by a button alone. */
  function keepTyped(event) {
    if (Object.keys(changedIn(values, form.values)).length === 0) return;
    event.preventDefault();
    setProblem({ text: 'What you typed is still here. "Cancel" gives it up.', isNote: true });
  }

  function show(mistake) {
    if (form.folded.includes(mistake.field)) setUnfolded(true);
    setProblem(mistake);
  }

  async function send(event) {
    event.preventDefault();
    const mistake = firstMistake(event.currentTarget, form.fields);
    if (mistake) return show(mistake);
    setSending(true);
    setProblem(null);
    try {
      const options = { ...filledIn(), ...form.fixed };
      const refused = await sendForm(form, options);
      if (!refused) return closeForm();
      const field = fieldFor(refused.errorOption, form.fields);
      if (field === null) await askAgain(options, values).catch(() => {});
      show({ field, text: plain(refused.message) });
    } catch (error) {
      setProblem({ text: error.message });
    } finally {
      setSending(false);
    }
  }

  const { fields, folded, about, where, command } = form;
  const given = { ...form.fixed, ...values };
  const field = ([name, spec], index) =>
    html`<${Field} key=${name} name=${name} spec=${spec} value=${values[name] ?? ''} isFirst=${index === 0 && !folded.includes(name)} given=${given} problem=${problem?.field === name ? problem.text : null} where=${where} command=${command} onChange=${change} />`;
  const all = Object.entries(fields);
  const first = all.filter(([name]) => !folded.includes(name));
  return html`<dialog ref=${dialog} class="form" aria-labelledby="form-title" aria-describedby="form-about" onCancel=${keepTyped} onClose=${closeForm}>
    <form noValidate onSubmit=${send}>
      <header>
        <h2 id="form-title">${form.title}</h2>
        <button type="button" class="quiet" aria-label="Close" onClick=${closeForm}>✕</button>
      </header>
      <div class="form-fields">
        <p class="help" id="form-about">${form.description}.</p>
        ${problem && !problem.field && html`<p class=${problem.isNote ? 'told' : 'told problem'} role=${problem.isNote ? 'status' : 'alert'} tabindex="-1">${problem.text}</p>`}
        ${about.length > 0 && html`<dl class="fields">${about.map(({ label, text }) => html`<div class="wide"><dt>${label}</dt><dd>${text}</dd></div>`)}</dl>`}
        <div class="field-grid">${first.map(field)}</div>
        ${
          folded.length > 0 &&
          html`<details open=${isUnfolded} onToggle=${(event) => setUnfolded(event.target.open)}>
          <summary>More options</summary>
          <div class="field-grid">${all.filter(([name]) => folded.includes(name)).map(field)}</div>
        </details>`
        }
      </div>
      <footer>
        <button type="button" onClick=${closeForm}>Cancel</button>
        <button type="submit" class="primary" disabled=${sending} aria-busy=${sending}>${form.submitLabel}</button>
      </footer>
    </form>
  </dialog>`;
}

function changedIn(now, before) {
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => value !== (before[name] ?? '')));
}

/** The field in which an option, or a setting of the preset, can be mended; null where there is none. */
function fieldFor(option, fields) {
  if (option === undefined) return null;
  if (option in fields) return option;
  return option.startsWith('settings.') && 'settings' in fields ? 'settings' : null;
}

function plain({ blocks }) {
  const words = (text) =>
    (Array.isArray(text) ? text : [text])
      .map((piece) => (typeof piece === 'string' ? piece : (piece.bold ?? piece.code ?? piece.hint ?? '')))
      .join('');
  return blocks
    .filter(({ kind }) => kind === 'text')
    .map(({ text }) => words(text))
    .join(' ');
}
