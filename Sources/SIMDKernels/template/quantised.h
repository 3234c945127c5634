/* Products of 16-bit states and weights in 32-bit sums, and the LSTM step that uses them: half the bytes and up to half the
 * instructions of single precision. */

/* Two neighbouring states of a row. */
typedef int32_t state_pair __attribute__((aligned(2), may_alias));

typedef struct quantised_rows {
  const state_pair *row[TILE_ROWS];
} quantised_rows;

INLINE vector_bits load_weights(const int16_t *p) {
  return (vector_bits)load((const float *)(const void *)p);
}

/* sum + the products of the low halves + the products of the high halves. */
INLINE vector_bits add_pairs(vector_bits sum, vector_bits x, vector_bits y) {
#if defined(PAIRS_IN_ONE)
  return (vector_bits)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)x, (__m512i)y);
#elif LANES == 16
  return sum + (vector_bits)_mm512_madd_epi16((__m512i)x, (__m512i)y);
#elif LANES == 8
  return sum + (vector_bits)_mm256_madd_epi16((__m256i)x, (__m256i)y);
#elif defined(__SSE2__)
  return sum + (vector_bits)_mm_madd_epi16((__m128i)x, (__m128i)y);
#else
  return sum + (x << 16 >> 16) * (y << 16 >> 16) + (x >> 16) * (y >> 16);
#endif
}

/* Adds scaled sums to a tile [rows][PANEL]. `rows` and `ways` are constants after inlining; a single row takes two pairs at a time, so
 * that its sums need not wait for each other. */
INLINE void accumulate_quantised_rows(
    int rows, int ways, float *tile, const quantised_rows *left, ptrdiff_t pairs, const int16_t *b, const float *scales) {
  vector_bits sum[2 * TILE_ROWS][4];
  const state_pair *a[TILE_ROWS];
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row += 1) a[row] = left->row[row];
#pragma clang loop unroll(full)
  for (int row = 0; row < ways * rows; row += 1) {
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v += 1) sum[row][v] = (vector_bits){0};
  }
  for (ptrdiff_t pair = 0; pair < pairs; pair += ways) {
#pragma clang loop unroll(full)
    for (int way = 0; way < ways; way += 1) {
      vector_bits x[TILE_ROWS];
#pragma clang loop unroll(full)
      for (int row = 0; row < rows; row += 1) x[row] = a[row][pair + way] - (vector_bits){0};
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v += 1) {
        vector_bits y = load_weights(b + 2 * v * LANES);
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; row += 1) {
          sum[way * rows + row][v] = add_pairs(sum[way * rows + row][v], x[row], y);
        }
      }
      b += 2 * PANEL;
    }
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row += 1) {
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v += 1) {
      vector_bits whole = ways > 1 ? sum[row][v] + sum[rows + row][v] : sum[row][v];
      float *target = tile + row * PANEL + v * LANES;
      store(target, load(target) + load(scales + v * LANES) * __builtin_convertvector(whole, vector));
    }
  }
}

/* Functions of their own, for the reason given for products in single precision. */
#define ACCUMULATE_QUANTISED(ROWS, WAYS)                                                                            \
  static __attribute__((noinline)) void accumulate_quantised_##ROWS(                                                \
      float *tile, const quantised_rows *a, ptrdiff_t pairs, const int16_t *b, const float *scales) {               \
    accumulate_quantised_rows(ROWS, WAYS, tile, a, pairs, b, scales);                                               \
  }
ACCUMULATE_QUANTISED(1, 2)
ACCUMULATE_QUANTISED(2, 1)
ACCUMULATE_QUANTISED(3, 1)
#if TILE_ROWS > 3
ACCUMULATE_QUANTISED(4, 1)
ACCUMULATE_QUANTISED(5, 1)
ACCUMULATE_QUANTISED(6, 1)
#endif

static void accumulate_quantised(
    ptrdiff_t rows, float *tile, const quantised_rows *a, ptrdiff_t pairs, const int16_t *b, const float *scales) {
  switch (rows) {
  case 1: accumulate_quantised_1(tile, a, pairs, b, scales); break;
  case 2: accumulate_quantised_2(tile, a, pairs, b, scales); break;
  case 3: accumulate_quantised_3(tile, a, pairs, b, scales); break;
#if TILE_ROWS > 3
  case 4: accumulate_quantised_4(tile, a, pairs, b, scales); break;
  case 5: accumulate_quantised_5(tile, a, pairs, b, scales); break;
  default: accumulate_quantised_6(tile, a, pairs, b, scales); break;
#endif
  }
}

static void quantised_multiply(const simd_quantised_product *p) {
  for (ptrdiff_t first = 0; first < p->columns; first += PANEL) {
    for (ptrdiff_t row = 0; row < p->rows; row += TILE_ROWS) {
      const ptrdiff_t rows = p->rows - row < TILE_ROWS ? p->rows - row : TILE_ROWS;
      float tile[TILE_ROWS * PANEL] __attribute__((aligned(64)));
      quantised_rows left;
      LOOP_OF_FEW
      for (ptrdiff_t r = 0; r < rows; r += 1) {
        left.row[r] = (const state_pair *)(p->a + (row + r) * p->depth);
        const float *c = p->c + (row + r) * p->columns + first;
        for (int v = 0; v < 4; v += 1) store(tile + r * PANEL + v * LANES, load(c + v * LANES));
      }
      accumulate_quantised(rows, tile, &left, p->depth / 2, p->b + first * p->depth, p->scales + first);
      for (ptrdiff_t r = 0; r < rows; r += 1) {
        float *c = p->c + (row + r) * p->columns + first;
        for (int v = 0; v < 4; v += 1) store(c + v * LANES, load(tile + r * PANEL + v * LANES));
      }
    }
  }
}

/* Rounds by adding 1.5 * 2^23, which leaves the integer in the low bits. */
INLINE void store_state(int16_t *p, vector hidden) {
  vector shifted = hidden * SIMD_STATE_SCALE + 12582912.0f;
  *(loose_short_vector *)(void *)p = __builtin_convertvector((vector_words)shifted, short_vector);
}

INLINE void accumulate_integer_states(
    ptrdiff_t rows, float *tile, const int16_t *states, ptrdiff_t width, const int32_t *parents, ptrdiff_t row,
    const int16_t *weights, const float *scales) {
  quantised_rows left;
  LOOP_OF_FEW
  for (ptrdiff_t r = 0; r < rows; r += 1) left.row[r] = (const state_pair *)(states + parent_of(parents, row + r) * width);
  accumulate_quantised(rows, tile, &left, width / 2, weights, scales);
}

INLINE void add_quantised_products(const void *step, ptrdiff_t block, ptrdiff_t row, ptrdiff_t rows, float *tile) {
  const simd_quantised_step *s = step;
  const ptrdiff_t inputs = s->frame.inputs, units = s->frame.units, first = block * PANEL;
  if (s->input) {
    accumulate_integer_states(
        rows, tile, s->input, inputs, NULL, row, s->input_weights + first * inputs, s->input_scales + first);
  }
  if (s->hidden) {
    accumulate_integer_states(
        rows, tile, s->hidden, units, s->frame.parents, row, s->hidden_weights + first * units, s->hidden_scales + first);
  }
}

INLINE void apply_quantised_gates(const void *step, ptrdiff_t block, ptrdiff_t row, const float *tile) {
  const simd_quantised_step *s = step;
  const ptrdiff_t at = row * s->frame.units + block * LANES;
  const vector hidden = activate(&s->frame, block, row, tile).hidden;
  store_state(s->next_state + at, hidden);
  if (s->next_hidden) store(s->next_hidden + at, hidden);
}

static void quantised_forward(const simd_quantised_step *s) {
  for_each_tile(&s->frame, s, add_quantised_products, apply_quantised_gates);
}
