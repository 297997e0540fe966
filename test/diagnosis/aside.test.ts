import { describe } from 'vitest';
import { during, holds, library, steps, TRAIN, traceback } from './cases.ts';

describe('what ended nothing is not the cause:', () => {
  holds({
    'an exception after which steps advance': {
      log: [...steps(1, 3), ...traceback('RuntimeError: CUDA out of memory.'), ...steps(4, 8)],
      kind: 'unknown',
    },
    'an exception after which the iterations of a table advance': {
      log: [
        '05/26 11:01:58 - mmengine - INFO - Epoch(train) [7][ 50/2931]  loss: 1.2',
        ...traceback('RuntimeError: CUDA out of memory.'),
        '05/26 11:02:58 - mmengine - INFO - Epoch(train) [7][100/2931]  loss: 1.2',
        '05/26 11:03:58 - mmengine - INFO - Epoch(train) [7][150/2931]  loss: 1.2',
      ],
      kind: 'unknown',
    },
    'an exception after which epochs advance': {
      log: [
        'Epoch 1/9',
        ...traceback('RuntimeError: CUDA out of memory.'),
        'Epoch 2/9',
        ' 50/100 [==>]',
        'Epoch 3/9',
      ],
      kind: 'unknown',
    },
    'a survived one before the one that ended it': {
      log: [
        ...steps(1, 3),
        ...traceback('RuntimeError: CUDA out of memory.'),
        ...steps(4, 8),
        ...traceback("KeyError: 'lr'"),
      ],
      kind: 'python_exception',
      text: "KeyError: 'lr'",
    },
    'a thread’s': {
      log: [
        'Exception in thread Thread-3 (upload):',
        ...traceback('OSError: [Errno 28] No space left on device'),
      ],
      kind: 'unknown',
    },
    'an exit handler’s': {
      log: ['Error in atexit._run_exitfuncs:', ...traceback('RuntimeError: CUDA error: unknown error')],
      kind: 'unknown',
    },
    'a task’s that nobody waited for': {
      log: [
        'Task exception was never retrieved',
        "future: <Task finished name='Task-2'>",
        ...traceback('OSError: [Errno 28] No space left on device'),
      ],
      kind: 'unknown',
    },
    'a context manager’s, while another exception passed': {
      log: [
        ...traceback('ValueError: bad batch'),
        ...during,
        ...traceback('RuntimeError: unexpected pos 64 vs 0', [
          ...TRAIN,
          ...library('torch/serialization.py', '__exit__'),
        ]),
      ],
      kind: 'python_exception',
      text: 'ValueError: bad batch',
    },
    'the hook’s, when it fails to print the first': {
      log: [
        'Error in sys.excepthook:',
        ...traceback('NameError: x'),
        '',
        'Original exception was:',
        ...traceback('ValueError: bad batch'),
      ],
      kind: 'python_exception',
      text: 'ValueError: bad batch',
    },
    'a parent’s EOFError, when its child failed': {
      log: [
        'Process SpawnProcess-1:',
        ...traceback('ValueError: bad observation'),
        ...traceback('EOFError', [
          '  File "/home/ada/proj/envs.py", line 3, in step',
          '    pipe.recv()',
          '  File "/usr/lib/python3.12/multiprocessing/connection.py", line 383, in _recv',
          '    raise EOFError',
        ]),
      ],
      kind: 'python_exception',
      text: 'ValueError: bad observation',
    },
  });
});
