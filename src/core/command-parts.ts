import type { Action, CommandDeclaration } from './command-declaration.ts';
import { inWords, type OptionSpec } from './options.ts';
import { allows, higher } from './person.ts';

/** The option that names an action. */
export const ACTION = 'action';

/** A command, or its actions that only read, or those that change something, as something offered by itself. */
export interface CommandPart extends CommandDeclaration {
  /** The command that it is given as. */
  command: string;
  /** Options that go along without being asked for. */
  fixed: Readonly<Record<string, string>>;
}

/**
 * The command itself where all that it does is of a kind; else what of it reads, and what changes something: as
 * `experiment_read` and `experiment_change`, or by the name of the action where there is but one, `hypothesis_add`.
 */
export function partsOf(command: CommandDeclaration): CommandPart[] {
  const actions = Object.entries(command.actions ?? {});
  const groups = [...Map.groupBy(actions, ([, { changes }]) => changes)];
  if (actions.length === 0) return [wholeOf(command)];
  return groups.map(([changes, group]) => {
    const part = partOf(command, group);
    const kind = group.length === 1 ? group[0]![0] : changes ? 'change' : 'read';
    return { ...part, name: groups.length === 1 ? command.name : `${command.name}_${kind}` };
  });
}

/**
 * What one of its actions takes, of a command whose actions are named: with the title and the button of its form. Undefined
 * where there is no such action.
 */
export function actionPart(command: CommandDeclaration, name: string | undefined): CommandPart | undefined {
  const action = name === undefined || !command.options[ACTION] ? undefined : command.actions?.[name];
  if (action === undefined) return undefined;
  const { title = `${inWords(name!)} ${command.name}`, submit = title } = action;
  return { ...partOf(command, [[name!, action]]), summary: inWords(action.summary), title, submit };
}

/** The action that is done where none is named; undefined where one must be. */
export function usualAction({ actions = {}, options }: CommandDeclaration): string | undefined {
  return options[ACTION]?.required === true ? undefined : Object.keys(actions)[0];
}

/** A command with all that it does. */
export function wholeOf(command: CommandDeclaration): CommandPart {
  return { ...command, command: command.name, fixed: {} };
}

/** Whether it changes something, and an agent can only propose it. */
export function isProposed({ changes, role, agents }: CommandDeclaration): boolean {
  return changes && !allows('agent', role) && agents !== 'directly';
}

function partOf(command: CommandDeclaration, group: readonly (readonly [string, Action])[]): CommandPart {
  const names = group.map(([name]) => name);
  const actions = group.map(([, action]) => action);
  const single = actions.length === 1 ? names[0] : undefined;
  const named = command.options[ACTION];
  const choice: [string, OptionSpec][] =
    named && single === undefined ? [[ACTION, choiceOf(names, isUsual(command, names))]] : [];
  const taken = Object.entries(command.options).filter(([name]) =>
    actions.some(({ takes }) => takes.includes(name)),
  );
  const options = taken.map(([name, spec]): [string, OptionSpec] => [
    name,
    {
      ...spec,
      description: wordsFor(spec.description, command.actions!, names),
      required: actions.every(({ requires = [] }) => requires.includes(name)),
    },
  ]);
  return {
    ...wholeOf(command),
    title: undefined,
    aliases: undefined,
    actions: undefined,
    fixed: named && single !== undefined ? { [ACTION]: single } : {},
    options: Object.fromEntries([...choice, ...options]),
    summary: `${inWords(command.name)}: ${summaryOf(group)}`,
    role: actions.map((action) => action.role ?? command.role).reduce(higher),
    changes: actions.some(({ changes }) => changes),
    destroys: actions.some(({ destroys }) => destroys),
    repeatable: actions.every(({ repeatable }) => repeatable),
  };
}

/** What each action does; of a single one its name says no more than the part's. */
function summaryOf(group: readonly (readonly [string, Action])[]): string {
  const isSingle = group.length === 1;
  return group.map(([name, { summary }]) => (isSingle ? summary : `${name}: ${summary}`)).join('. ');
}

function choiceOf(names: string[], isFirstUsual: boolean): OptionSpec {
  const description = isFirstUsual ? `default ${names[0]}` : 'what to do';
  return { type: 'choice', choices: names, description, required: !isFirstUsual };
}

/**
 * What a description says of these actions: each of its parts, between semicolons, may say first which it is for, as in
 * `for list: only these`.
 */
function wordsFor(description: string, all: object, names: readonly string[]): string {
  const parts = description.split('; ').flatMap((part) => {
    const [, listed, words] = /^(?:for )?([a-z]+(?:, [a-z]+)*): (.+)$/s.exec(part) ?? [];
    const meant = listed?.split(', ') ?? [];
    if (words === undefined || !meant.every((each) => Object.hasOwn(all, each))) return [part];
    return meant.some((each) => names.includes(each)) ? [words] : [];
  });
  return parts.join('; ');
}

/** Whether one of these is what it does when no action is named: the first that it declares. */
function isUsual(command: CommandDeclaration, names: readonly string[]): boolean {
  return names.includes(usualAction(command) ?? '');
}
