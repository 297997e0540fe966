import { post } from './api.js';
import { html, useEffect, useState } from './htm-preact.js';

/** Options that are picked from what there is: the bot is asked for it. */
const PICKED = new Set(['preset', 'job', 'experiment', 'tag']);
const isPicked = ({ type, proposals }) => PICKED.has(type) || proposals !== undefined;
/** Fields of a few characters, which stand beside each other where there is room. */
const isShort = (name, { type, described }) =>
  ['integer', 'number'].includes(type) ||
  (type === 'choice' && !described) ||
  (type === 'boolean' && isSetting(name));
const isSetting = (name) => name.startsWith('settings.');

/** One field of a form: what it is called, the right kind of control, what it takes, and what is wrong with it. */
export function Field({ name, spec, value, isFirst, given, problem, where, command, onChange }) {
  const id = `field-${name}`;
  const isSwitch = spec.type === 'boolean';
  const common = {
    id,
    name,
    required: spec.required === true,
    autofocus: isFirst,
    'aria-describedby': problem ? `${id}-problem ${id}-help` : `${id}-help`,
    'aria-invalid': problem ? 'true' : undefined,
  };
  const onInput = (event) => onChange(name, event.target.value);
  const label = html`<label for=${id}>${spec.label}${spec.required || isSwitch ? '' : html`${' '}<small>optional</small>`}</label>`;
  return html`<div class=${`field ${isShort(name, spec) ? 'short' : ''} ${isSwitch ? 'switch' : ''}`}>
    ${isSwitch ? html`${control()}${label}` : html`${label}${control()}`}
    ${problem && html`<p class="problem" role="alert" id=${`${id}-problem`}>${problem}</p>`}
    <p class="help" id=${`${id}-help`}>${spec.described?.[value] ? '' : spec.description}</p>
  </div>`;

  function control() {
    switch (spec.type) {
      case 'choice':
        return html`<${Choices} common=${common} spec=${spec} value=${value} onChange=${onInput} />`;
      case 'boolean':
        return html`<input ...${common} type="checkbox" role="switch" checked=${value === 'true'} onChange=${(event) => onChange(name, event.target.checked ? 'true' : unticked(name))} />`;
      case 'assignments':
        return html`<${Assignments} common=${common} value=${value} name=${name} isDeclared=${spec.declared === true && given.preset !== undefined} given=${given} where=${where} command=${command} onInput=${onInput} />`;
      default:
    }
    if (isPicked(spec))
      return html`<${Picked} common=${common} name=${name} value=${value} given=${given} where=${where} command=${command} onChange=${onInput} />`;
    if (spec.type === 'integer' || spec.type === 'number')
      return html`<input ...${common} type="number" step=${spec.type === 'integer' ? 1 : 'any'} min=${spec.min} max=${spec.max} value=${value} onInput=${onInput} />`;
    if (spec.type === 'text' && spec.multiline)
      return html`<textarea ...${common} rows="2" value=${value} onInput=${onInput}></textarea>`;
    return html`<input ...${common} type="text" value=${value} maxlength=${spec.maxLength} autocomplete="off" onInput=${onInput} />`;
  }
}

/** Of a setting that is off, of an option that it is not given. */
const unticked = (name) => (isSetting(name) ? 'false' : '');

function Choices({ common, spec, value, onChange }) {
  const words = (choice) => (spec.described?.[choice] ? `${choice}: ${spec.described[choice]}` : choice);
  return html`<select ...${common} value=${value} onChange=${onChange}>
    ${!spec.required && html`<option value=""></option>`}
    ${spec.required && value === '' && html`<option value="" disabled selected>choose</option>`}
    ${spec.choices.map((choice) => html`<option value=${choice}>${words(choice)}</option>`)}
  </select>`;
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

function Picked({ common, name, value, onChange, ...asked }) {
  const offers = useOffers(name, asked.given.job, asked);
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const onInput = (event) => {
    setText(event.target.value);
    // What is picked from the list is there at once; what is typed when the field is left.
    if (offers.some(({ insert }) => insert === event.target.value)) onChange(event);
  };
  return html`<input ...${common} type="text" list=${`${common.id}-list`} value=${text} autocomplete="off" onInput=${onInput} onChange=${onChange} />
    <datalist id=${`${common.id}-list`}>
      ${offers.map(({ insert, description }) => html`<option value=${insert}>${description}</option>`)}
    </datalist>`;
}

/** `key=value` lines, with what the preset declares below, unless there is a field for each of that. */
function Assignments({ common, name, value, isDeclared, onInput, ...asked }) {
  const offers = useOffers(name, asked.given.preset, asked);
  return html`<textarea ...${common} class="mono" rows="3" placeholder="key=value, one per line" value=${value} onInput=${onInput}></textarea>
    ${offers.length > 0 && !isDeclared && html`<ul class="declared">${offers.map(({ insert, description }) => html`<li><code>${insert}</code> ${description}</li>`)}</ul>`}`;
}
