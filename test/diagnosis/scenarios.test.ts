import { describe, expect, it } from 'vitest';
import type { CauseKind } from '../../src/diagnosis/kinds.ts';
import {
  type Case,
  directly,
  during,
  holds,
  library,
  prefixed,
  steps,
  TRAIN,
  told,
  traceback,
} from './cases.ts';

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

describe('a word of several meanings is told by what stands around it:', () => {
  const of = (words: string, kind: CauseKind, frames?: readonly string[]): Case => ({
    log: traceback(words, frames),
    kind,
  });
  holds({
    'RESOURCE_EXHAUSTED of a message': of(
      'grpc._channel._InactiveRpcError: <_InactiveRpcError of RPC that terminated with:\n\tstatus = StatusCode.RESOURCE_EXHAUSTED\n\tdetails = "Received message larger than max (5242880 vs. 4194304)"\n>',
      'python_exception',
    ),
    'RESOURCE_EXHAUSTED of a quota': of(
      'google.api_core.exceptions.ResourceExhausted: 429 RESOURCE_EXHAUSTED: Quota exceeded for quota metric',
      'python_exception',
    ),
    'RESOURCE_EXHAUSTED of a kernel’s shared memory': of(
      'jax.errors.JaxRuntimeError: RESOURCE_EXHAUSTED: Shared memory size limit exceeded: requested 147456, available: 101376',
      'compile',
    ),
    'RESOURCE_EXHAUSTED of a disk': of(
      'ValueError: RESOURCE_EXHAUSTED: Error writing "a/b": No space left on device',
      'disk_full',
    ),
    'no space in /dev/shm': of(
      "OSError: [Errno 28] No space left on device: '/dev/shm/torch_12_0'",
      'out_of_memory_host',
    ),
    'no space for torch’s shared file': of(
      'RuntimeError: unable to write to file </torch_7625_2155160702>: No space left on device (28)',
      'out_of_memory_host',
    ),
    'no space for NCCL’s segment': of(
      'torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:1331, unhandled system error, NCCL version 2.18.1\nncclSystemError: System call (e.g. socket, malloc) or external library call failed or device error.\nLast error:\nError while creating shared memory segment /dev/shm/nccl-AxLhdC (size 9637888)',
      'out_of_memory_host',
    ),
    'inotify’s no space': of('OSError: [Errno 28] inotify watch limit reached', 'python_exception'),
    'OOM of a tensor on the CPU': of(
      'tensorflow.python.framework.errors_impl.ResourceExhaustedError: OOM when allocating tensor with shape[1000,1000] and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator cpu',
      'out_of_memory_host',
    ),
    'OOM of a tensor on the GPU': of(
      'tensorflow.python.framework.errors_impl.ResourceExhaustedError: OOM when allocating tensor with shape[1000,1000] and type float on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc',
      'out_of_memory_device',
    ),
    'torch’s CPU allocator': of(
      "RuntimeError: [enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 68719476736 bytes. Error code 12 (Cannot allocate memory)",
      'out_of_memory_host',
    ),
    'a kernel’s assertion as a cuBLAS error': {
      log: [
        '/pytorch/aten/src/ATen/native/cuda/Indexing.cu:1146: indexSelectLargeIndex: block: [174,0,0], thread: [0,0,0] Assertion `srcIndex < srcSelectDimSize` failed.',
        ...traceback(
          'RuntimeError: CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate(handle)`',
        ),
      ],
      kind: 'python_exception',
      text: 'srcIndex < srcSelectDimSize',
    },
    'a cuBLAS error': of(
      'RuntimeError: CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate(handle)`',
      'cuda',
    ),
    'devices that differ': of(
      'RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!',
      'python_exception',
    ),
    'a fork after CUDA': of(
      "RuntimeError: Cannot re-initialize CUDA in forked subprocess. To use CUDA with multiprocessing, you must use the 'spawn' start method",
      'python_exception',
    ),
    'NCCL’s last warning, which may be unrelated': of(
      "jaxlib.xla_extension.XlaRuntimeError: INTERNAL: NCCL operation ncclCommInitRank(&comm) failed: unhandled cuda error. Last NCCL warning(error) log entry (may be unrelated) 'Cuda failure 'out of memory''.",
      'cuda',
    ),
    'a connection that was reset': of(
      'ConnectionResetError: [Errno 104] Connection reset by peer',
      'python_exception',
    ),
    'data that hold NaN': of('ValueError: Input X contains NaN.', 'nan'),
    'a device that is in use': of(
      "RuntimeError: Unable to initialize backend 'tpu': ABORTED: The TPU is already in use by process with pid 4120.",
      'cuda',
    ),
    'a build without CUDA': of('AssertionError: Torch not compiled with CUDA enabled', 'cuda'),
    'a name with nan in it': of("KeyError: 'nan_policy'", 'python_exception'),
    'a setting that is named after a failure': of(
      "ValueError: unknown value 'loss is nan' for on_failure",
      'python_exception',
    ),
    'a module that is half imported': of(
      "AttributeError: partially initialized module 'jax' has no attribute 'numpy' (most likely due to a circular import)",
      'python_exception',
    ),
    'a version that does not fit': of(
      'ImportError: tokenizers>=0.21,<0.22 is required for a normal functioning of this module, but found tokenizers==0.20.3.',
      'python_exception',
    ),
    'a package that an import asks for': of(
      'ImportError: Using `low_cpu_mem_usage=True` requires Accelerate: `pip install accelerate`',
      'missing_module',
    ),
    'a compiler that failed': of(
      "subprocess.CalledProcessError: Command '['/usr/bin/gcc', '/tmp/a/main.c', '-O3']' returned non-zero exit status 1.",
      'compile',
    ),
    'a child that failed': of(
      "subprocess.CalledProcessError: Command '['aws', 's3', 'cp']' returned non-zero exit status 1.",
      'python_exception',
    ),
    libdevice: of(
      'jaxlib.xla_extension.XlaRuntimeError: INTERNAL: libdevice not found at ./libdevice.10.bc',
      'compile',
    ),
    'the DNN library': of(
      'jaxlib.xla_extension.XlaRuntimeError: FAILED_PRECONDITION: DNN library initialization failed. Look at the errors above for more details.',
      'cuda',
    ),
    'too many open files': of("OSError: [Errno 24] Too many open files: '/data/a.npy'", 'python_exception'),
  });
});

describe('advice', () => {
  const advice = (words: string) => told({ log: traceback(words), kind: 'unknown' }).advice ?? '';
  it('does not send to the driver for what the program did', () => {
    for (const words of [
      'RuntimeError: CUDA error: device-side assert triggered',
      'torch.distributed.DistBackendError: NCCL error: unhandled system error',
      'RuntimeError: CUDA error: an illegal memory access was encountered',
      'RuntimeError: CUDA error: invalid device ordinal',
      "ImportError: cannot import name 'a' from partially initialized module 'b' (most likely due to a circular import)",
    ])
      expect(advice(words)).toMatch(/^(?!.*(driver|Install it))./);
  });
  it('does not tell of another failure’s summary as of a complaint', () => {
    const log = [...traceback('KeyError: 5'), '', 'ERROR: training crashed, see above'];
    expect(told({ log, kind: 'unknown' }).text).toBe('KeyError: 5 (train.py:7 in main)');
  });
  it('does not send to the path for a file that may not be read', () => {
    expect(advice("PermissionError: [Errno 13] Permission denied: '/data/a'")).toMatch(/owner and mode/);
  });
  it('tells of shared memory where that is full, not of the disk', () => {
    expect(advice("OSError: [Errno 28] No space left on device: '/dev/shm/a'")).toMatch(/--shm-size/);
  });
  it('is none where nothing helps in general', () => {
    expect(told({ log: steps(1, 3), kind: 'signal', returnCode: -15 }).advice).toBeNull();
    expect(advice("KeyError: 'lr'")).toBe('');
  });
});
