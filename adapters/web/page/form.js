import { post } from './api.js';
import { closeForm, send as sendForm } from './asking.js';
import { html, useEffect, useRef, useState } from './htm-preact.js';

/** Options that are picked from what there is: the bot is asked for it. */
const PICKED = new Set(['preset', 'job', 'experiment', 'tag']);
const isPicked = ({ type, proposals }) => PICKED.has(type) || proposals !== undefined;

/** A form made from a command's options. It stays open, with its contents, until the command accepts it. */
export function Form({ form }) {
  const dialog = useRef(null);
  const [values, setValues] = useState(form.values);
  const [problem, setProblem] = useState(null);
  const [sending, setSending] = useState(false);
  const { where } = form;
  const set = (name, value) => setValues({ ...values, [name]: value });

  useEffect(() => {
    dialog.current.showModal();
  }, []);

  async function send(event) {
    event.preventDefault();
    setSending(true);
    setProblem(null);
    try {
      const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
      const refused = await sendForm(form, { ...form.fixed, ...filled });
      if (!refused) closeForm();
      else setProblem({ option: refused.errorOption, text: plain(refused.message) });
    } catch (error) {
      setProblem({ text: error.message });
    } finally {
      setSending(false);
    }
  }

  const isBesideField = problem?.option !== undefined && problem.option in form.fields;
  return html`<dialog ref=${dialog} class="form" aria-labelledby="form-title" onClose=${closeForm}>
    <form onSubmit=${send}>
      <header>
        <h2 id="form-title">${form.title}</h2>
        <button type="button" class="quiet" aria-label="Close" onClick=${closeForm}>✕</button>
      </header>
      <div class="form-fields">
        <p class="help">${form.description}.</p>
        ${form.about.length > 0 && html`<dl class="fields">${form.about.map(({ label, text }) => html`<div class="wide"><dt>${label}</dt><dd>${text}</dd></div>`)}</dl>`}
        ${Object.entries(form.fields).map(
          ([name, spec]) =>
            html`<${Field} key=${name} name=${name} spec=${spec} value=${values[name] ?? ''} given=${{ ...form.fixed, ...values }} problem=${isBesideField && problem.option === name ? problem.text : null} where=${where} command=${form.command} onChange=${set} />`,
        )}
      </div>
      ${problem && !isBesideField && html`<p class="problem" role="alert">${problem.text}</p>`}
      <footer>
        <button type="button" onClick=${closeForm}>Cancel</button>
        <button type="submit" class="primary" disabled=${sending}>${sending ? 'Sending…' : form.submitLabel}</button>
      </footer>
    </form>
  </dialog>`;
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

function Field({ name, spec, value, given, problem, where, command, onChange }) {
  const id = `field-${name}`;
  const common = {
    id,
    name,
    required: spec.required === true,
    'aria-describedby': `${id}-help`,
    'aria-invalid': problem ? 'true' : undefined,
  };
  const onInput = (event) => onChange(name, event.target.value);
  return html`<div class="field">
    <label for=${id}>${spec.label}${spec.required ? '' : html`${' '}<small>optional</small>`}</label>
    ${control()}
    <p class="help" id=${`${id}-help`}>${spec.description}</p>
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}
  </div>`;

  function control() {
    if (spec.type === 'choice') {
      return html`<select ...${common} value=${value} onChange=${onInput}>
        ${!spec.required && html`<option value=""></option>`}
        ${spec.required && value === '' && html`<option value="" disabled selected>choose</option>`}
        ${spec.choices.map((choice) => html`<option value=${choice}>${choice}</option>`)}
      </select>`;
    }
    if (spec.type === 'boolean') {
      return html`<input ...${common} type="checkbox" checked=${value === 'true'} onChange=${(event) => onChange(name, event.target.checked ? 'true' : '')} />`;
    }
    if (isPicked(spec))
      return html`<${Picked} common=${common} name=${name} value=${value} given=${given} where=${where} command=${command} onInput=${onInput} />`;
    if (spec.type === 'integer' || spec.type === 'number') {
      return html`<input ...${common} type="number" step=${spec.type === 'integer' ? 1 : 'any'} min=${spec.min} max=${spec.max} value=${value} onInput=${onInput} />`;
    }
    if (spec.type === 'assignments')
      return html`<${Assignments} common=${common} value=${value} name=${name} given=${given} where=${where} command=${command} onInput=${onInput} />`;
    if (spec.type === 'text' && spec.multiline)
      return html`<textarea ...${common} rows="3" value=${value} onInput=${onInput}></textarea>`;
    return html`<input ...${common} type="text" value=${value} maxlength=${spec.maxLength} onInput=${onInput} />`;
  }
}

/** What could be given for an option, beside the others so far; asked again when `about` of them changes. */
function useOffers(name, about, { command, given, where }) {
  const [offers, setOffers] = useState([]);
  useEffect(() => {
    let current = true;
    post('suggest', { ...where, command, option: name, typed: '', given }).then(
      ({ completions }) => current && setOffers(completions),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [about]);
  return offers;
}

function Picked({ common, name, value, onInput, ...asked }) {
  const offers = useOffers(name, asked.given.job, asked);
  return html`<input ...${common} type="text" list=${`${common.id}-list`} value=${value} autocomplete="off" onInput=${onInput} />
    <datalist id=${`${common.id}-list`}>
      ${offers.map(({ insert, description }) => html`<option value=${insert}>${description}</option>`)}
    </datalist>`;
}

/** `key=value` lines, with what the preset declares below. */
function Assignments({ common, name, value, onInput, ...asked }) {
  const offers = useOffers(name, asked.given.preset, asked);
  return html`<textarea ...${common} class="mono" rows="3" placeholder="key=value, one per line" value=${value} onInput=${onInput}></textarea>
    ${offers.length > 0 && html`<ul class="declared">${offers.map(({ insert, description }) => html`<li><code>${insert}</code> ${description}</li>`)}</ul>`}`;
}
