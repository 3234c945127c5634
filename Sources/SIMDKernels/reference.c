#include "tables.h"

#include <math.h>

/* The same functions written plainly, with libm and one lane, so that the vector paths have something to agree with. */

static void pack(
    ptrdiff_t depth, ptrdiff_t columns, const float *b, ptrdiff_t b_row, ptrdiff_t b_column, float *packed) {
  for (ptrdiff_t j = 0; j < (columns + 3) / 4 * 4; j += 1) {
    for (ptrdiff_t k = 0; k < depth; k += 1) {
      packed[(j / 4 * depth + k) * 4 + j % 4] = j < columns ? b[k * b_row + j * b_column] : 0;
    }
  }
}

static void multiply(const simd_product *p) {
  for (ptrdiff_t i = 0; i < p->rows; i += 1) {
    for (ptrdiff_t j = 0; j < p->columns; j += 1) {
      double sum = p->accumulate ? p->c[i * p->c_row + j] : 0;
      for (ptrdiff_t k = 0; k < p->depth; k += 1) {
        ptrdiff_t at = i * p->a_row + k % p->depth_block * p->a_column + k / p->depth_block * p->a_block;
        sum += (double)p->a[at] * p->b[(j / 4 * p->depth + k) * 4 + j % 4];
      }
      p->c[i * p->c_row + j] = (float)sum;
    }
  }
}

static double sigmoid(double x) {
  return 1 / (1 + exp(-x));
}

static void lstm_forward(const simd_lstm_step *s) {
  for (ptrdiff_t row = 0; row < s->rows; row += 1) {
    const ptrdiff_t parent = s->parents ? s->parents[row] : row;
    for (ptrdiff_t unit = 0; unit < s->units; unit += 1) {
      double gates[4];
      for (ptrdiff_t gate = 0; gate < 4; gate += 1) {
        ptrdiff_t start = s->tokens ? s->tokens[row] * 4 * s->units : 0;
        double sum = s->start[start + unit * 4 + gate];
        for (ptrdiff_t k = 0; s->input && k < s->inputs; k += 1) {
          sum += (double)s->input[row * s->inputs + k] * s->input_weights[(unit * s->inputs + k) * 4 + gate];
        }
        for (ptrdiff_t k = 0; s->hidden && k < s->units; k += 1) {
          sum += (double)s->hidden[parent * s->units + k] * s->hidden_weights[(unit * s->units + k) * 4 + gate];
        }
        gates[gate] = gate == 2 ? tanh(sum) : sigmoid(sum);
        if (s->gates) s->gates[unit * s->gate_stride + row * 4 + gate] = (float)gates[gate];
      }
      double previous = s->cell ? s->cell[parent * s->units + unit] : 0;
      double cell = gates[1] * previous + gates[0] * gates[2];
      s->next_cell[row * s->units + unit] = (float)cell;
      s->next_hidden[row * s->units + unit] = (float)(gates[3] * tanh(cell));
    }
  }
}

/* The sum of a column of a panel of four, whose pairs of weights lie side by side. */
static double quantised_sum(const int16_t *states, ptrdiff_t depth, const int16_t *panel, ptrdiff_t column) {
  int64_t sum = 0;
  for (ptrdiff_t k = 0; k < depth; k += 1) sum += (int32_t)states[k] * panel[(k / 2 * 4 + column) * 2 + k % 2];
  return (double)sum;
}

static void quantised_multiply(const simd_quantised_product *p) {
  for (ptrdiff_t i = 0; i < p->rows; i += 1) {
    for (ptrdiff_t j = 0; j < p->columns; j += 1) {
      double sum = quantised_sum(p->a + i * p->depth, p->depth, p->b + j / 4 * 4 * p->depth, j % 4);
      p->c[i * p->columns + j] = (float)(p->c[i * p->columns + j] + p->scales[j] * sum);
    }
  }
}

static void quantised_forward(const simd_quantised_step *s) {
  for (ptrdiff_t row = 0; row < s->rows; row += 1) {
    const ptrdiff_t parent = s->parents ? s->parents[row] : row;
    for (ptrdiff_t unit = 0; unit < s->units; unit += 1) {
      double gates[4];
      for (ptrdiff_t gate = 0; gate < 4; gate += 1) {
        const ptrdiff_t place = unit * 4 + gate;
        double sum = s->start[(s->tokens ? s->tokens[row] * 4 * s->units : 0) + place];
        if (s->input) {
          sum += s->input_scales[place] *
                 quantised_sum(s->input + row * s->inputs, s->inputs, s->input_weights + unit * 4 * s->inputs, gate);
        }
        if (s->hidden) {
          sum += s->hidden_scales[place] *
                 quantised_sum(s->hidden + parent * s->units, s->units, s->hidden_weights + unit * 4 * s->units, gate);
        }
        gates[gate] = gate == 2 ? tanh(sum) : sigmoid(sum);
      }
      const ptrdiff_t at = row * s->units + unit;
      double cell = gates[1] * (s->cell ? s->cell[parent * s->units + unit] : 0) + gates[0] * gates[2];
      double hidden = gates[3] * tanh(cell);
      s->next_cell[at] = (float)cell;
      s->next_state[at] = (int16_t)lrint(hidden * SIMD_STATE_SCALE);
      if (s->next_hidden) s->next_hidden[at] = (float)hidden;
    }
  }
}

static void lstm_backward(const simd_lstm_gradient *s) {
  for (ptrdiff_t row = 0; row < s->rows; row += 1) {
    const ptrdiff_t parent = s->parents ? s->parents[row] : row;
    for (ptrdiff_t unit = 0; unit < s->units; unit += 1) {
      ptrdiff_t at = row * s->units + unit, before = parent * s->units + unit;
      float *gates = s->gates + unit * s->gate_stride + row * 4;
      double i = gates[0], f = gates[1], g = gates[2], o = gates[3];
      double activated = tanh(s->next_cell[at]);
      double hidden_gradient = s->hidden_gradient[at];
      double later = s->cell_gradient ? s->cell_gradient[at] : 0;
      double cell_gradient = later + hidden_gradient * o * (1 - activated * activated);
      gates[0] = (float)(cell_gradient * g * i * (1 - i));
      gates[1] = (float)(cell_gradient * (s->cell ? s->cell[before] : 0) * f * (1 - f));
      gates[2] = (float)(cell_gradient * i * (1 - g * g));
      gates[3] = (float)(hidden_gradient * activated * o * (1 - o));
      if (s->previous_gradient) {
        double sum = s->parents ? s->previous_gradient[before] : 0;
        s->previous_gradient[before] = (float)(sum + cell_gradient * f);
      }
    }
  }
}

static void log_softmax(ptrdiff_t rows, ptrdiff_t columns, float *x) {
  for (ptrdiff_t row = 0; row < rows; row += 1, x += columns) {
    double largest = x[0], sum = 0;
    for (ptrdiff_t j = 0; j < columns; j += 1) largest = x[j] > largest ? x[j] : largest;
    for (ptrdiff_t j = 0; j < columns; j += 1) sum += exp(x[j] - largest);
    for (ptrdiff_t j = 0; j < columns; j += 1) x[j] = (float)(x[j] - largest - log(sum));
  }
}

static void adam(const simd_adam_step *s) {
  for (ptrdiff_t i = 0; i < s->count; i += 1) {
    double gradient = (double)s->gradient[i] * s->gradient_scale;
    double first = s->beta1 * (double)s->first_moment[i] + (1 - (double)s->beta1) * gradient;
    double second = s->beta2 * (double)s->second_moment[i] + (1 - (double)s->beta2) * gradient * gradient;
    double step = s->learning_rate * (first / s->correction1) / (sqrt(second / s->correction2) + s->epsilon);
    s->first_moment[i] = (float)first;
    s->second_moment[i] = (float)second;
    s->parameters[i] = (float)(s->parameters[i] * (1 - (double)s->learning_rate * s->weight_decay) - step);
  }
}

static void drop(const simd_dropout *s) {
  for (ptrdiff_t i = 0; i < s->count; i += 1) {
    uint32_t h = ((uint32_t)i + (uint32_t)s->key) * 0x9E3779B1u ^ (uint32_t)(s->key >> 32);
    h = (h ^ h >> 16) * 0x85EBCA6Bu;
    h = (h ^ h >> 13) * 0xC2B2AE35u;
    h ^= h >> 16;
    s->mask[i] = (int32_t)(h >> 8) < s->threshold ? 0 : s->scale;
    s->y[i] = s->mask[i] * s->x[i];
  }
}

static float dot(ptrdiff_t count, const float *x, const float *y) {
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i += 1) sum += (double)x[i] * y[i];
  return (float)sum;
}

static void axpy(ptrdiff_t count, float scale, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i += 1) y[i] = (float)(y[i] + (double)scale * x[i]);
}

static void scatter_rows(
    ptrdiff_t rows, ptrdiff_t columns, const float *x, const int32_t *index, float *y, ptrdiff_t y_row) {
  for (ptrdiff_t row = 0; row < rows; row += 1) {
    for (ptrdiff_t j = 0; j < columns; j += 1) y[(index ? index[row] * y_row : 0) + j] += x[row * columns + j];
  }
}

static void map_exp(ptrdiff_t count, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i += 1) y[i] = (float)exp(x[i]);
}

static void map_tanh(ptrdiff_t count, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i += 1) y[i] = (float)tanh(x[i]);
}

static void map_sigmoid(ptrdiff_t count, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i += 1) y[i] = (float)sigmoid(x[i]);
}

static double squared_distance(ptrdiff_t count, const double *x, const double *y) {
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i += 1) sum += (x[i] - y[i]) * (x[i] - y[i]);
  return sum;
}

const simd_ops simd_ops_reference = {
    .name = "reference",
    .lanes = 1,
    .panel = 4,
    .pack = pack,
    .multiply = multiply,
    .lstm_forward = lstm_forward,
    .lstm_backward = lstm_backward,
    .quantised_multiply = quantised_multiply,
    .quantised_forward = quantised_forward,
    .log_softmax = log_softmax,
    .adam = adam,
    .drop = drop,
    .dot = dot,
    .axpy = axpy,
    .scatter_rows = scatter_rows,
    .exp = map_exp,
    .tanh = map_tanh,
    .sigmoid = map_sigmoid,
    .squared_distance = squared_distance,
};
