/* Products of 16-bit states and weights in 32-bit sums, and the LSTM step that uses them: half the bytes and up to half the
 * instructions of single precision. */

/* Two neighbouring states of a row. */
typedef int32_t state_pair __attribute__((aligned(2), may_alias));

typedef struct quantised_rows {
  const state_pair *row[TILE_ROWS];
} quantised_rows;

INLINE vector_bits load_integers(const void *p) {
  return (vector_bits)load((const float *)p);
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

/* Sums of a tile's rows with one panel, [rows][PANEL]. `rows` and `ways` are constants after inlining; a single row takes two pairs at a
 * time, so that its sums need not wait for each other. */
INLINE void sum_quantised_rows(int rows, int ways, int32_t *sums, const quantised_rows *left, ptrdiff_t pairs, const int16_t *b) {
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
        vector_bits y = load_integers(b + 2 * v * LANES);
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
      store((float *)(void *)(sums + row * PANEL + v * LANES), (vector)(ways > 1 ? sum[row][v] + sum[rows + row][v] : sum[row][v]));
    }
  }
}

/* Functions of their own, for the reason given for products in single precision. */
#define SUM_QUANTISED(ROWS, WAYS)                                                                                   \
  static __attribute__((noinline)) void sum_quantised_##ROWS(                                                       \
      int32_t *sums, const quantised_rows *a, ptrdiff_t pairs, const int16_t *b) {                                  \
    sum_quantised_rows(ROWS, WAYS, sums, a, pairs, b);                                                              \
  }
SUM_QUANTISED(1, 2)
SUM_QUANTISED(2, 1)
SUM_QUANTISED(3, 1)
#if TILE_ROWS > 3
SUM_QUANTISED(4, 1)
SUM_QUANTISED(5, 1)
SUM_QUANTISED(6, 1)
#endif

static void sum_quantised(ptrdiff_t rows, int32_t *sums, const quantised_rows *a, ptrdiff_t pairs, const int16_t *b) {
  switch (rows) {
  case 1: sum_quantised_1(sums, a, pairs, b); break;
  case 2: sum_quantised_2(sums, a, pairs, b); break;
  case 3: sum_quantised_3(sums, a, pairs, b); break;
#if TILE_ROWS > 3
  case 4: sum_quantised_4(sums, a, pairs, b); break;
  case 5: sum_quantised_5(sums, a, pairs, b); break;
  default: sum_quantised_6(sums, a, pairs, b); break;
#endif
  }
}

/* x + scale * sum. */
INLINE vector add_scaled(vector x, const float *scale, const int32_t *sum) {
  return x + load(scale) * __builtin_convertvector(load_integers(sum), vector);
}

static void quantised_multiply(const simd_quantised_product *p) {
  for (ptrdiff_t first = 0; first < p->columns; first += PANEL) {
    for (ptrdiff_t row = 0; row < p->rows; row += TILE_ROWS) {
      const ptrdiff_t rows = p->rows - row < TILE_ROWS ? p->rows - row : TILE_ROWS;
      int32_t sums[TILE_ROWS * PANEL] __attribute__((aligned(64)));
      quantised_rows left;
      LOOP_OF_FEW
      for (ptrdiff_t r = 0; r < rows; r += 1) left.row[r] = (const state_pair *)(p->a + (row + r) * p->depth);
      sum_quantised(rows, sums, &left, p->depth / 2, p->b + first * p->depth);
      for (ptrdiff_t r = 0; r < rows; r += 1) {
        float *c = p->c + (row + r) * p->columns + first;
        for (int v = 0; v < 4; v += 1) {
          store(c + v * LANES, add_scaled(load(c + v * LANES), p->scales + first + v * LANES, sums + r * PANEL + v * LANES));
        }
      }
    }
  }
}

/* Rounds by adding 1.5 * 2^23, which leaves the integer in the low bits. */
INLINE void store_state(int16_t *p, vector hidden) {
  vector shifted = hidden * SIMD_STATE_SCALE + 12582912.0f;
  *(loose_short_vector *)(void *)p = __builtin_convertvector((vector_words)shifted, short_vector);
}

/* e^(-k x) with k times log2(e) for `factor`: 2^n times a polynomial, the best of degree 4 that is 1 at 0 in the relative error (2.8e-6),
 * which is a twentieth of what rounding a state may take. Between 2^-29 and 2^29, so that a product of three of them is finite. Adding
 * 1.5 * 2^23 leaves n in the low bits. NaN stays NaN. */
INLINE vector decay_lanes(vector x, float factor) {
  const vector magic = splat(12582912.0f);
  x = clamp_lanes(x * -factor, 29.0f);
  vector shifted = x + magic;
  vector r = x - (shifted - magic);
  vector p = splat(9.58285312e-3f);
  p = p * r + 5.59064248e-2f;
  p = p * r + 0.240240986f;
  p = p * r + 0.693124193f;
  p = p * r + 1.0f;
  return (vector)((vector_words)p + ((vector_words)shifted << 23));
}

#define LOG2_E 1.44269504f

/* With I = e^-i and so on, sigmoid(i) is 1 / (1 + I) and tanh(g) is (1 - G) / (1 + G), where G = e^-2g: written as one fraction each, the
 * new cell state and the new hidden state take one division, and a hidden state cannot leave [-1, 1]. */
INLINE vector next_quantised_cell(const vector *gate, const float *before) {
  vector candidate = decay_lanes(gate[2], 2 * LOG2_E);
  vector over = 1.0f - candidate;
  vector under = (1.0f + decay_lanes(gate[0], LOG2_E)) * (1.0f + candidate);
  if (before) {
    vector forget = 1.0f + decay_lanes(gate[1], LOG2_E);
    over = over * forget + load(before) * under;
    under *= forget;
  }
  return over / under;
}

/* A tile's cell states first and its hidden states after them: one waits for the other, those of several rows do not. `hidden_sums` are
 * those of the rows' parents. */
static void apply_quantised_gates(
    const simd_quantised_step *s, ptrdiff_t row, ptrdiff_t rows, ptrdiff_t block, const int32_t *input_sums,
    const int32_t *hidden_sums) {
  vector cell[TILE_ROWS], output[TILE_ROWS];
  for (ptrdiff_t r = 0; r < rows; r += 1) {
    const ptrdiff_t parent = parent_of(s->frame.parents, row + r);
    const float *start = s->frame.start + block * PANEL;
    if (s->frame.tokens) start += (ptrdiff_t)s->frame.tokens[row + r] * 4 * s->frame.units;
    vector gate[4];
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v += 1) {
      const ptrdiff_t lane = v * LANES, column = block * PANEL + lane;
      gate[v] = load(start + lane);
      if (s->input) gate[v] = add_scaled(gate[v], s->input_scales + column, input_sums + r * PANEL + lane);
      if (s->hidden) {
        gate[v] = add_scaled(gate[v], s->hidden_scales + column, hidden_sums + parent % (2 * TILE_ROWS) * PANEL + lane);
      }
    }
    cell[r] = next_quantised_cell(gate, s->frame.cell ? s->frame.cell + parent * s->frame.units + block * LANES : NULL);
    output[r] = 1.0f + decay_lanes(gate[3], LOG2_E);
  }
  for (ptrdiff_t r = 0; r < rows; r += 1) {
    const ptrdiff_t at = (row + r) * s->frame.units + block * LANES;
    vector activated = decay_lanes(cell[r], 2 * LOG2_E);
    vector hidden = (1.0f - activated) / (output[r] * (1.0f + activated));
    store(s->frame.next_cell + at, cell[r]);
    store_state(s->next_state + at, hidden);
    if (s->next_hidden) store(s->next_hidden + at, hidden);
  }
}

/* What rows of a step share, their parent, is multiplied once for all of them: parents ascend without gaps, so that the sums of two tiles
 * of them are all that a tile of rows needs. */
static void quantised_forward(const simd_quantised_step *s) {
  const ptrdiff_t parents = s->hidden && s->frame.rows > 0 ? parent_of(s->frame.parents, s->frame.rows - 1) + 1 : 0;
  for (ptrdiff_t block = 0; block < s->frame.units / LANES; block += 1) {
    int32_t input_sums[TILE_ROWS * PANEL] __attribute__((aligned(64)));
    int32_t hidden_sums[2 * TILE_ROWS * PANEL] __attribute__((aligned(64)));
    ptrdiff_t summed = 0;
    quantised_rows left;
    for (ptrdiff_t row = 0; row < s->frame.rows; row += TILE_ROWS) {
      const ptrdiff_t rows = s->frame.rows - row < TILE_ROWS ? s->frame.rows - row : TILE_ROWS;
      if (s->input) {
        LOOP_OF_FEW
        for (ptrdiff_t r = 0; r < rows; r += 1) left.row[r] = (const state_pair *)(s->input + (row + r) * s->frame.inputs);
        sum_quantised(rows, input_sums, &left, s->frame.inputs / 2, s->input_weights + block * s->frame.inputs * PANEL);
      }
      if (s->hidden && summed <= parent_of(s->frame.parents, row + rows - 1)) {
        const ptrdiff_t count = parents - summed < TILE_ROWS ? parents - summed : TILE_ROWS;
        LOOP_OF_FEW
        for (ptrdiff_t r = 0; r < count; r += 1) left.row[r] = (const state_pair *)(s->hidden + (summed + r) * s->frame.units);
        sum_quantised(
            count, hidden_sums + summed % (2 * TILE_ROWS) * PANEL, &left, s->frame.units / 2,
            s->hidden_weights + block * s->frame.units * PANEL);
        summed += count;
      }
      apply_quantised_gates(s, row, rows, block, input_sums, hidden_sums);
    }
  }
}
