/**
 * The first field of a form, in their order, that does not hold what it takes: `{ field, text }`, the text in words for beside it;
 * null where all do. `fields`: their specs by name.
 */
export function firstMistake(form, fields) {
  const wrong = [...form.elements].find(({ name, validity }) => name in fields && !validity.valid);
  return wrong ? { field: wrong.name, text: wordsOf(wrong.validity, fields[wrong.name]) } : null;
}

function wordsOf({ valueMissing, badInput }, { type, min, max }) {
  // What is no number at all is missing too, as a browser has it.
  if (valueMissing && !badInput) return type === 'choice' ? 'Choose one.' : 'This is needed.';
  const range = `${min === undefined ? '' : ` from ${min}`}${max === undefined ? '' : ` to ${max}`}`;
  return `It takes ${type === 'integer' ? 'a whole number' : 'a number'}${range}.`;
}
