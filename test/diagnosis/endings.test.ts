import { describe, expect, it } from 'vitest';
import { holds, library, steps, told, traceback } from './cases.ts';

describe('an end without an exception is told by', () => {
  holds({
    'a program that stops because of NaN': {
      log: [
        ...steps(1, 4),
        '    16/999     7.38G   0.03433:  85%|8 | 23/27 [00:15<00:02,  1.66it/s]WARNING: non-finite loss, ending training  tensor([nan, nan])',
      ],
      kind: 'nan',
      text: 'non-finite loss, ending training',
    },
    'torch, of a worker that crashed': {
      log: [
        'ERROR: Unexpected segmentation fault encountered in worker.',
        ...traceback(
          'RuntimeError: DataLoader worker (pid(s) 3217) exited unexpectedly',
          library('torch/utils/data/dataloader.py', '_try_get_data'),
        ),
      ],
      kind: 'signal',
      text: 'segmentation fault encountered in worker',
    },
    'a shell, of a program that is not there': {
      log: ['run.sh: line 2: torchrun: command not found'],
      kind: 'missing_file',
      text: 'torchrun',
      returnCode: 127,
    },
    'an argument parser': {
      log: ['usage: train.py [-h] [--lr LR]', 'train.py: error: unrecognized arguments: --foo'],
      kind: 'python_exception',
      text: 'unrecognized arguments: --foo',
      returnCode: 2,
    },
    'a log’s last error': {
      log: [...steps(1, 4), 'ERROR: training failed: loss is NaN at step 5'],
      kind: 'nan',
    },
    'XLA’s fatal line': {
      log: [
        '2025-04-23 20:35:34.618070: F external/xla/xla/service/gpu/autotuning/gemm_fusion_autotuner.cc:1099] Non-OK-status: executable.status()',
        'Status: INTERNAL: ptxas exited with non-zero error code 139, output:',
      ],
      kind: 'compile',
      returnCode: -6,
    },
    'the C library': {
      log: [...steps(1, 4), 'double free or corruption (!prev)'],
      kind: 'signal',
      text: 'double free or corruption',
      returnCode: -6,
    },
    'glog’s fatal line': {
      log: ['F1123 15:17:26.1 123 array.cc:9] Check failed: n < size (5 vs. 3)'],
      kind: 'signal',
      text: 'Check failed: n < size',
      returnCode: -6,
    },
    'C++, of the GPU’s memory': {
      log: [
        "terminate called after throwing an instance of 'c10::OutOfMemoryError'",
        '  what():  CUDA out of memory. Tried to allocate 2.00 GiB',
      ],
      kind: 'out_of_memory_device',
      returnCode: -6,
    },
    'RAPIDS, whose bad_alloc is of the GPU': {
      log: [
        "terminate called after throwing an instance of 'rmm::out_of_memory'",
        '  what():  std::bad_alloc: out_of_memory: CUDA error at: /rmm/cuda.hpp:70: cudaErrorMemoryAllocation out of memory',
      ],
      kind: 'out_of_memory_device',
      returnCode: -6,
    },
    'the kernel': {
      log: [
        ...steps(1, 4),
        '[512347.112] Memory cgroup out of memory: Killed process 289 (python) total-vm:131072000kB',
      ],
      kind: 'out_of_memory_host',
      returnCode: 137,
    },
    'Slurm, of a time limit': {
      log: [
        ...steps(1, 4),
        'slurmstepd: error: *** JOB 812 ON gpu1 CANCELLED AT 2026-11-23T15:17:26 DUE TO TIME LIMIT ***',
      ],
      kind: 'signal',
      text: 'DUE TO TIME LIMIT',
      returnCode: 143,
    },
    'Slurm, of a task': {
      log: [...steps(1, 4), 'srun: error: gpu1: task 3: Out Of Memory'],
      kind: 'out_of_memory_host',
    },
    'torchrun, of its child': {
      log: [
        ...steps(1, 4),
        'E0205 01:02:51.1 907 torch/distributed/elastic/multiprocessing/api.py:869] failed (exitcode: -11) local_rank: 0 (pid: 9076)',
      ],
      kind: 'signal',
      text: 'SIGSEGV',
    },
    mpirun: {
      log: [
        ...steps(1, 4),
        'mpirun noticed that process rank 3 with PID 0 on node gpu1 exited on signal 9 (Killed).',
      ],
      kind: 'signal',
      text: 'SIGKILL',
    },
    'glog’s handler': {
      log: [
        ...steps(1, 4),
        '*** SIGSEGV (@0x0) received by PID 4120 (TID 0x7f2e) from PID 0; stack trace: ***',
      ],
      kind: 'signal',
      text: 'SIGSEGV',
    },
    'joblib, of its workers': {
      log: traceback(
        'joblib.externals.loky.process_executor.TerminatedWorkerError: A worker process managed by the executor was unexpectedly terminated. The exit codes of the workers are {SIGKILL(-9)}',
      ),
      kind: 'signal',
      text: 'SIGKILL',
    },
    'the return code alone': { log: steps(1, 4), kind: 'signal', text: 'SIGSEGV', returnCode: 139 },
    'a shell': {
      log: [...steps(1, 4), 'train.sh: line 3: 12345 Killed                  python train.py'],
      kind: 'signal',
      text: 'SIGKILL',
    },
    'xax, where the log was cut': {
      log: steps(1, 4),
      kind: 'out_of_memory_device',
      error:
        'CUDA OOM detected: jaxlib.xla_extension.XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 68719476736 bytes.',
    },
    'an interrupt that xax printed': {
      log: [...steps(1, 4), ...traceback('KeyboardInterrupt')],
      kind: 'signal',
      text: 'SIGINT',
    },
    'Python, which finds no such module': {
      log: ['/opt/venv/bin/python3.12: No module named proj.train'],
      kind: 'missing_module',
      text: 'proj.train',
    },
    'Python, which finds no such file': {
      log: [
        "/opt/venv/bin/python: can't open file '/home/ada/proj/trian.py': [Errno 2] No such file or directory",
      ],
      kind: 'missing_file',
      text: 'trian.py',
    },
  });

  it('the queue, where the run itself ended well', () => {
    const leaked = 'Leaked subprocesses after job exit: [4120]';
    expect(told({ log: steps(1, 4), kind: 'unknown', returnCode: 0, error: leaked }).text).toBe(
      `it ended with return code 0; the queue counts it as failed for another reason: ${leaked}`,
    );
  });

  it('the queue, which could not start it', () => {
    expect(
      told({
        log: [],
        kind: 'unknown',
        returnCode: -1,
        error: "[Errno 2] No such file or directory: '/opt/v/bin/python'",
      }),
    ).toMatchObject({
      kind: 'missing_file',
      name: '/opt/v/bin/python',
    });
  });
});
