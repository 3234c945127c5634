#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Inner loops as pure functions over pointers and sizes: no allocation, no globals, no errors.
 *
 * The same source is compiled for several instruction sets; each has one table of functions, `simd_ops`, and
 * `simd_best` chooses a table for the processor. A table's results depend on its arguments alone; two tables agree up to
 * rounding.
 *
 * Panels. Matrices on the right of a product are packed: columns in panels of `panel` columns, each panel row after row.
 * A panel is four vectors wide, which makes it both the natural width of a product's inner loop and room for the four
 * LSTM gates of `lanes` units side by side: "gate panels" hold, for each block of `lanes` units, the vectors i, f, g, o.
 *
 * Classes of bytes, which are compiled into their caller, are in `simd_bytes.h`.
 */

/* C (+)= A * B with A addressed by strides, B packed by `simd_pack` and C row-major.
 * A(i, k) = a[i * a_row + (k % depth_block) * a_column + (k / depth_block) * a_block]; depth is a multiple of depth_block. */
typedef struct simd_product {
  ptrdiff_t rows, columns, depth;
  const float *a;
  ptrdiff_t a_row, a_column, depth_block, a_block;
  const float *b;
  float *c;
  ptrdiff_t c_row;
  int32_t accumulate; /* 0 overwrites C */
} simd_product;

/* What every kind of time step of an LSTM layer over `rows` sequences has; `units` is a multiple of `lanes`.
 * Pre-activation = start + input * input_weights + hidden * hidden_weights, then gates i, f, g, o (PyTorch's order).
 * Sequences that were one until now share a previous state: `parents` says which row of it each goes on from. */
typedef struct simd_lstm_frame {
  ptrdiff_t rows, units, inputs;
  const int32_t *parents; /* [rows] rows of `hidden` and `cell`; NULL: each row goes on from its own */
  const float *start;     /* gate panels [*, 4 * units]; row tokens[r], or row 0 for all when tokens is NULL */
  const int32_t *tokens;  /* [rows] or NULL */
  const float *cell;      /* previous cell states [*, units], or NULL for zeros */
  float *next_cell;       /* [rows, units]; without parents it may be `cell` */
} simd_lstm_frame;

/* A time step in single precision. */
typedef struct simd_lstm_step {
  simd_lstm_frame frame;
  const float *input;          /* [rows, inputs] or NULL */
  const float *input_weights;  /* [units / lanes][inputs][panel] */
  const float *hidden;         /* previous hidden states [*, units], or NULL for zeros */
  const float *hidden_weights; /* [units / lanes][units][panel] */
  float *next_hidden;          /* [rows, units] */
  float *gates;                /* activated gates [units / lanes][gate_stride], rows of a panel each; or NULL */
  ptrdiff_t gate_stride;
} simd_lstm_step;

/* Pairs: two neighbouring bfloat16 numbers, the first in the low half.
 *
 * C (+)= A * B with A and B in pairs along the depth and sums in single precision, otherwise as in `simd_product`, with depth, strides
 * and blocks counted in pairs: B is [columns / panel][depth][panel]. How a processor rounds within a sum of two products may differ. */
typedef struct simd_bfloat16_product {
  ptrdiff_t rows, columns, depth;
  const uint32_t *a;
  ptrdiff_t a_row, a_column, depth_block, a_block;
  const uint32_t *b;
  float *c;
  ptrdiff_t c_row;
  int32_t accumulate;
} simd_bfloat16_product;

/* A time step whose products are those of `simd_bfloat16_product`; everything else is in single precision. */
typedef struct simd_bfloat16_step {
  simd_lstm_frame frame;
  const uint32_t *input;          /* [rows, inputs / 2] or NULL */
  const uint32_t *input_weights;  /* [units / lanes][inputs / 2][panel] */
  const uint32_t *hidden;         /* previous states [*, units / 2], or NULL for zeros */
  const uint32_t *hidden_weights; /* [units / lanes][units / 2][panel] */
  float *next_hidden;             /* [rows, units] */
  uint32_t *next_state;           /* `next_hidden` rounded, [rows, units / 2] */
  float *gates;                   /* as in `simd_lstm_step` */
  ptrdiff_t gate_stride;
} simd_bfloat16_step;

/* Hidden states, which lie in [-1, 1], times this and rounded: how steps in 16-bit integers read them. */
#define SIMD_STATE_SCALE 8192.0f

/* C += scales * (A * B) with A of 16-bit states [rows, depth] and B in 16-bit weights [columns / panel][depth / 2][panel][2]: the two
 * of a pair lie side by side. `columns` is a multiple of `panel`, `depth` of 4. Sums are exact, so no order changes a result; the
 * caller sees to it that none exceeds 32 bits: 8192 times the sum of the magnitudes of a column's weights. */
typedef struct simd_quantised_product {
  ptrdiff_t rows, columns, depth;
  const int16_t *a, *b;
  const float *scales; /* [columns] */
  float *c;            /* [rows, columns] */
} simd_quantised_product;

/* A time step without a backward pass, its products in 16-bit integers as in `simd_quantised_product`.
 * Pre-activation = start + input_scales * (input * input_weights) + hidden_scales * (hidden * hidden_weights). */
typedef struct simd_quantised_step {
  simd_lstm_frame frame;        /* its parents go from 0 in steps of 0 or 1 */
  const int16_t *input;         /* [rows, inputs] or NULL */
  const int16_t *input_weights; /* [units / lanes][inputs / 2][panel][2] */
  const float *input_scales;    /* gate panels [4 * units] */
  const int16_t *hidden;        /* previous states [*, units], or NULL for zeros */
  const int16_t *hidden_weights;
  const float *hidden_scales;
  float *next_hidden;           /* [rows, units], or NULL where the rounded states are enough */
  int16_t *next_state;          /* `next_hidden` rounded, [rows, units] */
} simd_quantised_step;

/* Backward of the gates of one time step. `gates` holds the activations on entry and dLoss/dPre-activation on return. */
typedef struct simd_lstm_gradient {
  ptrdiff_t rows, units;
  const int32_t *parents;       /* as in the forward step */
  const float *cell;            /* previous cell states [*, units], or NULL for zeros */
  const float *next_cell;       /* this step's cell states [rows, units] */
  const float *hidden_gradient; /* dLoss/dh of this step [rows, units] */
  const float *cell_gradient;   /* dLoss/dc from the step after [rows, units], or NULL for zeros */
  float *previous_gradient;     /* dLoss/dc for the step before: added up by parents; without parents overwritten, and
                                   it may be `cell_gradient`; NULL where there is no step before */
  float *gates;
  ptrdiff_t gate_stride;
  uint32_t *rounded;            /* receives the gradients as pairs, laid out like `gates`; or NULL */
} simd_lstm_gradient;

/* One step of Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019).
 * correction1 = 1 - beta1^t, correction2 = 1 - beta2^t; the gradient is multiplied by gradient_scale first. */
typedef struct simd_adam_step {
  ptrdiff_t count;
  float *parameters;
  const float *gradient;
  float *first_moment, *second_moment;
  float gradient_scale, learning_rate, beta1, beta2, epsilon, correction1, correction2, weight_decay;
} simd_adam_step;

/* Inverted dropout: mask[i] is 0 with probability `threshold` / 2^24, else `scale`; y = mask * x. Element i draws from `key` and i
 * alone, with the same result in every table. */
typedef struct simd_dropout {
  ptrdiff_t count; /* below 2^31 */
  uint64_t key;
  int32_t threshold;
  float scale;
  const float *x;
  float *mask, *y;
} simd_dropout;

typedef struct simd_ops {
  const char *name;
  ptrdiff_t lanes; /* floats in a vector */
  ptrdiff_t panel; /* columns in a panel: 4 * lanes */
  void (*pack)(ptrdiff_t depth, ptrdiff_t columns, const float *b, ptrdiff_t b_row, ptrdiff_t b_column, float *packed);
  void (*multiply)(const simd_product *product);
  void (*lstm_forward)(const simd_lstm_step *step);
  void (*lstm_backward)(const simd_lstm_gradient *gradient);
  int32_t multiplies_bfloat16; /* whether products in bfloat16 are faster than in single precision */
  void (*to_bfloat16)(ptrdiff_t count, const float *x, uint32_t *pairs);
  void (*pair_rows)(
      ptrdiff_t rows, ptrdiff_t columns, const uint32_t *x, ptrdiff_t x_row, ptrdiff_t first, uint32_t *y);
  void (*bfloat16_multiply)(const simd_bfloat16_product *product);
  void (*bfloat16_forward)(const simd_bfloat16_step *step);
  void (*quantised_multiply)(const simd_quantised_product *product);
  void (*quantised_forward)(const simd_quantised_step *step);
  void (*log_softmax)(ptrdiff_t rows, ptrdiff_t columns, float *x);
  void (*adam)(const simd_adam_step *step);
  void (*drop)(const simd_dropout *dropout);
  float (*dot)(ptrdiff_t count, const float *x, const float *y);
  void (*axpy)(ptrdiff_t count, float scale, const float *x, float *y);
  void (*scatter_rows)(
      ptrdiff_t rows, ptrdiff_t columns, const float *x, const int32_t *index, float *y, ptrdiff_t y_row);
  void (*exp)(ptrdiff_t count, const float *x, float *y);
  void (*tanh)(ptrdiff_t count, const float *x, float *y);
  void (*sigmoid)(ptrdiff_t count, const float *x, float *y);
  double (*squared_distance)(ptrdiff_t count, const double *x, const double *y);
} simd_ops;

/* The fastest table that this processor runs. */
const simd_ops *simd_best(void);

/* The table "avx512bf16", "avx512vnni", "avx512", "avx2", "baseline" or "reference" (plain loops, to test against); NULL when the name is unknown or
 * this processor cannot run it. */
const simd_ops *simd_named(const char *name);

/* The processors that this process may run on: its affinity mask where the system has one. */
int simd_processors(void);

/* Floats that `simd_pack` writes. */
static inline ptrdiff_t simd_packed_count(const simd_ops *ops, ptrdiff_t depth, ptrdiff_t columns) {
  return (columns + ops->panel - 1) / ops->panel * ops->panel * depth;
}

/* Packs B(k, j) = b[k * b_row + j * b_column] into panels; missing columns of the last panel are zero. */
static inline void simd_pack(
    const simd_ops *ops, ptrdiff_t depth, ptrdiff_t columns, const float *b, ptrdiff_t b_row, ptrdiff_t b_column,
    float *packed) {
  ops->pack(depth, columns, b, b_row, b_column, packed);
}

static inline void simd_multiply(const simd_ops *ops, const simd_product *product) {
  ops->multiply(product);
}

static inline void simd_lstm_forward(const simd_ops *ops, const simd_lstm_step *step) {
  ops->lstm_forward(step);
}

static inline void simd_lstm_backward(const simd_ops *ops, const simd_lstm_gradient *gradient) {
  ops->lstm_backward(gradient);
}

/* Rounds to pairs; the last of an odd count is followed by zero. */
static inline void simd_to_bfloat16(const simd_ops *ops, ptrdiff_t count, const float *x, uint32_t *pairs) {
  ops->to_bfloat16(count, x, pairs);
}

/* Pairs row with row instead of column with column: rows of x, of `columns` numbers, become rows `first`, `first` + 1 … of y, of which
 * two at a time are a row of `columns` pairs. Where only the first half of a row of pairs is written, the other becomes zero. */
static inline void simd_pair_rows(
    const simd_ops *ops, ptrdiff_t rows, ptrdiff_t columns, const uint32_t *x, ptrdiff_t x_row, ptrdiff_t first,
    uint32_t *y) {
  ops->pair_rows(rows, columns, x, x_row, first, y);
}

static inline void simd_bfloat16_multiply(const simd_ops *ops, const simd_bfloat16_product *product) {
  ops->bfloat16_multiply(product);
}

static inline void simd_bfloat16_forward(const simd_ops *ops, const simd_bfloat16_step *step) {
  ops->bfloat16_forward(step);
}

static inline void simd_quantised_multiply(const simd_ops *ops, const simd_quantised_product *product) {
  ops->quantised_multiply(product);
}

static inline void simd_quantised_forward(const simd_ops *ops, const simd_quantised_step *step) {
  ops->quantised_forward(step);
}

/* Replaces each row of x [rows, columns] by its log-softmax. */
static inline void simd_log_softmax(const simd_ops *ops, ptrdiff_t rows, ptrdiff_t columns, float *x) {
  ops->log_softmax(rows, columns, x);
}

static inline void simd_adam(const simd_ops *ops, const simd_adam_step *step) {
  ops->adam(step);
}

static inline void simd_drop(const simd_ops *ops, const simd_dropout *dropout) {
  ops->drop(dropout);
}

static inline float simd_dot(const simd_ops *ops, ptrdiff_t count, const float *x, const float *y) {
  return ops->dot(count, x, y);
}

/* y += scale * x */
static inline void simd_axpy(const simd_ops *ops, ptrdiff_t count, float scale, const float *x, float *y) {
  ops->axpy(count, scale, x, y);
}

/* y[index[r] * y_row + j] += x[r * columns + j]; without an index all rows are added to the first. */
static inline void simd_scatter_rows(
    const simd_ops *ops, ptrdiff_t rows, ptrdiff_t columns, const float *x, const int32_t *index, float *y,
    ptrdiff_t y_row) {
  ops->scatter_rows(rows, columns, x, index, y, y_row);
}

/* e^x within 2 ulp for x in [-87, 88]; below it stays at about 1.2e-38, above at about 2.4e38. */
static inline void simd_exp(const simd_ops *ops, ptrdiff_t count, const float *x, float *y) {
  ops->exp(count, x, y);
}

/* tanh within 3.6e-7 absolute and 5e-7 relative, never beyond -1 and 1. */
static inline void simd_tanh(const simd_ops *ops, ptrdiff_t count, const float *x, float *y) {
  ops->tanh(count, x, y);
}

/* 1 / (1 + e^-x) within 2e-7 absolute, never beyond 0 and 1. */
static inline void simd_sigmoid(const simd_ops *ops, ptrdiff_t count, const float *x, float *y) {
  ops->sigmoid(count, x, y);
}

/* Sum of squared differences. */
static inline double simd_squared_distance(const simd_ops *ops, ptrdiff_t count, const double *x, const double *y) {
  return ops->squared_distance(count, x, y);
}

/* Index of the row of points [rows, count] nearest to a point (the first of equals), or -1 without rows or when no distance is a number.
 * `distance` receives the squared distance. */
static inline ptrdiff_t simd_nearest(
    const simd_ops *ops, ptrdiff_t rows, ptrdiff_t count, const double *points, const double *point,
    double *distance) {
  ptrdiff_t nearest = -1;
  for (ptrdiff_t row = 0; row < rows; row += 1) {
    double candidate = ops->squared_distance(count, points + row * count, point);
    if (nearest < 0 ? candidate == candidate : candidate < *distance) {
      nearest = row;
      *distance = candidate;
    }
  }
  return nearest;
}
