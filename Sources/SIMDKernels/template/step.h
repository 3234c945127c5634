/* What the kinds of LSTM step have in common: product and gates of a tile at a time, so that pre-activations never leave the first-level
 * cache. */

#define PANEL (4 * LANES)

/* The row of the step before that a row goes on from. */
INLINE ptrdiff_t parent_of(const int32_t *parents, ptrdiff_t row) {
  return parents ? parents[row] : row;
}

/* `add` adds products to a tile's rows, `apply` turns a row's pre-activations into states; both are constants after inlining. */
INLINE void for_each_tile(
    const simd_lstm_frame *f, const void *step,
    void (*add)(const void *step, ptrdiff_t block, ptrdiff_t row, ptrdiff_t rows, float *tile),
    void (*apply)(const void *step, ptrdiff_t block, ptrdiff_t row, const float *tile)) {
  for (ptrdiff_t block = 0; block < f->units / LANES; block += 1) {
    for (ptrdiff_t row = 0; row < f->rows; row += TILE_ROWS) {
      const ptrdiff_t rows = f->rows - row < TILE_ROWS ? f->rows - row : TILE_ROWS;
      float tile[TILE_ROWS * PANEL] __attribute__((aligned(64)));
      for (ptrdiff_t r = 0; r < rows; r += 1) {
        const float *start = f->start + block * PANEL;
        if (f->tokens) start += (ptrdiff_t)f->tokens[row + r] * 4 * f->units;
        for (int v = 0; v < 4; v += 1) store(tile + r * PANEL + v * LANES, load(start + v * LANES));
      }
      add(step, block, row, rows, tile);
      for (ptrdiff_t r = 0; r < rows; r += 1) apply(step, block, row + r, tile + r * PANEL);
    }
  }
}

/* The gates of one row and block, activated, and the states that they lead to. */
typedef struct row_state {
  vector input, forget, candidate, output, cell, hidden;
} row_state;

INLINE row_state activate(const simd_lstm_frame *f, ptrdiff_t block, ptrdiff_t row, const float *tile) {
  row_state s;
  s.input = sigmoid_lanes(load(tile));
  s.forget = sigmoid_lanes(load(tile + LANES));
  s.candidate = tanh_lanes(load(tile + 2 * LANES));
  s.output = sigmoid_lanes(load(tile + 3 * LANES));
  s.cell = s.input * s.candidate;
  if (f->cell) s.cell = s.forget * load(f->cell + parent_of(f->parents, row) * f->units + block * LANES) + s.cell;
  s.hidden = s.output * tanh_lanes(s.cell);
  store(f->next_cell + row * f->units + block * LANES, s.cell);
  return s;
}

INLINE void store_gates(const row_state *s, float *gates) {
  store(gates, s->input);
  store(gates + LANES, s->forget);
  store(gates + 2 * LANES, s->candidate);
  store(gates + 3 * LANES, s->output);
}
