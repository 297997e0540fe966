import { text } from 'node:stream/consumers';
import { settingsIn } from './config-settings.ts';
import { yamlProblem } from './yaml-problem.ts';

/** The process that reads a large config.yaml: its text on standard input, its settings or what is wrong as JSON on standard output. */
const given = await text(process.stdin);
try {
  process.stdout.write(JSON.stringify({ found: settingsIn(given) }));
} catch (error) {
  process.stdout.write(JSON.stringify({ problem: yamlProblem(error) }));
}
