import { describe } from 'vitest';
import { holds, library, prefixed, steps, traceback } from './cases.ts';

const UNCAUGHT = [
  '  File "/home/ada/proj/train.py", line 90, in <module>',
  '    main()',
  '  File "/home/ada/proj/train.py", line 40, in main',
  '    step()',
];
const uncaught = (words: string) => traceback(words, UNCAUGHT);
const BOOTSTRAP = [
  '  File "/usr/lib/python3.12/threading.py", line 1075, in _bootstrap_inner',
  '    self.run()',
];
const OWN = ['  File "/home/ada/proj/data.py", line 5, in prefetch', '    rows[i]'];
const thread = (words: string, frames: readonly string[] = OWN) => [
  'Exception in thread Thread-3 (prefetch):',
  ...traceback(words, [...BOOTSTRAP, ...frames]),
];
const child = (words: string) => [
  'Process Loader-1:',
  ...traceback(words, [
    '  File "/usr/lib/python3.12/multiprocessing/process.py", line 314, in _bootstrap',
    '    self.run()',
    ...OWN,
  ]),
];
const launcher = (words: string, path: string) => traceback(words, library(path, 'main'));
const inConnection = [
  '  File "/usr/lib/python3.12/multiprocessing/connection.py", line 399, in _recv',
  '    raise EOFError',
];

describe('what ended a thread', () => {
  holds({
    'is the cause where nothing else is told': {
      log: [...steps(1, 3), ...thread('ValueError: bad shard')],
      kind: 'python_exception',
      text: 'ValueError: bad shard (data.py:5 in prefetch)',
    },
    'is the cause where the program says that a thread died': {
      log: [
        ...thread('ValueError: found invalid values: nan values'),
        ...uncaught('RuntimeError: The learner thread died while training!'),
      ],
      kind: 'nan',
      text: 'found invalid values',
    },
    'is the cause where the program waited for it in vain': {
      log: [...thread('ValueError: bad shard'), ...uncaught('_queue.Empty')],
      kind: 'python_exception',
      text: 'ValueError: bad shard',
    },
    'is the cause where pinned memory was waited for': {
      log: [
        ...thread('ValueError: not enough values to unpack (expected 2, got 0)', [
          ...library('torch/utils/data/_utils/pin_memory.py', '_pin_memory_loop'),
        ]),
        'epoch=21 loss=0.13:   0%|     | 21/300001 [00:08<34:03:39,  2.45it/s]',
        ...uncaught('RuntimeError: Pin memory thread exited unexpectedly'),
      ],
      kind: 'python_exception',
      text: 'not enough values to unpack',
    },
    'is none where it only lost the connection': {
      log: [
        ...thread('ConnectionResetError: [Errno 104] Connection reset by peer'),
        ...uncaught('RuntimeError: Pin memory thread exited unexpectedly'),
      ],
      kind: 'unknown',
      text: 'Pin memory thread exited unexpectedly',
    },
    'is none where it was a tracker’s': {
      log: [...steps(1, 3), ...thread('OSError: gone', library('wandb/sdk/internal.py'))],
      kind: 'unknown',
    },
    'is none where training went on': {
      log: [...thread('ValueError: bad shard'), ...steps(1, 6)],
      kind: 'unknown',
    },
    'is the first of several': {
      log: [...thread('OSError: first'), ...thread('OSError: second')],
      kind: 'python_exception',
      text: 'OSError: first',
    },
    'is none where the thread only told of the run': {
      log: traceback('OSError: gone', [...BOOTSTRAP, ...OWN]).toSpliced(
        0,
        0,
        'Exception in thread Thread-4 (upload):',
      ),
      kind: 'unknown',
    },
  });
});

describe('what only followed from another process’s end', () => {
  const gone: Record<string, string> = {
    'concurrent.futures':
      'concurrent.futures.process.BrokenProcessPool: A process in the process pool was terminated abruptly while the future was running or pending.',
    ray: 'ray.exceptions.ActorDiedError: The actor died unexpectedly before finishing this task.',
    'ray.tune': "ray.tune.error.TuneError: ('Trials did not complete', ['train_fn_0001'])",
    'mp.spawn': 'torch.multiprocessing.spawn.ProcessExitedException: process 1 terminated with exit code 1',
    'a data loader': 'RuntimeError: DataLoader worker (pid(s) 4120) exited unexpectedly',
    dask: "distributed.scheduler.KilledWorker: Attempted to run task 'load-1' on 4 different workers, but all those workers died while running it.",
    'a child of Python’s own':
      "subprocess.CalledProcessError: Command '['python', 'train.py']' returned non-zero exit status 1.",
    grain: 'RuntimeError: Grain worker process 3 was terminated unexpectedly with exit code 1',
    horovod:
      'RuntimeError: Horovod detected that one or more processes exited with non-zero status, thus causing the job to be terminated.',
  };
  holds(
    Object.fromEntries(
      Object.entries(gone).map(([name, words]) => [
        `is no cause: ${name}`,
        { log: [...steps(1, 3), ...uncaught(words)], kind: 'unknown' as const, text: 'another process' },
      ]),
    ),
  );
  holds(
    Object.fromEntries(
      Object.entries(gone).map(([name, words]) => [
        `is told from the child’s own end: ${name}`,
        {
          log: [...child('ValueError: bad shard'), ...uncaught(words)],
          kind: 'python_exception' as const,
          text: 'ValueError: bad shard',
        },
      ]),
    ),
  );
  holds({
    'is the end of a list of what may have been': {
      log: uncaught(
        'ray.exceptions.ActorDiedError: The actor died unexpectedly before finishing this task.\nThere are some potential root causes. (1) The process is killed by SIGKILL by OOM killer due to high memory usage.',
      ),
      kind: 'unknown',
    },
    'is what was waited for': {
      log: [...child('ValueError: bad shard'), ...uncaught('TimeoutError: no answer within 60 s')],
      kind: 'python_exception',
      text: 'ValueError: bad shard',
    },
    'is a pipe that was closed': {
      log: traceback('EOFError', [...UNCAUGHT, ...inConnection]),
      kind: 'unknown',
    },
    'is a time-out of its own where nothing else is told': {
      log: uncaught('TimeoutError: [Errno 110] Connection timed out'),
      kind: 'python_exception',
    },
    'is what refers to the trace above': {
      log: [
        ...prefixed('(Worker_TP0 pid=3) ERROR 03-11 17:57:10 [executor.py:783] ', uncaught("KeyError: 'a'")),
        ...uncaught("RuntimeError: Worker failed with error ''a'', please check the stack trace above"),
        ...uncaught('RuntimeError: Engine core initialization failed. See root cause above.'),
      ],
      kind: 'python_exception',
      text: "KeyError: 'a'",
    },
    'is the crash of JAX’s distributed service': {
      log: [
        ...steps(1, 3),
        'F1123 15:17:26.123456  4120 client.h:80] Terminating process because the JAX distributed service detected fatal errors. This most likely indicates that another task died.',
      ],
      kind: 'unknown',
      returnCode: -6,
    },
    'is NCCL’s, after a rank that died while another went on': {
      log: [
        ...prefixed('[rank1]: ', uncaught("KeyError: 'lr'")),
        ...steps(1, 5),
        ...prefixed(
          '[rank0]: ',
          uncaught('torch.distributed.DistBackendError: NCCL error: remote process exited or network error'),
        ),
      ],
      kind: 'python_exception',
      text: "KeyError: 'lr'",
    },
  });
});

describe('a launcher’s own lines', () => {
  const failed = uncaught("KeyError: 'lr'");
  const after: Record<string, string[]> = {
    'Horovod’s, with its module before its words': [
      'Traceback (most recent call last):',
      '  File "/opt/v/lib/python3.8/runpy.py", line 194, in _run_module_as_main',
      'horovod.runner.launch: Horovod detected that one or more processes exited with non-zero status',
    ],
    'Open MPI’s': [
      '-'.repeat(74),
      'Primary job  terminated normally, but 1 process returned',
      'a non-zero exit code. Per user-direction, the job has been aborted.',
      '-'.repeat(74),
    ],
    'Slurm’s': [
      'srun: error: gpu1: task 0: Exited with exit code 1',
      'slurmstepd: error: *** STEP 1.0 ON gpu1 CANCELLED AT 2026-11-23T15:17:26 ***',
    ],
    'torchrun’s': launcher(
      'torch.distributed.elastic.multiprocessing.errors.ChildFailedError: \n====\ntrain.py FAILED',
      'torch/distributed/run.py',
    ),
    'accelerate’s': launcher(
      "subprocess.CalledProcessError: Command '['/opt/v/bin/python', 'train.py']' returned non-zero exit status 1.",
      'accelerate/commands/launch.py',
    ),
    'DeepSpeed’s': [
      '[2026-11-23 15:17:26,123] [INFO] [launch.py:315:sigkill_handler] Killing subprocess 4120',
      "[2026-11-23 15:17:26,223] [ERROR] [launch.py:321:sigkill_handler] ['python', 'train.py'] exits with return code = 1",
    ],
    'Paddle’s': [
      'INFO 2026-11-23 15:17:26,123 launch_utils.py:327] terminate all the procs',
      'ERROR 2026-11-23 15:17:26,123 launch_utils.py:584] ABORT!!! Out of all 2 trainers, the trainer process with rank=[0] was aborted. Please check its log.',
    ],
  };
  holds(
    Object.fromEntries(
      Object.entries(after).map(([name, lines]) => [
        `are no cause: ${name}`,
        { log: [...failed, ...lines], kind: 'python_exception' as const, text: "KeyError: 'lr'" },
      ]),
    ),
  );
  holds({
    'tell of the record that torch kept of the child’s exception': {
      log: launcher(
        [
          'torch.distributed.elastic.multiprocessing.errors.ChildFailedError: ',
          'Root Cause (first observed failure):',
          '  exitcode  : 1 (pid: 4120)',
          '  traceback : Traceback (most recent call last):',
          '    File "/home/ada/proj/train.py", line 9, in main',
          '      raise ValueError("bad")',
          '  ValueError: bad',
        ].join('\n'),
        'torch/distributed/run.py',
      ),
      kind: 'python_exception',
      text: 'ValueError: bad',
    },
    'tell of a child’s exit code, which tells of arguments that it refused': {
      log: [
        'usage: train.py [-h]',
        'train.py: error: unrecognized arguments: --local_rank=0',
        ...after['DeepSpeed’s']!.map((line) => line.replace('code = 1', 'code = 2')),
      ],
      kind: 'python_exception',
      text: 'unrecognized arguments: --local_rank=0',
    },
  });
});

describe('a child’s end by a signal', () => {
  const lines: Record<string, string> = {
    'Lightning’s':
      '[rank: 1] Child process with PID 170 terminated with code -9. Forcefully terminating all other processes',
    'multiprocessing’s': 'ERROR: worker Process-3 failed, exitcode=-9',
    'Slurm’s': 'srun: error: gpu1: task 0: Exited with exit code 137',
    'a shell’s': 'training exited with code 137',
    'Open MPI’s':
      'mpirun noticed that process rank 0 with PID 4120 on node gpu1 exited on signal 9 (Killed).',
    'torchrun’s':
      'E1123 15:17:26.123000 4120 elastic/multiprocessing/api.py:874] failed (exitcode: -9) local_rank: 1 (pid: 4122) of binary: python',
    'DeepSpeed’s':
      "[ERROR] [launch.py:321:sigkill_handler] ['python', 'train.py'] exits with return code = -9",
  };
  holds(
    Object.fromEntries(
      Object.entries(lines).map(([name, line]) => [
        `is told: ${name}`,
        { log: [...steps(1, 3), line], kind: 'signal' as const, text: 'SIGKILL' },
      ]),
    ),
  );
});
