/* The LSTM step in single precision and the gradient of its gates. */

INLINE void add_single_products(const void *step, ptrdiff_t block, ptrdiff_t row, ptrdiff_t rows, float *tile) {
  const simd_lstm_step *s = step;
  const ptrdiff_t inputs = s->frame.inputs, units = s->frame.units;
  if (s->input) accumulate_states_single(rows, tile, s->input, inputs, NULL, row, s->input_weights + block * inputs * PANEL);
  if (s->hidden) {
    accumulate_states_single(rows, tile, s->hidden, units, s->frame.parents, row, s->hidden_weights + block * units * PANEL);
  }
}

INLINE void apply_single_gates(const void *step, ptrdiff_t block, ptrdiff_t row, const float *tile) {
  const simd_lstm_step *s = step;
  const row_state state = activate(&s->frame, block, row, tile);
  store(s->next_hidden + row * s->frame.units + block * LANES, state.hidden);
  if (s->gates) store_gates(&state, s->gates + block * s->gate_stride + row * PANEL);
}

static void lstm_forward(const simd_lstm_step *s) {
  for_each_tile(&s->frame, s, add_single_products, apply_single_gates);
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
      const vector gradient[4] = {
          cell_gradient * candidate * input * (1.0f - input),
          cell_gradient * previous * forget * (1.0f - forget),
          cell_gradient * input * (1.0f - candidate * candidate),
          hidden_gradient * activated * output * (1.0f - output),
      };
#pragma clang loop unroll(full)
      for (int gate = 0; gate < 4; gate += 1) store(gates + gate * LANES, gradient[gate]);
      if (s->rounded) {
        uint32_t *rounded = s->rounded + (block * s->gate_stride + row * PANEL) / 2;
#pragma clang loop unroll(full)
        for (int gate = 0; gate < 4; gate += 1) store_bfloat16(rounded + gate * LANES / 2, gradient[gate]);
      }
      if (s->previous_gradient) {
        vector sum = cell_gradient * forget;
        if (s->parents) sum += load(s->previous_gradient + before);
        store(s->previous_gradient + before, sum);
      }
    }
  }
}
