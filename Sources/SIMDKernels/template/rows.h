/* Loops over vectors and rows: softmax, Adam, sums, elementary functions, distances. */

static void log_softmax(ptrdiff_t rows, ptrdiff_t columns, float *x) {
  for (ptrdiff_t row = 0; row < rows; row += 1, x += columns) {
    float largest = columns > 0 ? x[0] : 0;
    for (ptrdiff_t j = 1; j < columns; j += 1) largest = x[j] > largest ? x[j] : largest;
    vector sum = splat(0);
    ptrdiff_t j = 0;
    for (; j + LANES <= columns; j += LANES) sum += exp_lanes(load(x + j) - largest);
    float total = sum_lanes(sum);
    if (j < columns) {
      float part[LANES];
      store(part, exp_lanes(load_part(x + j, columns - j, largest) - largest));
      for (ptrdiff_t lane = 0; lane < columns - j; lane += 1) total += part[lane];
    }
    float offset = largest + __builtin_logf(total);
    for (j = 0; j < columns; j += 1) x[j] -= offset;
  }
}

INLINE void adam_lanes(const simd_adam_step *s, vector *parameter, vector gradient, vector *first, vector *second) {
  gradient *= s->gradient_scale;
  *first = s->beta1 * *first + (1.0f - s->beta1) * gradient;
  *second = s->beta2 * *second + (1.0f - s->beta2) * gradient * gradient;
  vector root = __builtin_elementwise_sqrt(*second / s->correction2) + s->epsilon;
  *parameter *= 1.0f - s->learning_rate * s->weight_decay;
  *parameter -= s->learning_rate * (*first / s->correction1) / root;
}

static void adam(const simd_adam_step *s) {
  ptrdiff_t i = 0;
  for (; i + LANES <= s->count; i += LANES) {
    vector parameter = load(s->parameters + i), gradient = load(s->gradient + i);
    vector first = load(s->first_moment + i), second = load(s->second_moment + i);
    adam_lanes(s, &parameter, gradient, &first, &second);
    store(s->parameters + i, parameter);
    store(s->first_moment + i, first);
    store(s->second_moment + i, second);
  }
  if (i < s->count) {
    ptrdiff_t rest = s->count - i;
    vector parameter = load_part(s->parameters + i, rest, 0), gradient = load_part(s->gradient + i, rest, 0);
    vector first = load_part(s->first_moment + i, rest, 0), second = load_part(s->second_moment + i, rest, 0);
    adam_lanes(s, &parameter, gradient, &first, &second);
    store_part(s->parameters + i, rest, parameter);
    store_part(s->first_moment + i, rest, first);
    store_part(s->second_moment + i, rest, second);
  }
}

/* Hashes element numbers (the finalisation of MurmurHash3, Appleby 2008) with a key on either side of the first multiplication. */
INLINE vector_words hash_lanes(vector_words number, uint64_t key) {
  vector_words h = (number + (uint32_t)key) * 0x9E3779B1u ^ (uint32_t)(key >> 32);
  h = (h ^ h >> 16) * 0x85EBCA6Bu;
  h = (h ^ h >> 13) * 0xC2B2AE35u;
  return h ^ h >> 16;
}

static void drop(const simd_dropout *s) {
  vector_words number;
  for (int lane = 0; lane < LANES; lane += 1) number[lane] = (uint32_t)lane;
  for (ptrdiff_t i = 0; i < s->count; i += LANES, number += LANES) {
    vector_bits drawn = (vector_bits)(hash_lanes(number, s->key) >> 8);
    vector mask = select_lanes(drawn < s->threshold, splat(0), splat(s->scale));
    if (i + LANES <= s->count) {
      store(s->mask + i, mask);
      store(s->y + i, mask * load(s->x + i));
    } else {
      ptrdiff_t rest = s->count - i;
      store_part(s->mask + i, rest, mask);
      store_part(s->y + i, rest, mask * load_part(s->x + i, rest, 0));
    }
  }
}

static float dot(ptrdiff_t count, const float *x, const float *y) {
  vector sum0 = splat(0), sum1 = splat(0);
  ptrdiff_t i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    sum0 += load(x + i) * load(y + i);
    sum1 += load(x + i + LANES) * load(y + i + LANES);
  }
  float sum = sum_lanes(sum0 + sum1);
  for (; i < count; i += 1) sum += x[i] * y[i];
  return sum;
}

static void axpy(ptrdiff_t count, float scale, const float *x, float *y) {
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) store(y + i, load(y + i) + scale * load(x + i));
  for (; i < count; i += 1) y[i] += scale * x[i];
}

static void scatter_rows(
    ptrdiff_t rows, ptrdiff_t columns, const float *x, const int32_t *index, float *y, ptrdiff_t y_row) {
  for (ptrdiff_t row = 0; row < rows; row += 1) {
    axpy(columns, 1, x + row * columns, y + (index ? index[row] * y_row : 0));
  }
}

#define MAP(NAME)                                                                                                   \
  static void map_##NAME(ptrdiff_t count, const float *x, float *y) {                                               \
    ptrdiff_t i = 0;                                                                                                \
    for (; i + LANES <= count; i += LANES) store(y + i, NAME##_lanes(load(x + i)));                                 \
    if (i < count) store_part(y + i, count - i, NAME##_lanes(load_part(x + i, count - i, 0)));                      \
  }
MAP(exp)
MAP(tanh)
MAP(sigmoid)

#define DOUBLE_LANES (LANES / 2)
typedef double double_vector __attribute__((vector_size(4 * LANES)));
typedef double loose_double_vector __attribute__((vector_size(4 * LANES), aligned(8), may_alias));

static double squared_distance(ptrdiff_t count, const double *x, const double *y) {
  double_vector sums[2] = {{0}, {0}};
  ptrdiff_t i = 0;
  for (; i + 2 * DOUBLE_LANES <= count; i += 2 * DOUBLE_LANES) {
    for (int half = 0; half < 2; half += 1) {
      const ptrdiff_t at = i + half * DOUBLE_LANES;
      double_vector difference = *(const loose_double_vector *)(x + at) - *(const loose_double_vector *)(y + at);
      sums[half] += difference * difference;
    }
  }
  double_vector both = sums[0] + sums[1];
  double sum = 0;
  for (int lane = 0; lane < DOUBLE_LANES; lane += 1) sum += both[lane];
  for (; i < count; i += 1) sum += (x[i] - y[i]) * (x[i] - y[i]);
  return sum;
}
