import { describe, expect, it } from 'vitest';
import type { CauseKind } from '../../src/diagnosis/kinds.ts';
import { type Case, holds, steps, told, traceback } from './cases.ts';

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
