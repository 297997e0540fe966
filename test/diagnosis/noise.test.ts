import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { cleanLines } from '../parsing.ts';
import { labelsOf, rawLog } from './failures.ts';

/** What stands in real logs beside the cause, and must not be taken for it. */
const STEPS = Array.from(
  { length: 20 },
  (_, index) =>
    `  PING  2026-11-23 15:17:${String(index).padStart(2, '0')} [xax.task] Step ${index} took 0.02 second`,
);
const handled = (words: string, exception: string) => [
  `WARNING optional part failed, ${words}`,
  'Traceback (most recent call last):',
  '  File "/home/ada/proj/resume.py", line 12, in load',
  '    return open(path)',
  exception,
];
const BEFORE: Record<string, string[]> = {
  'a file that was looked for': [
    ...handled('starting anew', "FileNotFoundError: [Errno 2] No such file: 'last.ckpt'"),
    ...STEPS,
  ],
  'an optional module': handled(
    'falling back to the plain one',
    "ModuleNotFoundError: No module named 'flash_attn'",
  ),
  "a thread's end": [
    'Exception in thread Thread-3 (upload):',
    'Traceback (most recent call last):',
    '  File "/usr/lib/python3.12/threading.py", line 1075, in _bootstrap_inner',
    '    self.run()',
    'ConnectionError: HTTPSConnectionPool(host=...): Max retries exceeded',
    ...STEPS,
  ],
  'a config that is named after a library': [
    'Could not find config nccl.yaml, using the built-in one',
    ...STEPS,
  ],
};
const AFTER: Record<string, string[]> = {
  'a destructor': [
    'Exception ignored in: <function Env.__del__ at 0x7f2e4c1d>',
    'Traceback (most recent call last):',
    '  File "/home/ada/proj/env.py", line 80, in __del__',
    '    self.close()',
    "AttributeError: 'NoneType' object has no attribute 'close'",
  ],
  'the interpreter going down': [
    'Exception ignored in: <generator object>',
    'Traceback (most recent call last):',
    'ImportError: sys.meta_path is None, Python is likely shutting down',
  ],
  'cleaning up': [
    'INFO  2026-11-23 15:17:47 [xax.task] uploading the last logs',
    'INFO  2026-11-23 15:17:47 [xax.task] cleanup of worker processes',
    'INFO  2026-11-23 15:17:48 [xax.task] done',
  ],
};

const logs = labelsOf('open', 'held').map((label) => ({ ...label, lines: cleanLines(rawLog(label)) }));

describe('the cause of a failed job is the same', () => {
  const kinds = (noisy: (lines: string[]) => string[]) =>
    logs.map(({ id, lines, return_code, xax_error }) => {
      const { kind } = diagnose({ error: xax_error, returnCode: return_code }, noisy(lines));
      return [id, kind];
    });
  const right = logs.map((label) => [label.id, label.expect[0]]);
  /** A log that does not tell stays one. */
  for (const [what, lines] of Object.entries(BEFORE))
    it(`with ${what} before it`, () => {
      expect(kinds((own) => [...lines, ...own])).toEqual(right);
    });
  for (const [what, lines] of Object.entries(AFTER))
    it(`with ${what} after it`, () => {
      expect(kinds((own) => [...own, ...lines])).toEqual(right);
    });
});

describe('a cause', () => {
  const failed = { error: 'Process exited with return code 1', returnCode: 1 };
  const traceback = (exception: string) => [
    'Traceback (most recent call last):',
    '  File "/home/ada/proj/train.py", line 7, in main',
    '    step()',
    exception,
  ];

  it('is the first of several ranks, of which the others only noticed', () => {
    const lines = [
      ...traceback('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB'),
      ...traceback('RuntimeError: NCCL communicator was aborted on rank 1.'),
    ];
    expect(diagnose(failed, lines).kind).toBe('out_of_memory_device');
  });

  it('is no old traceback when a signal ended the run', () => {
    const lines = [...traceback('ConnectionError: tracker is away'), 'still here'];
    expect(diagnose({ error: 'Terminated by signal 15', returnCode: -15 }, lines).kind).toBe('signal');
  });

  it('is not sure when the program complains of something else after what it had handled', () => {
    const lines = [
      ...traceback("ModuleNotFoundError: No module named 'flash_attn'"),
      '',
      'Config error: batch_size must divide 8',
    ];
    expect(diagnose(failed, lines).kind).toBe('unknown');
  });

  it('is read from a traceback that the library rich has drawn', () => {
    const lines = [
      '╭───────────────────── Traceback (most recent call last) ─────────────────────╮',
      '│ /home/ada/proj/train.py:42 in main                                          │',
      '│                                                                             │',
      '│ ❱ 42 │   model.load(path)                                                   │',
      '╰─────────────────────────────────────────────────────────────────────────────╯',
      "FileNotFoundError: [Errno 2] No such file or directory: '/data/train.bin'",
    ];
    expect(diagnose(failed, cleanLines(lines.join('\n')))).toMatchObject({
      kind: 'missing_file',
      name: '/data/train.bin',
      frame: { file: '/home/ada/proj/train.py', line: 42, function: 'main' },
    });
  });

  it('is read of a file that Python could not compile', () => {
    const lines = [
      '  File "/home/ada/proj/model.py", line 3',
      '    layers = [',
      '             ^',
      "SyntaxError: '[' was never closed",
    ];
    expect(diagnose(failed, lines)).toMatchObject({
      kind: 'python_exception',
      text: "SyntaxError: '[' was never closed (model.py:3)",
    });
  });

  it('is found quickly in an exception of many words', () => {
    const lines = traceback(`MemoryError: ${'Unable to allocate '.repeat(40_000)}`);
    const began = process.cpuUsage().user;
    expect(diagnose(failed, lines).kind).toBe('out_of_memory_host');
    expect(process.cpuUsage(undefined).user - began).toBeLessThan(5_000_000);
  });
});
