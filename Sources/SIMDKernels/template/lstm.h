/* The LSTM step: product and gates of a tile at a time, so that pre-activations never leave the first-level cache. */

/* The row of the step before that a row goes on from. */
INLINE ptrdiff_t parent_of(const int32_t *parents, ptrdiff_t row) {
  return parents ? parents[row] : row;
}

INLINE void apply_gates(const simd_lstm_step *s, ptrdiff_t row, ptrdiff_t block, const float *tile) {
  const ptrdiff_t at = row * s->units + block * LANES;
  vector input = sigmoid_lanes(load(tile));
  vector forget = sigmoid_lanes(load(tile + LANES));
  vector candidate = tanh_lanes(load(tile + 2 * LANES));
  vector output = sigmoid_lanes(load(tile + 3 * LANES));
  vector cell = input * candidate;
  if (s->cell) cell = forget * load(s->cell + parent_of(s->parents, row) * s->units + block * LANES) + cell;
  store(s->next_cell + at, cell);
  store(s->next_hidden + at, output * tanh_lanes(cell));
  if (s->gates) {
    float *gates = s->gates + block * s->gate_stride + row * PANEL;
    store(gates, input);
    store(gates + LANES, forget);
    store(gates + 2 * LANES, candidate);
    store(gates + 3 * LANES, output);
  }
}

static void lstm_forward(const simd_lstm_step *s) {
  for (ptrdiff_t block = 0; block < s->units / LANES; block += 1) {
    for (ptrdiff_t row = 0; row < s->rows; row += TILE_ROWS) {
      const ptrdiff_t rows = s->rows - row < TILE_ROWS ? s->rows - row : TILE_ROWS;
      float tile[TILE_ROWS * PANEL] __attribute__((aligned(64)));
      for (ptrdiff_t r = 0; r < rows; r += 1) {
        const float *start = s->start + block * PANEL;
        if (s->tokens) start += (ptrdiff_t)s->tokens[row + r] * 4 * s->units;
        for (int v = 0; v < 4; v += 1) store(tile + r * PANEL + v * LANES, load(start + v * LANES));
      }
      tile_rows left;
      if (s->input) {
        LOOP_OF_FEW
        for (ptrdiff_t r = 0; r < rows; r += 1) left.row[r] = s->input + (row + r) * s->inputs;
        accumulate(rows, tile, &left, 1, s->inputs, 0, 1, s->input_weights + block * s->inputs * PANEL);
      }
      if (s->hidden) {
        LOOP_OF_FEW
        for (ptrdiff_t r = 0; r < rows; r += 1) left.row[r] = s->hidden + parent_of(s->parents, row + r) * s->units;
        accumulate(rows, tile, &left, 1, s->units, 0, 1, s->hidden_weights + block * s->units * PANEL);
      }
      for (ptrdiff_t r = 0; r < rows; r += 1) apply_gates(s, row + r, block, tile + r * PANEL);
    }
  }
}

static void lstm_backward(const simd_lstm_gradient *s) {
  for (ptrdiff_t block = 0; block < s->units / LANES; block += 1) {
    for (ptrdiff_t row = 0; row < s->rows; row += 1) {
      const ptrdiff_t at = row * s->units + block * LANES;
      const ptrdiff_t before = parent_of(s->parents, row) * s->units + block * LANES;
      float *gates = s->gates + block * s->gate_stride + row * PANEL;
      vector input = load(gates), forget = load(gates + LANES);
      vector candidate = load(gates + 2 * LANES), output = load(gates + 3 * LANES);
      vector activated = tanh_lanes(load(s->next_cell + at));
      vector hidden_gradient = load(s->hidden_gradient + at);
      vector cell_gradient = hidden_gradient * output * (1.0f - activated * activated);
      if (s->cell_gradient) cell_gradient += load(s->cell_gradient + at);
      vector previous = s->cell ? load(s->cell + before) : splat(0);
      store(gates, cell_gradient * candidate * input * (1.0f - input));
      store(gates + LANES, cell_gradient * previous * forget * (1.0f - forget));
      store(gates + 2 * LANES, cell_gradient * input * (1.0f - candidate * candidate));
      store(gates + 3 * LANES, hidden_gradient * activated * output * (1.0f - output));
      if (s->previous_gradient) {
        vector sum = cell_gradient * forget;
        if (s->parents) sum += load(s->previous_gradient + before);
        store(s->previous_gradient + before, sum);
      }
    }
  }
}
