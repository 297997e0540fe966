import { text } from 'node:stream/consumers';
import type { Call, Outcome } from './other-user.ts';

// The process of `asUser`: loads what is to be called, becomes that user, calls it, and writes what came of it.

const { uid, calls } = JSON.parse(await text(process.stdin)) as { uid: number; calls: Call[] };
const functions = await Promise.all(
  calls.map(async ({ module, name }) => (await import(module))[name] as (...args: unknown[]) => unknown),
);
process.umask(0o022);
process.setgroups!([]);
process.setgid!(uid);
process.setuid!(uid);
const outcomes: Outcome[] = [];
for (const [index, { args, then }] of calls.entries()) {
  try {
    const value = await functions[index]!(...args);
    const [method, ...more] = then ?? [];
    const last =
      method === undefined
        ? value
        : await (value as Record<string, (...args: unknown[]) => unknown>)[method]!(...more);
    outcomes.push({ value: Buffer.isBuffer(last) ? last.toString('utf8') : last });
  } catch (error) {
    const { message, hint = '' } = error as Error & { hint?: string };
    outcomes.push({ error: `${message} ${hint}`.trim() });
  }
}
process.stdout.write(
  JSON.stringify(outcomes, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
);
