import type { Meaning } from './meaning.ts';

/** Compilers of kernels: XLA's, Triton's, Mosaic, nvcc. */
export const COMPILE_MEANINGS: readonly Meaning[] = [
  {
    kind: 'compile',
    pattern:
      /Mosaic failed|failed to compile|ptxas (fatal|error|exited|was not found|not found|returned an error|\d[\d.]* has a bug)|invoke ptxas|Ptx assembly aborted|Failed to parse Triton|triton\.compiler|CompilationError|LLVM ERROR: (?!out of memory|pthread|IO failure)|failed to legalize|LLVM compilation (failed|error)|PassManager::run failed|libdevice|Autotuning failed|No valid config found|BackendCompilerFailed|InductorError|LoweringException|_dynamo\.exc\.\w*(Failed|Error)|nvrtc|Error (compiling|building extension)|Failed to find C compiler|Ninja is required|kernel compiler error|Command '\[?'?\S*\b(gcc|g\+\+|cc|clang|nvcc|ptxas|ninja)\b/i,
  },
  {
    kind: 'compile',
    pattern: /CUDA_HOME environment variable is not set|CUDA version .{0,60}mismatches the version/,
    advice:
      'An extension is built when it is first used: it needs nvcc of the CUDA version that torch was built with.',
  },
];

const MISSING_LIBRARY =
  'A CUDA library is missing or of another version: install the one that the framework was built for, or check LD_LIBRARY_PATH of the queue.';
const IN_USE = 'Another process holds the device: see nvidia-smi, and whether an earlier run is still alive.';
const NO_DRIVER =
  'Check nvidia-smi on the host, and that the driver is new enough for the installed CUDA libraries.';
const WAITED =
  'One rank waited for another in vain: look at the other ranks’ logs first; NCCL_DEBUG=INFO shows more about the connection.';
const NCCL_FAILED =
  'NCCL_DEBUG=INFO shows what NCCL could not do: often a GPU used by two ranks, a network interface, or a mismatched version.';
const A_KERNEL =
  'A kernel failed; the reported line is not always the right one: CUDA_LAUNCH_BLOCKING=1 shows which. If none of your own kernels is involved, see dmesg for Xid and the GPU’s health.';

/** The GPU, its driver and libraries, and collectives. */
export const GPU_MEANINGS: readonly Meaning[] = [
  {
    kind: 'cuda',
    pattern: /lib(cu|nv|nccl)[\w.-]*\.so[\w.]*: cannot open shared object/,
    advice: MISSING_LIBRARY,
  },
  {
    kind: 'cuda',
    pattern: /already in use by process|device(s|\(s\))? (is|are|is\/are) busy or unavailable/i,
    advice: IN_USE,
  },
  {
    kind: 'cuda',
    pattern:
      /not compiled with (CUDA|ROCm|GPU)|no kernel image is available|not compiled with CUDA|is not compatible with the current PyTorch installation/i,
    advice:
      'The installed build has no code for this GPU, or for any GPU: install the one for this CUDA version and GPU.',
  },
  {
    kind: 'cuda',
    pattern: /Attempting to deserialize object on (a )?CUDA device/,
    advice:
      'The checkpoint is from a GPU that this process does not see: load it with map_location, or check CUDA_VISIBLE_DEVICES.',
  },
  {
    kind: 'cuda',
    pattern: /invalid device ordinal|invalid device id|Invalid CUDA 'device=/i,
    advice:
      'It asked for a GPU by a number that it cannot see: check CUDA_VISIBLE_DEVICES against the number of ranks.',
  },
  {
    kind: 'cuda',
    pattern:
      /(illegal memory access|misaligned address|illegal instruction was|unspecified launch failure|CUDA_ERROR_(ILLEGAL|LAUNCH_FAILED|MISALIGNED)\w*)/i,
    advice: A_KERNEL,
  },
  {
    kind: 'cuda',
    pattern:
      /Watchdog caught collective|collective operation timeout|\bNCCL\b.{0,200}(watchdog|time-?out|timed out|abort)/i,
    advice: WAITED,
  },
  {
    kind: 'cuda',
    pattern:
      /\bNCCL\b.{0,200}(error|fail|terminat|communicator|library|operation|unhandled)|Nccl\w+Error|nccl\w+Error|\bnccl[A-Z]\w+\(/,
    advice: NCCL_FAILED,
  },
  { kind: 'cuda', pattern: /driver shutting down|CUDA_ERROR_DEINITIALIZED/i, advice: null },
  {
    kind: 'cuda',
    pattern:
      /No CUDA GPUs are available|CUDA unknown error|Found no NVIDIA driver|driver on your system is too old|CUDA driver (version|library|initialization)|No visible GPU devices|no CUDA-capable device|Unable to initialize backend '(cuda|gpu|rocm|tpu)'|Unknown backend:? '?(gpu|cuda|rocm|tpu)|instances of gpu are present|cudaGetDeviceCount|failed call to cuInit|does not match DSO version|CUDA_ERROR_(NO_DEVICE|SYSTEM\w*|NOT_INITIALIZED|UNKNOWN)|forward compatibility was attempted|Error 80\d: |(CUDA|GPU)( device)? (is|are) not available|Could not find (a )?(CUDA|GPU)|no GPUs? (was |were )?(found|available|detected)|NVML|communicate with the NVIDIA driver|torch\.cuda\.is_available\(\)|libcuda\.so/i,
    advice: NO_DRIVER,
  },
  {
    kind: 'cuda',
    pattern:
      /uncorrectable ECC|fell off the bus|GPU is lost|\bXid\b|hardware error|CUDA_ERROR_(ECC|HARDWARE)\w*/i,
    advice:
      'The GPU itself failed: see dmesg for Xid and nvidia-smi -q; it may need a reset, or the host a reboot.',
  },
  {
    kind: 'cuda',
    pattern:
      /Check failed: .{0,160}CUDNN_STATUS_SUCCESS|cuDNN error|CUDNN_STATUS_(?!SUCCESS)|convolution algorithm|cuDNN algorithm|find an engine to execute this computation|No algorithm worked|cuDNN failed to initialize|CuDNN library|libcudnn|cudnn\w*\(.{0,80}\) failed|DNN library (initialization|is not found)|cudnn\w* version/i,
    advice:
      'Check that the installed cuDNN is the one that the framework was built for, and that the GPU has memory left for it.',
  },
  {
    kind: 'cuda',
    pattern:
      /Check failed: .{0,160}CU[A-Z]+_STATUS_SUCCESS|CUBLAS_STATUS_(?!SUCCESS)|CUSOLVER_STATUS_|CUSPARSE_STATUS_|CUFFT_\w+|cuSolver|gpusolver|cuBLAS error|gpublas|cufft|libcu(blas|solver|sparse|fft|rand)|libcudart|libnccl|libnv\w+\.so/i,
    advice:
      'Often the library could not allocate GPU memory: leave it some (XLA_PYTHON_CLIENT_MEM_FRACTION), or check versions.',
  },
  {
    kind: 'cuda',
    pattern:
      /Check failed: .{0,160}(cudaSuccess|CUDA_SUCCESS)|CUDA error|CUDA_ERROR_|CUDA runtime error|cuda runtime error|\bcudaError\w*|\bhipError\w*|HIP error|CUDA failure|CUDA driver|Triton Error \[CUDA\]|failed to (create|initialize) (CUDA|cuda)|\bcu\w+ failed with error|\bPxgCuda\w*|\bcu(Event|Stream|Ctx|Memcpy|Launch|Mem)[A-Z]\w+ failed/i,
  },
];
