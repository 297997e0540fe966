import { describe } from 'vitest';
import { holds, library, steps, traceback } from './cases.ts';

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
const _thread = (words: string, frames: readonly string[] = OWN) => [
  'Exception in thread Thread-3 (prefetch):',
  ...traceback(words, [...BOOTSTRAP, ...frames]),
];
const launcher = (words: string, path: string) => traceback(words, library(path, 'main'));

describe('a handler of a logger that failed', () => {
  const inLogging = [
    '  File "/usr/lib/python3.12/logging/__init__.py", line 1163, in emit',
    '    stream.write(msg)',
  ];
  const inLoguru = [...library('loguru/_handler.py', 'emit'), ...library('loguru/_simple_sinks.py', 'write')];
  const handlers: Record<string, string[]> = {
    'logging’s': [
      '--- Logging error ---',
      ...traceback('OSError: [Errno 28] No space left on device', inLogging),
      'Call stack:',
      ...UNCAUGHT,
      "Message: 'x'",
      'Arguments: ()',
    ],
    'logging’s, without the line above it': traceback(
      'TypeError: not all arguments converted during string formatting',
      inLogging,
    ),
    'loguru’s': [
      '--- Logging error in Loguru Handler #1 ---',
      "Record was: {'elapsed': 1}",
      ...traceback('UnicodeEncodeError: codec cannot encode', inLoguru),
      '--- End of logging error ---',
    ],
  };
  for (const [name, lines] of Object.entries(handlers))
    holds({
      [`is no cause: ${name}`]: { log: [...steps(1, 2), ...lines], kind: 'unknown' },
      [`does not hide one below it: ${name}`]: {
        log: [...lines, ...uncaught("KeyError: 'lr'")],
        kind: 'python_exception',
        text: "KeyError: 'lr'",
      },
      [`does not hide one above it: ${name}`]: {
        log: [...uncaught("KeyError: 'lr'"), ...lines],
        kind: 'python_exception',
        text: "KeyError: 'lr'",
      },
    });
});

describe('lines of a training below a traceback', () => {
  holds({
    'were written late where nobody caught it': {
      log: [...uncaught("KeyError: 'lr'"), 'config: lr=1', ...steps(0, 30)],
      kind: 'python_exception',
      text: "KeyError: 'lr'",
    },
    'were written late, and a launcher’s come after': {
      log: [
        ...uncaught("KeyError: 'lr'"),
        ...steps(0, 30),
        ...launcher(
          'torch.distributed.elastic.multiprocessing.errors.ChildFailedError: \n====\ntrain.py FAILED',
          'torch/distributed/run.py',
        ),
      ],
      kind: 'python_exception',
      text: "KeyError: 'lr'",
    },
    'show that it was caught where its frames begin within the program': {
      log: [...traceback("KeyError: 'lr'"), ...steps(0, 30)],
      kind: 'unknown',
    },
    'show that an import at the top of a script was optional': {
      log: [
        ...traceback("ModuleNotFoundError: No module named 'apex'", [
          '  File "/home/ada/proj/train.py", line 3, in <module>',
          '    import apex',
        ]),
        ...steps(0, 30),
      ],
      kind: 'unknown',
    },
    'do not hide what came after them': {
      log: [...uncaught("KeyError: 'lr'"), ...steps(0, 30), ...uncaught('ValueError: later')],
      kind: 'python_exception',
      text: 'ValueError: later',
    },
    'do not hide a signal': {
      log: [...uncaught("KeyError: 'lr'"), ...steps(0, 30)],
      kind: 'signal',
      returnCode: -9,
    },
  });
});

describe('a tracker’s summary', () => {
  const summaries: Record<string, string[]> = {
    wandb: ['wandb: Run summary:', 'wandb: loss 0.5', 'wandb: step 400', 'wandb: Synced 5 W&B file(s)'],
    comet: [
      'COMET INFO: Comet.ml Experiment Summary',
      'COMET INFO:     loss [400] : (0.1, 2.3)',
      'COMET INFO:     step : 400',
      'COMET INFO: Uploading 1 metrics',
    ],
    mlflow: ['🏃 View run bald-ram-1 at: http://127.0.0.1:5000/#/experiments/0/runs/1'],
    neptune: [
      '[neptune] [info   ] Shutting down background jobs, please wait a moment...',
      '[neptune] [info   ] All 3 operations synced, thanks for waiting!',
    ],
    clearml: ['ClearML Monitor: Reporting detected, reverting back to iteration based reporting'],
    aim: ['Aim: step 400', 'Aim: step 401', 'Aim: step 402'],
  };
  holds(
    Object.fromEntries(
      Object.entries(summaries).map(([name, lines]) => [
        `hides no cause: ${name}`,
        {
          log: [...steps(1, 3), ...traceback("KeyError: 'lr'"), ...lines],
          kind: 'python_exception' as const,
          text: "KeyError: 'lr'",
        },
      ]),
    ),
  );
});

describe('the words', () => {
  holds({
    'are the error above, where the exception refers to it': {
      log: [
        'E0611 08:35:28.413281  146213 cuda_dnn.cc:535] Could not create cudnn handle: CUDNN_STATUS_INTERNAL_ERROR',
        ...uncaught(
          'XlaRuntimeError: FAILED_PRECONDITION: DNN library initialization failed. Look at the errors above for more details.',
        ),
      ],
      kind: 'cuda',
      text: 'CUDNN_STATUS_INTERNAL_ERROR',
    },
    'are what follows a colon, behind an empty line too': {
      log: uncaught(
        'SystemError: (Fatal) Operator matmul_v2 raises a BadAlloc exception.\nThe exception content is\n:ResourceExhaustedError: \n\nOut of memory error on GPU 0. Cannot allocate 1.5GB memory on GPU 0.',
      ),
      kind: 'out_of_memory_device',
      text: 'Out of memory error on GPU 0',
    },
    'are a compiler’s, whose path begins at the root': {
      log: uncaught(
        'RuntimeError: Error compiling objects for extension\nFAILED: a.o\n/usr/local/cuda/include/host_config.h:129:2: error: #error -- unsupported GNU version!',
      ),
      kind: 'compile',
      text: 'unsupported GNU version',
    },
    'are the last of those that only announce': {
      log: uncaught(
        'RuntimeError: Failed to import a because of the following error:\nFailed to import b because of the following error:\n/opt/v/lib/python3.10/site-packages/flash_attn_2_cuda.cpython-310-x86_64-linux-gnu.so: undefined symbol: _ZN3c105ErrorC2',
      ),
      kind: 'python_exception',
      text: 'undefined symbol: _ZN3c105ErrorC2',
    },
    'are a sentence that was broken': {
      log: uncaught(
        'RuntimeError: \n    An attempt has been made to start a new process before the\n    current process has finished its bootstrapping phase.',
      ),
      kind: 'python_exception',
      text: 'before the current process has finished',
    },
    'are what stands before the telling ones too, in a long line': {
      log: [
        `ERROR - root - Failed to execute: ${'onnxruntime::CudaCall(ERRTYPE, const char*) '.repeat(6)} CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; ${'file=provider.cc ; '.repeat(6)}`,
      ],
      kind: 'out_of_memory_device',
      text: 'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED',
    },
    'are a kernel’s own, where the process crashed because of it': {
      log: [
        'Loss.cu:257: nll_loss: block: [0,0,0], thread: [4,0,0] Assertion `t >= 0 && t < n_classes` failed.',
        "terminate called after throwing an instance of 'c10::CUDAError'",
        '  what():  CUDA error: device-side assert triggered',
      ],
      kind: 'python_exception',
      text: 'Assertion `t >= 0 && t < n_classes` failed',
      returnCode: 134,
    },
    'are the first of a block of errors': {
      log: [
        'E ../model.ckpt-10051.tempstate1387; No space left on device',
        'E Hint: If you want to see a list of allocated tensors, see the current allocation info.',
        'E ',
        'E   File "./speech.py", line 484, in train',
        'E The checkpoint does not match the shapes of the model.',
      ],
      kind: 'disk_full',
      text: 'No space left on device',
    },
    'are both of Hydra’s lines': {
      log: ["Could not override 'trainer.gpus'.", "Key 'gpus' is not in struct", '    object_type=dict'],
      kind: 'python_exception',
      text: "'trainer.gpus'. Key 'gpus' is not in struct",
    },
    'are absl’s': {
      log: [
        "FATAL Flags parsing error: Unknown command line flag 'foo'",
        'Pass --helpshort or --helpfull to see help on flags.',
      ],
      kind: 'python_exception',
      text: "Unknown command line flag 'foo'",
    },
    'are a supervisor’s report of an exception, whatever stands below': {
      log: [
        "INFO:tensorflow:Error reported to Coordinator: <class 'tensorflow.errors_impl.DataLossError'>, truncated record at 7",
        ...steps(1, 5),
      ],
      kind: 'python_exception',
      text: 'DataLossError: truncated record at 7',
    },
    'are structlog’s, of an exception in JSON': {
      log: [
        '{"event": "crash", "exception": [{"exc_type": "KeyError", "exc_value": "\'lr\'", "frames": []}]}',
      ],
      kind: 'python_exception',
      text: "KeyError: 'lr'",
    },
    'are none of an end of data that was reported': {
      log: ["INFO:tensorflow:Error reported to Coordinator: <class 'OutOfRangeError'>, queue is closed"],
      kind: 'unknown',
    },
    'are of a path that the program itself looked for': {
      log: uncaught('ValueError: Checkpoint at /data/ck was not found.'),
      kind: 'missing_file',
      text: '/data/ck',
    },
    'are none of a path, where a parameter of a model was looked for': {
      log: uncaught('ScopeParamNotFoundError: Could not find parameter named "scale" in scope "/clip/ln_0".'),
      kind: 'python_exception',
    },
    'are none of a path, where a server was asked': {
      log: uncaught('ValueError: dataset at https://data.example.org/a not found'),
      kind: 'python_exception',
    },
    'are OpenCV’s, whose exception is named in small letters': {
      log: uncaught(
        "cv2.error: OpenCV(4.5) /io/x.cpp:182: error: (-215:Assertion failed) !_src.empty() in function 'cvtColor'",
      ),
      kind: 'python_exception',
      text: 'Assertion failed) !_src.empty()',
    },
    'are the memory that ran out, not what failed after it': {
      log: [
        'PxgCudaDeviceMemoryAllocator fail to allocate memory 100663296 bytes!! Result = 2',
        'PxgCudaUtils.h (54) : internal error : SynchronizeStreams cuEventRecord failed',
        'Segmentation fault (core dumped)',
      ],
      kind: 'out_of_memory_device',
      returnCode: 139,
    },
  });
});
