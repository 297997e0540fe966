import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { ownFrame } from '../../src/diagnosis/frames.ts';
import { pythonExceptions } from '../../src/diagnosis/traceback.ts';
import { causeOf, type Ended, foundIn } from '../../src/notify/cause.ts';
import { parseJob } from '../../src/queue/xax/state-schema.ts';
import { rawJob } from '../queue/xax/helpers.ts';

const failureCause = (job: Ended, log: readonly string[]) => causeOf(job, foundIn(job, log));
const FAILED = { error: 'Process exited with return code 1', returnCode: 1 };
const traceback = (exception: string, source = 'x = 1') => [
  'Traceback (most recent call last):',
  '  File "/home/ada/proj/train.py", line 7, in main',
  `    ${source}`,
  ...exception.split('\n'),
];

describe('a diagnosis', () => {
  it('goes by the exception, not by what a quoted source line says', () => {
    const lines = traceback(
      'KeyError: 1',
      'raise RuntimeError("RESOURCE_EXHAUSTED: CUDA out of memory, loss is nan")',
    );
    expect(diagnose(FAILED, lines)).toMatchObject({
      kind: 'python_exception',
      text: 'KeyError: 1 (train.py:7 in main)',
    });
  });

  it('leaves an error alone that training survived', () => {
    const lines = [
      ...traceback('RuntimeError: CUDA out of memory. Tried to allocate 2 GiB'),
      'step 5 loss 1',
      'step 6 loss 1',
      'step 7 loss 1',
    ];
    expect(diagnose(FAILED, lines)).toMatchObject({
      kind: 'unknown',
      text: 'unknown: Process exited with return code 1',
    });
  });

  it('shows the frame and the words that it is based on', () => {
    expect(
      diagnose(FAILED, ['noise', ...traceback('ValueError: a\nsecond line'), '', 'Exiting']).lines,
    ).toEqual([
      'Traceback (most recent call last):',
      '  File "/home/ada/proj/train.py", line 7, in main',
      '    x = 1',
      'ValueError: a',
      'second line',
    ]);
  });

  it('says what it does not know, with the last lines', () => {
    expect(diagnose({ error: null, returnCode: 3 }, ['', 'step 1'])).toMatchObject({
      text: 'unknown: exit code 3',
      lines: ['step 1'],
    });
    expect(diagnose({ error: null, returnCode: null }, [])).toMatchObject({
      text: 'unknown: no reason given',
      lines: [],
    });
  });

  it('stays quick on a log of long lines and many tracebacks', () => {
    const lines = Array.from({ length: 500 }, () => traceback(`ValueError: ${'x'.repeat(2_000)}`)).flat();
    expect(diagnose(FAILED, lines).text.length).toBeLessThan(300);
  });
});

describe('a log of any lines', () => {
  const LINES = 1_000;
  const LENGTH = 2_000;
  const PIECES = [
    'a',
    '1',
    ' ',
    'a.',
    ': ',
    '1:2',
    '[a|',
    '1/2 [',
    'step 1 ',
    '  File "',
    'A.',
    'Error: ',
    'error : ',
    "'a ",
    'NCCL ',
    'ray::a (pid=1 ',
    'OOM when allocating ',
    'RESOURCE_EXHAUSTED: Out of ',
    'Check failed: ',
    'a:1: b: Assertion ',
    "Command '[",
    'loss is a ',
    'died with ',
    'worker thread ',
    'unable to open file ',
    'checkpoint /a',
    'exited with code ',
    'loss scale ',
  ];
  const HEADS = ['', 'E0000 ', 'RuntimeError: ', 'Traceback (most recent call last):\\n'];
  const manyOf = (lines: (at: number) => string[]) =>
    Array.from({ length: LINES }, (_, at) => lines(at))
      .flat()
      .slice(0, LINES);
  const hostile: Record<string, string[]> = {
    'first lines of tracebacks': manyOf(() => ['Traceback (most recent call last):']),
    'drawn first lines': manyOf((at) => [`${'x '.repeat(at % 50)} Traceback (most recent call last)`]),
    'tracebacks of many ranks': manyOf((at) => [`[rank${at % 97}]: ${traceback('ValueError: x')[at % 4]}`]),
    'threads that died, and lines written late': manyOf((at) => [
      'Exception in thread Thread-1:',
      ...traceback(`RuntimeError: a worker ${'process '.repeat(100)}died`),
      `step ${at} loss 1`,
    ]),
    'handled tracebacks': manyOf((at) => [
      'falling back',
      ...traceback('ValueError: x').map((line) => `[rank${at}]: ${line}`),
      'hello',
    ]),
  };
  for (const [name, lines] of Object.entries(hostile))
    it(`is read in time with ${name}`, () => {
      expect(secondsOf(lines)).toBeLessThan(1);
    });
  for (const head of HEADS)
    it(`is read in time with what is repeated behind "${head}"`, () => {
      for (const piece of PIECES) {
        const line = `${head}${piece.repeat(LENGTH)}`.slice(0, LENGTH);
        expect(secondsOf(manyOf(() => [...traceback(line), line])), piece).toBeLessThan(2);
      }
    });

  /** Of the processor, for what a shared machine does in the meantime. */
  function secondsOf(lines: readonly string[]): number {
    const began = process.cpuUsage().user;
    for (const returnCode of [1, 2, -6]) diagnose({ error: null, returnCode }, lines);
    return (process.cpuUsage().user - began) / 1e6;
  }
});

describe('a traceback', () => {
  it('ends where the log goes on', () => {
    const [found] = pythonExceptions([...traceback('ValueError: one\ntwo'), '[xaxbot] next', 'three']);
    expect(found).toMatchObject({ type: 'ValueError', text: 'ValueError: one\ntwo' });
  });
  it('may be of an exception whose name is written small, or has no words', () => {
    expect(pythonExceptions(traceback('socket.timeout: timed out'))[0]?.type).toBe('timeout');
    expect(pythonExceptions(traceback('AssertionError'))[0]?.type).toBe('AssertionError');
  });
  it('that was cut off is none', () => {
    expect(pythonExceptions(traceback('ValueError: x').slice(0, 3))).toEqual([]);
  });
  it('has the team’s own frame before those of libraries, the staged copy of its code too', () => {
    const frame = (file: string) => ({ file, line: 1, function: 'f' });
    const own = frame('/data/run_006/code/examples/toy.py');
    const others = [
      '/opt/v/lib/python3.12/site-packages/jax/a.py',
      '/usr/lib/python3.12/threading.py',
      '<frozen runpy>',
      '/usr/lib/python3/dist-packages/x.py',
    ];
    expect(ownFrame([own, ...others.map(frame)])).toEqual(own);
    expect(ownFrame(others.map(frame))).toBeUndefined();
  });
});

describe('a job that was killed', () => {
  const [id, raw] = rawJob(7, { status: 'failed', error: 'Terminated by signal 9' });
  const job = { ...parseJob('host', id, raw), owner: null, removed: false, gpus: null };
  it('names who asked for it, and says when nobody here did', () => {
    const killedBy = { name: 'Ada', at: 0, signal: 'SIGKILL' };
    expect(failureCause({ ...job, killedBy }, ['step 1']).text).toBe('killed by Ada (SIGKILL)');
    const survived = traceback("FileNotFoundError: 'last.ckpt'");
    expect(failureCause({ ...job, killedBy }, survived)).toMatchObject({
      text: 'killed by Ada (SIGKILL)',
      lines: survived,
    });
    expect(failureCause({ ...job, killedBy: null }, ['step 1']).text).toBe(
      'killed outside chat: SIGKILL; if nobody did, the host may have run out of memory (dmesg says)',
    );
  });
});
