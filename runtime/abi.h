/* What compiled code and the runtime know of each other. Plain C; the only header of the runtime
 * that code generation sees.
 *
 * Sizes are in bytes unless said otherwise, every buffer begins at a multiple of DLC_ALIGNMENT,
 * tensors are dense and row-major, bool is one byte of 0 or 1. Nothing here throws, exits or is
 * called from a signal handler. */
#ifndef DLC_RUNTIME_ABI_H
#define DLC_RUNTIME_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised by every change that old objects would not survive; an object of another version is
 * refused when it is loaded. */
#define DLC_ABI_VERSION 1

/* Alignment of every buffer and workspace: a cache line, and a vector of 512 bits. */
#define DLC_ALIGNMENT 64

struct dlc_context;

/* A matrix product that a library computes: result[g][m][n] = Σ_k left[g][m][k] · right[g][k][n], of f32, and then what `epilogue` says. Strides count
 * elements; one of each factor's two is 1, columns of the result lie side by side. */
struct dlc_product {
  int64_t rows, columns, terms, batches; /* sizes of m, n, k, g */
  int64_t left_row, left_term, left_batch;
  int64_t right_term, right_column, right_batch;
  int64_t result_row, result_batch;
  int32_t precision; /* in which factors are taken: 0 f32, 1 tf32, 2 bf16; sums are f32 */
  int32_t epilogue;  /* bits below */
};
enum {
  DLC_BIAS = 1,      /* adds bias[n] */
  DLC_RELU = 2,      /* after that max(x, 0) */
  DLC_RELU_MASK = 4, /* with DLC_RELU: writes down where x > 0, in a form of the library's own */
  DLC_RELU_GRADIENT = 8, /* 0 where such a mask does not say x > 0; one batch, as DLC_RELU_MASK */
  /* Beside the result; of one batch alone: */
  DLC_RESULT_SUMS = 16, /* sums[n] = Σ_m result[m][n]; with DLC_RELU_GRADIENT or DLC_GELU_GRADIENT */
  DLC_RIGHT_SUMS = 32,  /* sums[n] = Σ_k right[k][n]; with none of the others */
  /* Factors are bf16 in memory, and their strides count such; then precision is 2. */
  DLC_NARROW_FACTORS = 64,
  /* After the bias, in place of DLC_RELU: gelu(x) = 0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))). */
  DLC_GELU = 128,
  /* Of one batch alone, in rows of a multiple of 8 elements: */
  DLC_GELU_INPUT = 256,   /* with DLC_GELU: writes x down */
  DLC_GELU_GRADIENT = 512 /* the product times gelu'(x) */
};
/* Where the tensors of a product lie; NULL for what its epilogue does not ask for. All begin at multiples of 16 bytes. */
struct dlc_product_memory {
  const void *left, *right, *bias;
  void *aux; /* a mask: DLC_MASK_BYTES(rows, columns); or gelu's x: f32 that lie as those of the result do */
  void *sums, *result;
  void *workspace; /* DLC_PRODUCT_WORKSPACE bytes, contents undefined; of the emulated device none */
};
/* A bit for each element, rows padded to 128. */
#define DLC_MASK_BYTES(rows, columns) ((rows) * (((columns) + 127) / 128 * 16))
#define DLC_PRODUCT_WORKSPACE (INT64_C(32) << 20)

/* One kernel: computes the tiles [begin, end) of its partition.
 * `buffers`   the launch's operands then its results, in the order of the `dl.launch`
 * `sizes`     the values of the kernel's open sizes, NULL when all are static
 * `workspace` `workspace_bytes` of memory of the calling thread alone, contents undefined; NULL
 * when none was asked for Every element is written by exactly one tile, and what a tile computes
 * does not depend on the range it is called with. */
typedef void (*dlc_kernel)(void *const *buffers, const int64_t *sizes, int64_t begin, int64_t end,
                           void *workspace);

/* One compiled function: `@init`, `@step`, `@step.tail`, `@test`, `@metrics`, an export.
 * `buffers` in document order: the arguments, the results, the arena, then the constants if there
 * are any. An updated argument and its result are the same pointer. A result that is an arena value
 * or an argument unchanged is copied. Returns 0, or `context->status` when a check failed or a call
 * of the host did (what it wrote is then not to be used). */
typedef int32_t (*dlc_entry)(struct dlc_context *context, void *const *buffers);

/* Flags of `parallel_for`. */
enum {
  /* So little work that waking threads costs more: run all tiles on the calling thread. Same
     partition, same bits. */
  DLC_INLINE = 1
};

/* Values that the text of a check of the device may name. */
#define DLC_CHECK_OPERANDS 4

/* Kernels that every program for a device brings, and their arguments: pointers to the device's
 * memory, and numbers of 64 bits. */
#define DLC_NUMBER_KERNEL "dlc$number" /* where to write an i64, the number; one thread */
#define DLC_CHECK_KERNEL "dlc$check"   /* as below; one block of DLC_CHECK_THREADS threads */
#define DLC_CHECK_THREADS 256
enum {
  DLC_CHECK_FLAGS, /* booleans */
  DLC_CHECK_COUNT, /* of them: a number */
  DLC_CHECK_WORD,  /* a u32 that is 0 as long as no check has failed */
  DLC_CHECK_MARK,  /* a number: what it becomes if this one does */
  DLC_CHECK_VALUE, /* for each of DLC_CHECK_OPERANDS values: where it is kept, where it lies, its bytes (a number) */
  DLC_CHECK_ARGUMENTS = DLC_CHECK_VALUE + 3 * DLC_CHECK_OPERANDS
};

/* Kernels that every such program with loops brings. The first three have one thread. */
#define DLC_BELOW_KERNEL "dlc$below" /* where to write a bool, an i64 of the device, a number: whether it is below */
/* A loop whose passes are all alike has on the device its index (i64), how many passes are left (i64), and whether there are any (bool). At its start these
 * are written: three places, then its count (an i64 of the device, or NULL), the most passes (a number), whether it goes backward (a number). */
#define DLC_ENTER_KERNEL "dlc$enter"
/* At the end of a pass: the three, a bool that ends the loop (or NULL), what is added to the index (a number). */
#define DLC_NEXT_KERNEL "dlc$next"
/* Copies slices of tensors, to and from places that move with the index; blocks of at most DLC_SLICES_THREADS threads. */
#define DLC_SLICES_KERNEL "dlc$slices"
#define DLC_SLICES 4
#define DLC_SLICES_THREADS 256
enum {
  DLC_SLICES_INDEX,   /* an i64 of the device */
  DLC_SLICES_RUNNING, /* the threads of all blocks: a number */
  DLC_SLICE,          /* for each of DLC_SLICES: where to, and by how many bytes that moves with the index; where from, and the same; the bytes of a slice */
  DLC_SLICES_ARGUMENTS = DLC_SLICE + 5 * DLC_SLICES
};

/* Bits of `dlc_context.status`. */
enum {
  DLC_CHECK_FAILED = 1, /* a `require`, an index out of range, … */
  DLC_HOST_FAILED = 2,  /* an effect failed: the disk is full, … */
  DLC_STOP = 4,         /* the program said `stop` */
  DLC_INTERRUPTED = 8,  /* Ctrl-C or SIGTERM */
  DLC_NOT_FINITE = 16,  /* a loss is infinite or not a number */
  DLC_NO_MEMORY = 32,   /* a workspace could not be had */
  DLC_DATA_FAILED = 64, /* the batch could not be read */
  DLC_DEVICE_FAILED = 128, /* the device did not do what it was asked for */
  DLC_HOST_NEEDED = 256    /* what must wait for the device was asked for while it records */
};

/* More than so much is not recorded, but asked for one by one: the driver would be at it for seconds. */
#define DLC_MOST_RECORDED 50000

/* The functions that compiled code may call. All are called from the thread that runs the entry,
 * unless said otherwise. Those that return int32_t return 0 to go on; otherwise the entry returns
 * at once with `context->status`. */
struct dlc_runtime {
  uint32_t version; /* DLC_ABI_VERSION */
  uint32_t size;    /* sizeof(struct dlc_runtime): fields are only ever added at the end */

  /* Calls `kernel` so that each of `tiles` tiles is computed once, on as many threads as there are,
   * each with a contiguous range fixed by the numbers of tiles and threads, and returns when all
   * are done. `workspace_bytes` is what each thread gets; memory for it is kept for the next call.
   */
  int32_t (*parallel_for)(struct dlc_context *context, dlc_kernel kernel, void *const *buffers,
                          const int64_t *sizes, int64_t tiles, int64_t workspace_bytes,
                          int32_t flags);

  /* An effect (`print`, `debug`, `write_png`, …) whose kind, text, operand types and source line
   * stand in the metadata under `site`. `buffers` are its operands in order. The host is done with
   * them when the call returns. */
  int32_t (*host_call)(struct dlc_context *context, int32_t site, void *const *buffers);

  /* Check `site` failed; its text and source line stand in the metadata. `buffers` are the operands
   * that the text names, NULL when there are none. The first failure is the one reported. Always
   * returns nonzero. May be called from any thread. */
  int32_t (*check_failed)(struct dlc_context *context, int32_t site, void *const *buffers);

  /* Before step `step` (from 1): brings its batch into the staged input buffers, writes the step
   * and epoch counters, and sets `context->buffers`. */
  int32_t (*begin_step)(struct dlc_context *context, int64_t step);

  /* After step `step`: adds its reports to the means, and looks for a loss that is not finite,
   * `stop` and Ctrl-C. */
  int32_t (*end_step)(struct dlc_context *context, int64_t step);

  /* The rest is for programs whose kernels run on a device. Their buffers are pointers to the
   * device's memory, which only these functions may follow; what `host_call` and `check_failed` get
   * is read from there first. All happens in the order of the calls. */

  /* Runs `kernel` on `blocks` blocks of `threads` threads. `buffers` are its `count` arguments, each
   * pointing to as many bytes as `bytes` says. */
  int32_t (*device_launch)(struct dlc_context *context, const char *kernel, void *const *buffers,
                           const int64_t *bytes, int32_t count, int64_t blocks, int64_t threads);
  int32_t (*device_copy)(struct dlc_context *context, void *to, const void *from, int64_t bytes);
  /* Makes memory 0. */
  int32_t (*device_clear)(struct dlc_context *context, void *memory, int64_t bytes);
  /* From memory of the device to the host's. */
  int32_t (*device_read)(struct dlc_context *context, void *to, const void *from, int64_t bytes);
  /* Where data of the program lies on the device; it is brought there once. */
  int32_t (*device_constant)(struct dlc_context *context, void **place, const void *data,
                             int64_t bytes);
  /* Whether all of `count` booleans of the device are true. */
  int32_t (*device_all)(struct dlc_context *context, const void *flags, int64_t count,
                        uint8_t *result);
  /* Check `site`, without waiting for the device: where one of `count` booleans is false, the first
   * such check is the one that the call as a whole fails with, with the values that its `operands`
   * (at most DLC_CHECK_OPERANDS, of so many `bytes`) have here. */
  int32_t (*device_check)(struct dlc_context *context, int32_t site, const void *flags,
                          int64_t count, void *const *operands, const int64_t *bytes,
                          int32_t operand_count);
  /* Writes a number to memory of the device, without waiting for it. */
  int32_t (*device_number)(struct dlc_context *context, void *to, int64_t number);
  /* What comes up to the matching `device_endif` is for where the byte at `flag` is `value` (0 or
   * 1): `enter` says whether to go there. A device that records may find out later, and lets all
   * parts be entered. */
  int32_t (*device_if)(struct dlc_context *context, const void *flag, int32_t value,
                       uint8_t *enter);
  int32_t (*device_endif)(struct dlc_context *context);
  int32_t (*device_product)(struct dlc_context *context, const struct dlc_product *product,
                            const struct dlc_product_memory *memory);
  /* How many passes a loop is to run of which the device knows the count: `*count`, at least 0 and
   * at most `bound`. While the device records, `passes` is `bound`, and `conditional` says that each
   * is to be a part (`device_if`) for where its number is below the count. */
  int32_t (*device_passes)(struct dlc_context *context, const void *count, int64_t bound,
                           int64_t *passes, uint8_t *conditional);
  /* What comes up to the matching `device_end_while` is a pass of a loop, and the same for all passes. There is a first one, and another one after each, where
   * the byte at `flag` is 1 by then: `enter` says whether to ask for it. `left` is how many passes are left where the host knows, else negative. A device
   * that records is asked for one pass, and repeats that itself. */
  int32_t (*device_while)(struct dlc_context *context, const void *flag, int64_t left,
                          uint8_t *enter);
  int32_t (*device_end_while)(struct dlc_context *context, const void *flag, int64_t left,
                          uint8_t *enter);
  /* As `device_launch`, of blocks that wait for each other: all run at the same time. */
  int32_t (*device_launch_cooperative)(struct dlc_context *context, const char *kernel,
                                    void *const *buffers, const int64_t *bytes, int32_t count,
                                    int64_t blocks, int64_t threads);
};

/* The state of one running entry. Compiled code reads it and passes it on; it writes nothing but
 * `status`. */
struct dlc_context {
  const struct dlc_runtime *table;
  void *const *buffers;   /* the buffers of the next step, for `dlc_steps` */
  const int64_t *symbols; /* the values of the entry's open sizes in the order of its `dl.symbols`;
                             NULL when all are static */
  void *host;             /* the runtime's own; compiled code does not look at it */
  int32_t status;         /* 0, or DLC_CHECK_FAILED … */
};

/* A compiled loop over steps: for each of `count` steps from `first` on calls begin_step, the entry
 * with `context->buffers`, and end_step, and leaves at the first that does not return 0. Returns
 * what that one returned, or 0. The runtime has the same loop for an entry that comes without one
 * (`runSteps` in Context.h). */
typedef int32_t (*dlc_steps)(struct dlc_context *context, int64_t first, int64_t count);

#ifdef __cplusplus
}
#endif
#endif
