import { createRunFiles } from '../src/queue/run-files.ts';
import { createRunReader } from '../src/metrics/run-reader.ts';
import { readRaw } from '../src/metrics/raw.ts';
import { appendFileSync, chmodSync, closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFileVersion, encodeScalarEvent } from '../src/metrics/tfevents-writer.ts';
const sparse = (path: string, size: number, head = '') => { const fd = openSync(path, 'w'); writeSync(fd, head); ftruncateSync(fd, size); closeSync(fd); };
const dense = (path: string, head: string, piece: string, times: number, tail: string) => { const fd = openSync(path, 'w'); writeSync(fd, head); for (let i = 0; i < times; i++) writeSync(fd, piece); writeSync(fd, tail); closeSync(fd); };
const GB = 1 << 30;
const cases: Record<string, (d: string) => void> = {
  trainer_1GB_sparse: (d) => { mkdirSync(join(d, 'checkpoint-10')); sparse(join(d, 'checkpoint-10/trainer_state.json'), GB, '{"log_history":['); },
  metrics_json_1GB: (d) => sparse(join(d, 'metrics.json'), GB, '{'),
  result_json_1GB: (d) => sparse(join(d, 'result.json'), GB, '{"training_iteration": 1, "loss": 1}\n{'),
  result_json_1GB_noNL: (d) => sparse(join(d, 'result.json'), GB, '{'),
  config_json_1GB: (d) => sparse(join(d, 'config.json'), GB, '{'),
  config_yaml_1GB: (d) => sparse(join(d, 'config.yaml'), GB, 'a: 1\n'),
  csv_1GB_sparse: (d) => sparse(join(d, 'metrics.csv'), GB, 'step,loss\n1,2\n'),
  events_1GB_sparse: (d) => sparse(join(d, 'events.out.tfevents.1.h'), GB, ''),
  wandb_1GB_sparse: (d) => sparse(join(d, 'run-x.wandb'), GB, ''),
  mlflow_1GB: (d) => sparse(join(d, 'mlflow.db'), GB, 'SQLite format 3\0'),
  trainer_60MB: (d) => { mkdirSync(join(d, 'checkpoint-10')); dense(join(d, 'checkpoint-10/trainer_state.json'), '{"log_history":[', '{"step": 1, "loss": 0.5, "epoch": 0.1, "learning_rate": 1e-5, "grad_norm": 1.0},\n', 750_000, '{"step": 2, "loss": 0.5}]}'); },
  sacred_60MB: (d) => dense(join(d, 'metrics.json'), '{"loss":{"steps":[0', ',1', 400_000, '],"values":[0' + ',0.5'.repeat(400_000) + '],"timestamps":[]}}'),
  metrics_json_60MB_string: (d) => dense(join(d, 'metrics.json'), '{"a":"', 'x'.repeat(1 << 20), 60, '"}'),
  trainer_one_entry_60MB: (d) => { mkdirSync(join(d, 'checkpoint-10')); dense(join(d, 'checkpoint-10/trainer_state.json'), '{"log_history":[{"step":1,"a":"', 'x'.repeat(1 << 20), 60, '"}]}'); },
  csv_10k_columns: (d) => { const n = 10_000; dense(join(d, 'metrics.csv'), `step,${Array.from({ length: n }, (_, i) => `c${i}`).join(',')}\n`, '', 0, Array.from({ length: 200 }, (_, s) => `${s}${',0.5'.repeat(n)}\n`).join('')); },
  csv_1k_columns_20k_rows: (d) => { const n = 999; dense(join(d, 'metrics.csv'), `step,${Array.from({ length: n }, (_, i) => `c${i}`).join(',')}\n`, '', 0, ''); for (let s = 0; s < 20000; s++) appendFileSync(join(d, 'metrics.csv'), `${s}${',0.5'.repeat(n)}\n`); },
  jsonl_10k_keys: (d) => { for (let s = 0; s < 50; s++) appendFileSync(join(d, 'log.jsonl'), `${JSON.stringify({ step: s, ...Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, s])) })}\n`); },
  csv_line_100MB: (d) => dense(join(d, 'metrics.csv'), 'step,loss\n1,0.5\n', 'x'.repeat(1 << 20), 100, '\n2,0.25\n'),
  jsonl_line_100MB: (d) => dense(join(d, 'log.jsonl'), '{"step":1,"loss":0.5}\n{"a":"', 'x'.repeat(1 << 20), 100, '"}\n{"step":2,"loss":0.25}\n'),
  csv_first_line_100MB: (d) => dense(join(d, 'metrics.csv'), '', 'a,b,'.repeat(1 << 18), 100, '\n2,0.25\n'),
  names_100k: (d) => { for (let i = 0; i < 100_000; i++) writeFileSync(join(d, `f${i}.txt`), ''); writeFileSync(join(d, 'metrics.csv'), 'step,loss\n1,0.5\n'); },
  csvs_3000: (d) => { for (let i = 0; i < 3000; i++) writeFileSync(join(d, `m${i}.csv`), 'step,loss\n1,0.5\n2,0.25\n'); },
  links: (d) => { const out = mkdtempSync(join(tmpdir(), 'out-')); writeFileSync(join(out, 'metrics.csv'), 'step,secretx\n1,2\n'); symlinkSync(out, join(d, 'elsewhere')); symlinkSync(join(out, 'metrics.csv'), join(d, 'metrics.csv')); symlinkSync('.', join(d, 'loop')); mkdirSync(join(d, 'a')); symlinkSync('../a', join(d, 'a', 'again')); writeFileSync(join(d, 'a', 'real.csv'), 'step,loss\n1,0.5\n2,1\n'); mkdirSync(join(d, 'checkpoint-5')); symlinkSync(join(out, 'metrics.csv'), join(d, 'checkpoint-5', 'trainer_state.json')); },
  pipe: (d) => { execFileSync('mkfifo', [join(d, 'metrics.csv'), join(d, 'events.out.tfevents.1.h')]); mkdirSync(join(d, 'checkpoint-5')); execFileSync('mkfifo', [join(d, 'checkpoint-5/trainer_state.json')]); writeFileSync(join(d, 'b.csv'), 'step,loss\n1,0.5\n2,1\n'); },
  names_escapes: (d) => { writeFileSync(join(d, 'a\x1b[31mred\nline\x07.csv'), 'step,lo\x1b[31mss\n1,0.5\n2,1\n'); writeFileSync(join(d, 'b\x1b]0;t\x07.csv'), 'no,header\n'); writeFileSync(join(d, Buffer.from([0x62, 0xff, 0xfe]).toString('latin1') + '.csv'), 'step,x\n1,2\n2,3\n'); writeFileSync(Buffer.concat([Buffer.from(d + '/'), Buffer.from([0x62, 0xff, 0xfe]), Buffer.from('.csv')]), 'step,x\n1,2\n2,3\n'); },
  no_metrics_csv: (d) => { writeFileSync(join(d, 'people.csv'), 'name,age\nada,3\nbob,4\n'); writeFileSync(join(d, 'b.csv'), '\x00\x01\x02\x03'.repeat(1000)); writeFileSync(join(d, 'c.csv'), ''); writeFileSync(join(d, 'd.csv'), 'step,name\n1,ada\n2,bob\n'); writeFileSync(join(d, 'out.log'), 'hello, world\nstep 1\n'); },
  secrets: (d) => { writeFileSync(join(d, 'config.json'), '{"api_key":"sk-abcdef0123456789abcdef","lr":0.1,"nested":{"password":"hunter2hunter2"},"list":[{"token":"abcd1234efgh5678"}],"url":"https://ada:pw123456@host/x","note":"sk-abcdef0123456789abcdefabcdef0123456789abcdefab"}'); writeFileSync(join(d, 'hparams.yaml'), 'wandb_api_key: 0123456789abcdef0123456789abcdef01234567\nlr: 1\ntoken:\n  - ghp_abcdefghijklmnopqrstuvwxyz0123456789\n'); mkdirSync(join(d, 'mlruns/0', 'a'.repeat(32), 'params'), { recursive: true }); writeFileSync(join(d, 'mlruns/0', 'a'.repeat(32), 'params/api_key'), 'verysecretvalue1'); writeFileSync(join(d, 'm.csv'), 'step,loss\n1,2\n2,3\n'); },
};
const only = process.argv[2];
for (const [name, make] of Object.entries(cases)) {
  if (only && !name.match(only)) continue;
  const d = mkdtempSync(join(tmpdir(), 'bad-'));
  make(d);
  global.gc?.();
  const before = process.memoryUsage().rss / 1e6; let peak = before;
  const timer = setInterval(() => { peak = Math.max(peak, process.memoryUsage().rss / 1e6); }, 3);
  const delay = monitorEventLoopDelay({ resolution: 1 }); delay.enable();
  const b = performance.now();
  const files = createRunFiles(d); const reader = createRunReader(files);
  let out = '';
  try { const run = await reader.read(); const s = await reader.settings(); const p = await reader.progress(null, Date.now());
    out = JSON.stringify({ series: run.series.slice(0, 3).map((x) => [x.tag, x.length]), n: run.series.length, absence: run.absence, unread: run.sources?.unread.slice(0, 5), corrupt: run.corruptRecords, settings: Object.fromEntries(Object.entries(s.settings).slice(0, 9)), sp: s.problem, p }); } catch (e) { out = `ERROR ${(e as Error).stack}`; }
  const took = performance.now() - b; delay.disable(); peak = Math.max(peak, process.memoryUsage().rss / 1e6);
  console.log(`${name}: ${took.toFixed(0)} ms, loop ${(delay.max / 1e6).toFixed(0)} ms, rss +${(peak - before).toFixed(0)} MB\n   ${out.slice(0, 700)}`);
  clearInterval(timer);
  rmSync(d, { recursive: true, force: true });
}
process.exit(0);
