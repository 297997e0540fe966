import { describe } from 'vitest';
import { directly, holds, library, prefixed, steps, TRAIN, traceback } from './cases.ts';

describe('an exception is read', () => {
  holds({
    'behind loguru’s marks': {
      log: [
        "2026-11-23 15:17:26.123 | ERROR    | __main__:<module>:20 - An error has been caught in function '<module>':",
        'Traceback (most recent call last):',
        '',
        '  File "/home/ada/proj/train.py", line 20, in <module>',
        '    main()',
        '    └ <function main at 0x7f2e>',
        '',
        '> File "/home/ada/proj/train.py", line 12, in main',
        '    x = d["k"]',
        '        │ └ 3',
        "        └ {'a': 1}",
        '',
        "KeyError: 'k'",
      ],
      kind: 'python_exception',
      text: "KeyError: 'k' (train.py:12 in main)",
    },
    'in a notebook that papermill ran': {
      log: [
        '---------------------------------------------------------------------------',
        'FileNotFoundError                         Traceback (most recent call last)',
        'Cell In[3], line 5',
        '      3 import pandas as pd',
        "----> 5 df = pd.read_csv('/data/train.csv')",
        '',
        'File /opt/v/lib/python3.12/site-packages/pandas/io/common.py:873, in get_handle(path)',
        '    872     # Encoding',
        '--> 873     handle = open(',
        '',
        "FileNotFoundError: [Errno 2] No such file or directory: '/data/train.csv'",
      ],
      kind: 'missing_file',
      text: '/data/train.csv',
    },
    'in a line of JSON': {
      log: [
        '{"event": "run failed", "exception": "Traceback (most recent call last):\\n  File \\"/home/ada/proj/train.py\\", line 7, in main\\n    step()\\nKeyError: \'lr\'", "level": "error"}',
      ],
      kind: 'python_exception',
      text: "KeyError: 'lr' (train.py:7 in main)",
    },
    'of the worker that a data loader names': {
      log: [
        ...traceback(
          'KeyError: Caught KeyError in DataLoader worker process 0.',
          library('torch/utils/data/dataloader.py', '_process_data'),
        ),
        'Original Traceback (most recent call last):',
        ...library('torch/utils/data/_utils/worker.py', '_worker_loop'),
        '  File "/home/ada/proj/data.py", line 40, in __getitem__',
        "    return self.rows[i]['label']",
        "KeyError: 'label'",
      ],
      kind: 'python_exception',
      text: "KeyError: 'label' (data.py:40 in __getitem__)",
    },
    'of the process that mp.spawn names': {
      log: [
        ...traceback(
          'torch.multiprocessing.spawn.ProcessRaisedException: ',
          library('torch/multiprocessing/spawn.py', 'join'),
        ),
        '',
        '-- Process 1 terminated with the following error:',
        ...traceback('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.'),
      ],
      kind: 'out_of_memory_device',
      text: '2.00 GiB',
    },
    'of a Ray task': {
      log: [
        'Traceback (most recent call last):',
        '  File "/home/ada/proj/tune.py", line 9, in main',
        '    ray.get(ref)',
        'ray.exceptions.RayTaskError(ValueError): ray::train_fn() (pid=411, ip=10.0.0.7)',
        '  File "/home/ada/proj/train.py", line 31, in train_fn',
        '    check(batch)',
        'ValueError: batch of 3 for 4 devices',
      ],
      kind: 'python_exception',
      text: 'ValueError: batch of 3 for 4 devices (train.py:31 in train_fn)',
    },
    'with the marks of Python 3.13, in colour': {
      log: [
        'Traceback (most recent call last):',
        '  File \u001b[35m"/home/ada/proj/train.py"\u001b[0m, line \u001b[35m7\u001b[0m, in \u001b[35mmain\u001b[0m',
        '    \u001b[31mstep\u001b[0m\u001b[1;31m(batch)\u001b[0m',
        '    \u001b[31m~~~~\u001b[0m\u001b[1;31m^^^^^^^\u001b[0m',
        "\u001b[1;35mTypeError\u001b[0m: \u001b[35mstep() missing 1 required positional argument: 'key'\u001b[0m",
      ],
      kind: 'python_exception',
      text: 'TypeError: step() missing',
    },
    'in an exception group within a rank’s lines': {
      log: prefixed('[rank0]: ', [
        '  + Exception Group Traceback (most recent call last):',
        '  |   File "/home/ada/proj/fetch.py", line 40, in fetch_all',
        '  |     async with asyncio.TaskGroup() as group:',
        '  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)',
        '  +-+---------------- 1 ----------------',
        '    | Traceback (most recent call last):',
        '    |   File "/home/ada/proj/fetch.py", line 52, in fetch_one',
        '    |     open(path)',
        "    | FileNotFoundError: [Errno 2] No such file or directory: 'a.tar'",
        '    +------------------------------------',
      ]),
      kind: 'missing_file',
      text: 'a.tar',
    },
    'in the lines of the rank that torchrun saw fail first': {
      log: [
        '[rank1]: Traceback (most recent call last):',
        '[rank0]: Traceback (most recent call last):',
        '[rank1]:   File "/home/ada/proj/train.py", line 7, in main',
        '[rank0]:   File "/home/ada/proj/train.py", line 9, in main',
        '[rank1]:     step()',
        '[rank0]:     dist.all_reduce(x)',
        '[rank1]: ValueError: bad batch',
        '[rank0]: torch.distributed.DistBackendError: NCCL communicator was aborted on rank 0.',
      ],
      kind: 'python_exception',
      text: 'ValueError: bad batch (train.py:7 in main)',
    },
    'in torchrun’s record of its child': {
      log: [
        'E0205 01:02:51.107000 907600 torch/distributed/elastic/multiprocessing/api.py:869] failed (exitcode: 1) local_rank: 0',
        ...traceback(
          'torch.distributed.elastic.multiprocessing.errors.ChildFailedError: ',
          library('torch/distributed/launcher/api.py', 'launch_agent'),
        ),
        '============================================================',
        'Root Cause (first observed failure):',
        '[0]:',
        '  exitcode  : 1 (pid: 907695)',
        '  error_file: /tmp/e/0/error.json',
        '  traceback : Traceback (most recent call last):',
        '    File "/home/ada/proj/train.py", line 71, in main',
        '      loss.backward()',
        '  IndexError: index 9 is out of bounds',
        '============================================================',
      ],
      kind: 'python_exception',
      text: 'IndexError: index 9 is out of bounds (train.py:71 in main)',
    },
    'with its type in a function': {
      log: traceback('__main__.main.<locals>.Diverged: gave up'),
      kind: 'python_exception',
      text: 'Diverged: gave up',
    },
    'among lines of other processes': {
      log: [
        'Traceback (most recent call last):',
        '2026-11-23 15:17:26 INFO data: shard 3 read',
        ...TRAIN,
        '  2%|2         | 77/5000 [57:02<60:46:54, 44.45s/it]',
        'ZeroDivisionError: division by zero',
      ],
      kind: 'python_exception',
      text: 'ZeroDivisionError: division by zero (train.py:7 in main)',
    },
    'without a traceback, where a program printed its words only': {
      log: [...steps(1, 5), 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.'],
      kind: 'out_of_memory_device',
    },
    'of a cause that a wrapper hides': {
      log: [
        ...traceback("ModuleNotFoundError: No module named 'flash_attn'"),
        ...directly,
        ...traceback(
          "hydra.errors.InstantiationException: Error in call to target 'proj.model.Net'",
          library('hydra/_internal/instantiate.py'),
        ),
      ],
      kind: 'missing_module',
      text: 'flash_attn',
    },
  });
});

describe('what stands after an exception does not hide it:', () => {
  const crash = traceback('ValueError: bad batch');
  const text = 'ValueError: bad batch';
  const kind = 'python_exception';
  holds({
    'bars that are drawn again': {
      log: [
        'step 5',
        ...crash,
        ' 50%|5 | 5/10 [00:01<00:01,  2.00it/s]',
        ' 50%|5 | 5/10 [00:02<00:02,  2.00it/s]',
        'Epoch 3:  50%|5 | 5/10 [00:02]',
      ],
      kind,
      text,
    },
    'output that was buffered': { log: [...steps(9, 9), ...crash, ...steps(1, 9)], kind, text },
    'files that are saved': {
      log: [...crash, 'uploading 1/5', 'uploading 2/5', 'uploading 3/5'],
      kind,
      text,
    },
    'a tracker’s summary': {
      log: [
        ...crash,
        'wandb: Run summary:',
        'wandb:   epoch 3',
        'wandb:   global_step 4200',
        'wandb: step 4201',
      ],
      kind,
      text,
    },
    'words of going on': {
      log: [...crash, 'Ignoring the error above, continuing to shut down', 'retrying upload of the log'],
      kind,
      text,
    },
    'a fall back that was told before': {
      log: ['No GPU/TPU found, falling back to CPU.', ...crash, 'Exiting.'],
      kind,
      text,
    },
    'a warning of shared objects': {
      log: [
        ...crash,
        '/opt/v/lib/python3.12/multiprocessing/resource_tracker.py:254: UserWarning: resource_tracker: There appear to be 6 leaked semaphore objects to clean up at shutdown',
        '  warnings.warn(',
      ],
      kind,
      text,
    },
    'a crash while the process goes down': {
      log: [...crash, 'terminate called without an active exception', 'Aborted (core dumped)'],
      kind,
      text,
      returnCode: -6,
    },
    'Hydra’s hint': {
      log: [
        'Error executing job with overrides: []',
        ...crash,
        '',
        'Set the environment variable HYDRA_FULL_ERROR=1 for a complete stack trace.',
      ],
      kind,
      text,
    },
    'a launcher’s own end': {
      log: [
        ...crash,
        ...traceback(
          "subprocess.CalledProcessError: Command '['/usr/bin/python3', 'train.py']' returned non-zero exit status 1.",
          library('accelerate/commands/launch.py', 'simple_launcher'),
        ),
      ],
      kind,
      text,
    },
    'an interrupt of the others': { log: [...crash, ...traceback('KeyboardInterrupt')], kind, text },
    'Slurm’s lines': {
      log: [...crash, 'srun: error: gpu1: task 0: Exited with exit code 1', 'srun: Terminating StepId=812.0'],
      kind,
      text,
    },
  });
});
