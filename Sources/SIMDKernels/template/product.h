/* Packing and products. A tile is TILE_ROWS rows by one panel; its accumulators stay in registers over the whole depth. */

#define PANEL (4 * LANES)

/* The left side of a tile: its rows may lie anywhere. */
typedef struct tile_rows {
  const float *row[TILE_ROWS];
} tile_rows;

/* Sums into a tile [rows][PANEL]. `rows` is a constant after inlining. */
INLINE void accumulate_rows(
    int rows, float *tile, const tile_rows *left, ptrdiff_t a_column, ptrdiff_t depth_block, ptrdiff_t a_block,
    ptrdiff_t blocks, const float *b) {
  vector sum[TILE_ROWS][4];
  const float *a[TILE_ROWS];
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row += 1) {
    a[row] = left->row[row];
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v += 1) sum[row][v] = load(tile + row * PANEL + v * LANES);
  }
  for (ptrdiff_t block = 0; block < blocks; block += 1) {
    ptrdiff_t column = block * a_block;
    for (ptrdiff_t k = 0; k < depth_block; k += 1) {
      vector x[TILE_ROWS];
#pragma clang loop unroll(full)
      for (int row = 0; row < rows; row += 1) x[row] = splat(a[row][column]);
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v += 1) {
        vector y = load(b + v * LANES);
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; row += 1) sum[row][v] += x[row] * y;
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
  static __attribute__((noinline)) void accumulate_##ROWS(                                                          \
      float *tile, const tile_rows *a, ptrdiff_t a_column, ptrdiff_t depth_block, ptrdiff_t a_block,                \
      ptrdiff_t blocks, const float *b) {                                                                           \
    accumulate_rows(ROWS, tile, a, a_column, depth_block, a_block, blocks, b);                                      \
  }
ACCUMULATE(1)
ACCUMULATE(2)
ACCUMULATE(3)
#if TILE_ROWS > 3
ACCUMULATE(4)
ACCUMULATE(5)
ACCUMULATE(6)
#endif

static void accumulate(
    ptrdiff_t rows, float *tile, const tile_rows *a, ptrdiff_t a_column, ptrdiff_t depth_block, ptrdiff_t a_block,
    ptrdiff_t blocks, const float *b) {
  switch (rows) {
  case 1: accumulate_1(tile, a, a_column, depth_block, a_block, blocks, b); break;
  case 2: accumulate_2(tile, a, a_column, depth_block, a_block, blocks, b); break;
  case 3: accumulate_3(tile, a, a_column, depth_block, a_block, blocks, b); break;
#if TILE_ROWS > 3
  case 4: accumulate_4(tile, a, a_column, depth_block, a_block, blocks, b); break;
  case 5: accumulate_5(tile, a, a_column, depth_block, a_block, blocks, b); break;
  default: accumulate_6(tile, a, a_column, depth_block, a_block, blocks, b); break;
#endif
  }
}

static void pack(
    ptrdiff_t depth, ptrdiff_t columns, const float *b, ptrdiff_t b_row, ptrdiff_t b_column, float *packed) {
  for (ptrdiff_t first = 0; first < columns; first += PANEL) {
    ptrdiff_t width = columns - first < PANEL ? columns - first : PANEL;
    for (ptrdiff_t k = 0; k < depth; k += 1) {
      const float *source = b + k * b_row + first * b_column;
      if (b_column == 1) {
        for (ptrdiff_t j = 0; j < width; j += 1) packed[j] = source[j];
      } else {
        for (ptrdiff_t j = 0; j < width; j += 1) packed[j] = source[j * b_column];
      }
      for (ptrdiff_t j = width; j < PANEL; j += 1) packed[j] = 0;
      packed += PANEL;
    }
  }
}

static void multiply(const simd_product *p) {
  if (p->depth <= 0) {
    if (!p->accumulate) {
      for (ptrdiff_t row = 0; row < p->rows; row += 1) {
        for (ptrdiff_t j = 0; j < p->columns; j += 1) p->c[row * p->c_row + j] = 0;
      }
    }
    return;
  }
  const ptrdiff_t blocks = p->depth / p->depth_block;
  const float *panel = p->b;
  for (ptrdiff_t first = 0; first < p->columns; first += PANEL, panel += p->depth * PANEL) {
    const ptrdiff_t width = p->columns - first < PANEL ? p->columns - first : PANEL;
    for (ptrdiff_t row = 0; row < p->rows; row += TILE_ROWS) {
      const ptrdiff_t rows = p->rows - row < TILE_ROWS ? p->rows - row : TILE_ROWS;
      float tile[TILE_ROWS * PANEL] __attribute__((aligned(64)));
      tile_rows left;
      LOOP_OF_FEW
      for (ptrdiff_t r = 0; r < rows; r += 1) {
        left.row[r] = p->a + (row + r) * p->a_row;
        const float *c = p->c + (row + r) * p->c_row + first;
        for (ptrdiff_t j = 0; j < PANEL; j += 1) tile[r * PANEL + j] = p->accumulate && j < width ? c[j] : 0;
      }
      accumulate(rows, tile, &left, p->a_column, p->depth_block, p->a_block, blocks, panel);
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
