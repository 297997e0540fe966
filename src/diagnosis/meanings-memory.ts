import type { Meaning } from './meaning.ts';

const SHARED_MEMORY =
  'The shared memory (/dev/shm) is full: give the container more (--shm-size, --ipc=host), or use fewer data loader workers.';

/** Memory of the device and the host, and disks; the same words stand for several of them. */
export const MEMORY_MEANINGS: readonly Meaning[] = [
  {
    kind: 'out_of_memory_host',
    pattern:
      /(\/dev\/shm|\/torch_\w+|shared memory (segment|object|file)|shmem|\bshm\b).{0,160}(No space left|Cannot allocate|ENOMEM)|No space left on device.{0,80}\/dev\/shm|creating shared memory segment|(unable|cannot|could not|failed) (to )?(open|write|resize|map|mmap|create)\b.{0,60}(\/torch_\d|\/dev\/shm\/)|out of shared memory|killed by signal: Bus error|bus error encountered in worker|insufficient shared memory/,
    advice: SHARED_MEMORY,
  },
  {
    kind: 'disk_full',
    pattern:
      /\[Errno 28\]|\[Errno 122\]|No space left on device|Disk quota exceeded|StorageFull|\bENOSPC\b|disk is full|not enough (free )?disk space/i,
  },
  // A kernel's shared memory, on the chip.
  {
    kind: 'compile',
    pattern:
      /out of resources?: (shared memory|registers|threads)|Shared memory size limit exceeded|scoped vmem limit|memory space (vmem|smem|cmem)|uses too much shared (data|memory)|too many resources requested for launch/i,
    advice:
      'The kernel needs more of the chip’s own memory than this GPU has: smaller blocks, fewer stages or warps.',
  },
  {
    kind: 'out_of_memory_host',
    pattern:
      /OOM when allocating .*device:CPU|DefaultCPUAllocator|enforce fail at .{0,40}(CPUAllocator|alloc_cpu)|posix_memalign|not enough memory: you tried to allocate|Unable to allocate .* for an array|is killed by signal: Killed|Cannot allocate memory|Memory allocation still failed|ENOMEM\b|Exceeded (job|step) memory limit|node running low on memory|memory pressure \(OOM\)|\boom[_-]kill|OOM ?Killed|out of host memory|host out of memory|cgroup out of memory/i,
  },
  {
    kind: 'out_of_memory_device',
    pattern:
      /(CUDA|HIP|XPU|MPS( backend)?|GPU|cuda:\d+)( ran)? out of memory|OutOfMemoryError: (CUDA|HIP|XPU|Out of memory allocating)|(CUDA|HIP|cuda runtime|Triton) error( \[CUDA\])?( \(?\d+\)?)?:? ?:? ?out of memory|(CUDA|HIP)_ERROR_OUT_OF_MEMORY|(cuda|hip)Error(MemoryAllocation|OutOfMemory)|CU(DNN|BLAS|SOLVER|SPARSE|FFT)_STATUS_ALLOC_FAILED|CUFFT_ALLOC_FAILED|cudaMalloc\w*( retry)? failed: out of memory|cudaSuccess.{0,80}out of memory|(?<!may be unrelated\) ')Cuda failure \d* ?'out of memory'|OOM when allocating|Out of memory error on GPU|PaddleCheckError: out of memory|memory space hbm|PxgCudaDeviceMemoryAllocator fail|failed to allocate \S+ bytes on device|No available memory for the cache blocks|Failed to allocate \d+ bytes for new constant/i,
  },
  {
    kind: 'out_of_memory_device',
    pattern:
      /RESOURCE_EXHAUSTED:?.{0,200}(out of memory|allocat|\bHBM\b|\bOOM\b|device ordinal)|Resource exhausted: .{0,80}(out of memory|allocat)|(Xla|Jax)RuntimeError: RESOURCE_EXHAUSTED|ResourceExhaustedError/i,
  },
  {
    kind: 'out_of_memory_host',
    pattern:
      /^(\w+\.)*_?(Array|Arrow)?MemoryError\b|std::bad_alloc|ray\.exceptions\.OutOfMemoryError|^OutOfMemoryError: Task was killed/,
  },
];
