/* Products of bfloat16 numbers, two neighbours at a time, in sums of single precision. */

/* Rounds to the nearest, the even one of two, as the processors' own instruction does but for denormal numbers; NaN stays NaN. */
INLINE void store_bfloat16(uint32_t *pairs, vector x) {
#if defined(BFLOAT16_IN_ONE)
  *(loose_short_vector *)pairs = (short_vector)_mm512_cvtneps_pbh((__m512)x);
#else
  vector_words bits = (vector_words)x;
  vector_words rounded = (bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16;
  vector_words number = (vector_words)(x == x);
  *(loose_short_vector *)pairs = __builtin_convertvector((rounded & number) | (~number & 0x7FC0u), short_vector);
#endif
}

/* sum + the products of the high halves + the products of the low halves. */
INLINE vector add_bfloat16(vector sum, vector_words x, vector_words y) {
#if defined(BFLOAT16_IN_ONE)
  return (vector)_mm512_dpbf16_ps((__m512)sum, (__m512bh)x, (__m512bh)y);
#else
  sum += (vector)(x & 0xFFFF0000u) * (vector)(y & 0xFFFF0000u);
  return sum + (vector)(x << 16) * (vector)(y << 16);
#endif
}

INLINE vector_words load_pairs(const uint32_t *p) {
  return (vector_words)load((const float *)(const void *)p);
}

INLINE vector_words splat_pair(uint32_t pair) {
  return pair - (vector_words){0};
}

#define NUMBER uint32_t
#define OPERAND vector_words
#define LOAD load_pairs
#define SPLAT splat_pair
#define ADD_PRODUCT add_bfloat16
#define PRODUCT simd_bfloat16_product
#define NAMED(NAME) NAME##_bfloat16
#include "product.h"

static void to_bfloat16(ptrdiff_t count, const float *x, uint32_t *pairs) {
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) store_bfloat16(pairs + i / 2, load(x + i));
  if (i < count) {
    uint32_t rest[LANES / 2];
    store_bfloat16(rest, load_part(x + i, count - i, 0));
    for (ptrdiff_t j = 0; j < (count - i + 1) / 2; j += 1) pairs[i / 2 + j] = rest[j];
  }
}

INLINE vector_words widen(const uint16_t *x) {
  return __builtin_convertvector(*(const loose_short_vector *)x, vector_words);
}

/* Half of a word that is written whole elsewhere. */
typedef uint16_t loose_half __attribute__((may_alias));

static void pair_rows(
    ptrdiff_t rows, ptrdiff_t columns, const uint32_t *x, ptrdiff_t x_row, ptrdiff_t first, uint32_t *y) {
  ptrdiff_t row = 0;
  if (first % 2 != 0 && rows > 0) {
    const loose_half *high = (const loose_half *)x;
    uint32_t *target = y + first / 2 * columns;
    for (ptrdiff_t j = 0; j < columns; j += 1) target[j] = (target[j] & 0xFFFFu) | (uint32_t)high[j] << 16;
    row = 1;
  }
  for (; row < rows; row += 2) {
    const loose_half *low = (const loose_half *)(x + row * x_row);
    const loose_half *high = (const loose_half *)(x + (row + 1) * x_row);
    uint32_t *target = y + (first + row) / 2 * columns;
    if (row + 1 == rows) {
      for (ptrdiff_t j = 0; j < columns; j += 1) target[j] = low[j];
    } else {
      ptrdiff_t j = 0;
      for (; j + LANES <= columns; j += LANES) {
        store((float *)(void *)(target + j), (vector)(widen(low + j) | widen(high + j) << 16));
      }
      for (; j < columns; j += 1) target[j] = low[j] | (uint32_t)high[j] << 16;
    }
  }
}

INLINE void add_bfloat16_products(const void *step, ptrdiff_t block, ptrdiff_t row, ptrdiff_t rows, float *tile) {
  const simd_bfloat16_step *s = step;
  const ptrdiff_t inputs = s->frame.inputs / 2, units = s->frame.units / 2;
  if (s->input) accumulate_states_bfloat16(rows, tile, s->input, inputs, NULL, row, s->input_weights + block * inputs * PANEL);
  if (s->hidden) {
    accumulate_states_bfloat16(rows, tile, s->hidden, units, s->frame.parents, row, s->hidden_weights + block * units * PANEL);
  }
}

INLINE void apply_bfloat16_gates(const void *step, ptrdiff_t block, ptrdiff_t row, const float *tile) {
  const simd_bfloat16_step *s = step;
  const ptrdiff_t at = row * s->frame.units + block * LANES;
  const row_state state = activate(&s->frame, block, row, tile);
  store(s->next_hidden + at, state.hidden);
  store_bfloat16(s->next_state + at / 2, state.hidden);
  if (s->gates) store_gates(&state, s->gates + block * s->gate_stride + row * PANEL);
}

static void bfloat16_forward(const simd_bfloat16_step *s) {
  for_each_tile(&s->frame, s, add_bfloat16_products, apply_bfloat16_gates);
}
