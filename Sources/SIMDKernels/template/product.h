/* Products of one kind of number, a float or a pair of shorter ones. The including file defines NUMBER, OPERAND, a vector of it, LOAD and
 * SPLAT, which make such vectors, ADD_PRODUCT(sum, x, y), PRODUCT, the struct that describes a product, and NAMED, which names the functions.
 *
 * A tile is TILE_ROWS rows by one panel; its accumulators stay in registers over the whole depth. */

/* The left side of a tile: its rows may lie anywhere. */
typedef struct NAMED(rows) {
  const NUMBER *row[TILE_ROWS];
} NAMED(rows);

/* Sums into a tile [rows][PANEL]. `rows` is a constant after inlining. */
INLINE void NAMED(accumulate_rows)(
    int rows, float *tile, const NAMED(rows) *left, ptrdiff_t a_column, ptrdiff_t depth_block, ptrdiff_t a_block,
    ptrdiff_t blocks, const NUMBER *b) {
  vector sum[TILE_ROWS][4];
  const NUMBER *a[TILE_ROWS];
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row += 1) {
    a[row] = left->row[row];
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v += 1) sum[row][v] = load(tile + row * PANEL + v * LANES);
  }
  for (ptrdiff_t block = 0; block < blocks; block += 1) {
    ptrdiff_t column = block * a_block;
    for (ptrdiff_t k = 0; k < depth_block; k += 1) {
      OPERAND x[TILE_ROWS];
#pragma clang loop unroll(full)
      for (int row = 0; row < rows; row += 1) x[row] = SPLAT(a[row][column]);
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v += 1) {
        OPERAND y = LOAD(b + v * LANES);
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; row += 1) sum[row][v] = ADD_PRODUCT(sum[row][v], x[row], y);
      }
      column += a_column;
      b += PANEL;
    }
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row += 1) {
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v += 1) store(tile + row * PANEL + v * LANES, sum[row][v]);
  }
}

/* Functions of their own, so that what surrounds them cannot push accumulators out of registers. */
#define ACCUMULATE(ROWS)                                                                                            \
  static __attribute__((noinline)) void NAMED(accumulate_##ROWS)(                                                   \
      float *tile, const NAMED(rows) *a, ptrdiff_t a_column, ptrdiff_t depth_block, ptrdiff_t a_block,              \
      ptrdiff_t blocks, const NUMBER *b) {                                                                          \
    NAMED(accumulate_rows)(ROWS, tile, a, a_column, depth_block, a_block, blocks, b);                               \
  }
ACCUMULATE(1)
ACCUMULATE(2)
ACCUMULATE(3)
#if TILE_ROWS > 3
ACCUMULATE(4)
ACCUMULATE(5)
ACCUMULATE(6)
#endif
#undef ACCUMULATE

static void NAMED(accumulate)(
    ptrdiff_t rows, float *tile, const NAMED(rows) *a, ptrdiff_t a_column, ptrdiff_t depth_block, ptrdiff_t a_block,
    ptrdiff_t blocks, const NUMBER *b) {
  switch (rows) {
  case 1: NAMED(accumulate_1)(tile, a, a_column, depth_block, a_block, blocks, b); break;
  case 2: NAMED(accumulate_2)(tile, a, a_column, depth_block, a_block, blocks, b); break;
  case 3: NAMED(accumulate_3)(tile, a, a_column, depth_block, a_block, blocks, b); break;
#if TILE_ROWS > 3
  case 4: NAMED(accumulate_4)(tile, a, a_column, depth_block, a_block, blocks, b); break;
  case 5: NAMED(accumulate_5)(tile, a, a_column, depth_block, a_block, blocks, b); break;
  default: NAMED(accumulate_6)(tile, a, a_column, depth_block, a_block, blocks, b); break;
#endif
  }
}

/* Adds states * weights to a tile: rows of `width` numbers, from `row` on, or those that `parents` names. */
INLINE void NAMED(accumulate_states)(
    ptrdiff_t rows, float *tile, const NUMBER *states, ptrdiff_t width, const int32_t *parents, ptrdiff_t row,
    const NUMBER *weights) {
  NAMED(rows) left;
  LOOP_OF_FEW
  for (ptrdiff_t r = 0; r < rows; r += 1) left.row[r] = states + parent_of(parents, row + r) * width;
  NAMED(accumulate)(rows, tile, &left, 1, width, 0, 1, weights);
}

static void NAMED(multiply)(const PRODUCT *p) {
  if (p->depth <= 0) {
    if (!p->accumulate) {
      for (ptrdiff_t row = 0; row < p->rows; row += 1) {
        for (ptrdiff_t j = 0; j < p->columns; j += 1) p->c[row * p->c_row + j] = 0;
      }
    }
    return;
  }
  const ptrdiff_t blocks = p->depth / p->depth_block;
  const NUMBER *panel = p->b;
  for (ptrdiff_t first = 0; first < p->columns; first += PANEL, panel += p->depth * PANEL) {
    const ptrdiff_t width = p->columns - first < PANEL ? p->columns - first : PANEL;
    for (ptrdiff_t row = 0; row < p->rows; row += TILE_ROWS) {
      const ptrdiff_t rows = p->rows - row < TILE_ROWS ? p->rows - row : TILE_ROWS;
      float tile[TILE_ROWS * PANEL] __attribute__((aligned(64)));
      NAMED(rows) left;
      LOOP_OF_FEW
      for (ptrdiff_t r = 0; r < rows; r += 1) {
        left.row[r] = p->a + (row + r) * p->a_row;
        const float *c = p->c + (row + r) * p->c_row + first;
        for (ptrdiff_t j = 0; j < PANEL; j += 1) tile[r * PANEL + j] = p->accumulate && j < width ? c[j] : 0;
      }
      NAMED(accumulate)(rows, tile, &left, p->a_column, p->depth_block, p->a_block, blocks, panel);
      for (ptrdiff_t r = 0; r < rows; r += 1) {
        float *c = p->c + (row + r) * p->c_row + first;
        if (width == PANEL) {
          for (int v = 0; v < 4; v += 1) store(c + v * LANES, load(tile + r * PANEL + v * LANES));
        } else {
          for (ptrdiff_t j = 0; j < width; j += 1) c[j] = tile[r * PANEL + j];
        }
      }
    }
  }
}

#undef NUMBER
#undef OPERAND
#undef LOAD
#undef SPLAT
#undef ADD_PRODUCT
#undef PRODUCT
#undef NAMED
