#include "tables.h"

#include <math.h>
#include <string.h>

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

/* Gates and states of one unit of a row from its pre-activations, which become the gates. */
static double activate(const simd_lstm_frame *f, ptrdiff_t row, ptrdiff_t unit, double *gates) {
  for (int gate = 0; gate < 4; gate += 1) gates[gate] = gate == 2 ? tanh(gates[gate]) : sigmoid(gates[gate]);
  const ptrdiff_t parent = f->parents ? f->parents[row] : row;
  const double cell = gates[1] * (f->cell ? f->cell[parent * f->units + unit] : 0) + gates[0] * gates[2];
  f->next_cell[row * f->units + unit] = (float)cell;
  return gates[3] * tanh(cell);
}

static double start_of(const simd_lstm_frame *f, ptrdiff_t row, ptrdiff_t place) {
  return f->start[(f->tokens ? f->tokens[row] * 4 * f->units : 0) + place];
}

static void lstm_forward(const simd_lstm_step *s) {
  const simd_lstm_frame *f = &s->frame;
  for (ptrdiff_t row = 0; row < f->rows; row += 1) {
    const ptrdiff_t parent = f->parents ? f->parents[row] : row;
    for (ptrdiff_t unit = 0; unit < f->units; unit += 1) {
      double gates[4];
      for (ptrdiff_t gate = 0; gate < 4; gate += 1) {
        double sum = start_of(f, row, unit * 4 + gate);
        for (ptrdiff_t k = 0; s->input && k < f->inputs; k += 1) {
          sum += (double)s->input[row * f->inputs + k] * s->input_weights[(unit * f->inputs + k) * 4 + gate];
        }
        for (ptrdiff_t k = 0; s->hidden && k < f->units; k += 1) {
          sum += (double)s->hidden[parent * f->units + k] * s->hidden_weights[(unit * f->units + k) * 4 + gate];
        }
        gates[gate] = sum;
      }
      s->next_hidden[row * f->units + unit] = (float)activate(f, row, unit, gates);
      for (int gate = 0; s->gates && gate < 4; gate += 1) s->gates[unit * s->gate_stride + row * 4 + gate] = (float)gates[gate];
    }
  }
}

/* A float's upper half, rounded to the nearest, the even one of two. */
static uint32_t bfloat16(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return isnan(x) ? 0x7FC0 : (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

static void put(uint32_t *pair, ptrdiff_t half, uint32_t number) {
  *pair = half % 2 == 0 ? number : (*pair & 0xFFFF) | number << 16;
}

static uint32_t half_of(uint32_t pair, ptrdiff_t half) {
  return half % 2 == 0 ? pair & 0xFFFF : pair >> 16;
}

static double product_of_pairs(uint32_t x, uint32_t y) {
  double sum = 0;
  for (int half = 0; half < 2; half += 1) {
    float factors[2];
    const uint32_t bits[2] = {half_of(x, half) << 16, half_of(y, half) << 16};
    memcpy(factors, bits, sizeof factors);
    sum += (double)factors[0] * factors[1];
  }
  return sum;
}

static void to_bfloat16(ptrdiff_t count, const float *x, uint32_t *pairs) {
  for (ptrdiff_t i = 0; i < count; i += 1) put(pairs + i / 2, i, bfloat16(x[i]));
}

static void pair_rows(
    ptrdiff_t rows, ptrdiff_t columns, const uint32_t *x, ptrdiff_t x_row, ptrdiff_t first, uint32_t *y) {
  for (ptrdiff_t row = 0; row < rows; row += 1) {
    for (ptrdiff_t j = 0; j < columns; j += 1) {
      put(y + (first + row) / 2 * columns + j, first + row, half_of(x[row * x_row + j / 2], j));
    }
  }
}

static void bfloat16_multiply(const simd_bfloat16_product *p) {
  for (ptrdiff_t i = 0; i < p->rows; i += 1) {
    for (ptrdiff_t j = 0; j < p->columns; j += 1) {
      double sum = p->accumulate ? p->c[i * p->c_row + j] : 0;
      for (ptrdiff_t k = 0; k < p->depth; k += 1) {
        ptrdiff_t at = i * p->a_row + k % p->depth_block * p->a_column + k / p->depth_block * p->a_block;
        sum += product_of_pairs(p->a[at], p->b[(j / 4 * p->depth + k) * 4 + j % 4]);
      }
      p->c[i * p->c_row + j] = (float)sum;
    }
  }
}

static void bfloat16_forward(const simd_bfloat16_step *s) {
  const simd_lstm_frame *f = &s->frame;
  const ptrdiff_t inputs = f->inputs / 2, units = f->units / 2;
  for (ptrdiff_t row = 0; row < f->rows; row += 1) {
    const ptrdiff_t parent = f->parents ? f->parents[row] : row;
    for (ptrdiff_t unit = 0; unit < f->units; unit += 1) {
      double gates[4];
      for (ptrdiff_t gate = 0; gate < 4; gate += 1) {
        double sum = start_of(f, row, unit * 4 + gate);
        for (ptrdiff_t k = 0; s->input && k < inputs; k += 1) {
          sum += product_of_pairs(s->input[row * inputs + k], s->input_weights[(unit * inputs + k) * 4 + gate]);
        }
        for (ptrdiff_t k = 0; s->hidden && k < units; k += 1) {
          sum += product_of_pairs(s->hidden[parent * units + k], s->hidden_weights[(unit * units + k) * 4 + gate]);
        }
        gates[gate] = sum;
      }
      const ptrdiff_t at = row * f->units + unit;
      s->next_hidden[at] = (float)activate(f, row, unit, gates);
      put(s->next_state + at / 2, at, bfloat16(s->next_hidden[at]));
      for (int gate = 0; s->gates && gate < 4; gate += 1) s->gates[unit * s->gate_stride + row * 4 + gate] = (float)gates[gate];
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
  const simd_lstm_frame *f = &s->frame;
  for (ptrdiff_t row = 0; row < f->rows; row += 1) {
    const ptrdiff_t parent = f->parents ? f->parents[row] : row;
    for (ptrdiff_t unit = 0; unit < f->units; unit += 1) {
      double gates[4];
      for (ptrdiff_t gate = 0; gate < 4; gate += 1) {
        const ptrdiff_t place = unit * 4 + gate;
        double sum = start_of(f, row, place);
        if (s->input) {
          sum += s->input_scales[place] *
                 quantised_sum(s->input + row * f->inputs, f->inputs, s->input_weights + unit * 4 * f->inputs, gate);
        }
        if (s->hidden) {
          sum += s->hidden_scales[place] *
                 quantised_sum(s->hidden + parent * f->units, f->units, s->hidden_weights + unit * 4 * f->units, gate);
        }
        gates[gate] = sum;
      }
      const ptrdiff_t at = row * f->units + unit;
      const double hidden = activate(f, row, unit, gates);
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
      for (ptrdiff_t gate = 0; s->rounded && gate < 4; gate += 1) {
        const ptrdiff_t place = unit * s->gate_stride + row * 4 + gate;
        put(s->rounded + place / 2, place, bfloat16(gates[gate]));
      }
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
    .multiplies_bfloat16 = 0,
    .to_bfloat16 = to_bfloat16,
    .pair_rows = pair_rows,
    .bfloat16_multiply = bfloat16_multiply,
    .bfloat16_forward = bfloat16_forward,
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
