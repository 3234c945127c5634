/* Kernels over clustering features for one instruction set. The including file defines LANES, FEATURE_OPS and NAME. */

#include "vector.h"

#define WIDE (LANES / 2)
typedef double wide __attribute__((vector_size(4 * LANES)));
typedef double loose_wide __attribute__((vector_size(4 * LANES), aligned(8), may_alias));
typedef int64_t wide_bits __attribute__((vector_size(4 * LANES)));
typedef float half_vector __attribute__((vector_size(2 * LANES)));
typedef float loose_half __attribute__((vector_size(2 * LANES), aligned(4), may_alias));

INLINE wide load_wide(const double *p) {
  return *(const loose_wide *)p;
}

INLINE double sum_wide(wide x) {
#if LANES == 16
  const wide halves = x + __builtin_shufflevector(x, x, 4, 5, 6, 7, 4, 5, 6, 7);
  const wide pairs = halves + __builtin_shufflevector(halves, halves, 2, 3, 2, 3, 2, 3, 2, 3);
  return pairs[0] + pairs[1];
#else
  double lanes[WIDE];
  *(loose_wide *)lanes = x;
  for (int half = WIDE / 2; half > 0; half /= 2) {
    for (int lane = 0; lane < half; lane += 1) lanes[lane] += lanes[lane + half];
  }
  return lanes[0];
#endif
}

#include "nearest_feature.h"

static double squared_distance(ptrdiff_t count, const double *x, const double *y) {
  wide sums[2] = {{0}, {0}};
  ptrdiff_t i = 0;
  for (; i + 2 * WIDE <= count; i += 2 * WIDE) {
    for (int half = 0; half < 2; half += 1) {
      const wide difference = load_wide(x + i + half * WIDE) - load_wide(y + i + half * WIDE);
      sums[half] += difference * difference;
    }
  }
  double sum = sum_wide(sums[0] + sums[1]);
  for (; i < count; i += 1) sum += (x[i] - y[i]) * (x[i] - y[i]);
  return sum;
}

static double merge_feature(ptrdiff_t dimension, double *row, const double *source) {
  const double total = row[0] + source[0];
  const double fraction = source[0] / total;
  double *mean = row + 2;
  const double *target = source + 2;
  wide sums[2] = {{0}, {0}};
  ptrdiff_t i = 0;
  for (; i + 2 * WIDE <= dimension; i += 2 * WIDE) {
    for (int half = 0; half < 2; half += 1) {
      const wide own = load_wide(mean + i + half * WIDE);
      const wide difference = load_wide(target + i + half * WIDE) - own;
      sums[half] += difference * difference;
      *(loose_wide *)(mean + i + half * WIDE) = own + difference * fraction;
    }
  }
  double gap = sum_wide(sums[0] + sums[1]);
  for (; i < dimension; i += 1) {
    const double difference = target[i] - mean[i];
    gap += difference * difference;
    mean[i] += difference * fraction;
  }
  row[1] += source[1] + gap * row[0] * fraction;
  row[0] = total;
  return gap;
}

static int32_t within(ptrdiff_t count, const double *x, double limit) {
  const wide_bits sign = (wide_bits){0} + INT64_MAX;
  wide_bits bad = {0};
  ptrdiff_t i = 0;
  for (; i + WIDE <= count; i += WIDE) {
    const wide magnitude = (wide)((wide_bits)load_wide(x + i) & sign);
    bad |= ~(magnitude <= limit);
  }
  int64_t any = 0;
  for (int lane = 0; lane < WIDE; lane += 1) any |= bad[lane];
  for (; i < count; i += 1) any |= !(__builtin_fabs(x[i]) <= limit);
  return any == 0;
}

static int32_t within_float(ptrdiff_t count, const float *x, float limit) {
  const vector_bits sign = (vector_bits){0} + INT32_MAX;
  vector_bits bad = {0};
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    const vector magnitude = (vector)((vector_bits)load(x + i) & sign);
    bad |= ~(magnitude <= limit);
  }
  int32_t any = 0;
  for (int lane = 0; lane < LANES; lane += 1) any |= bad[lane];
  for (; i < count; i += 1) any |= !(__builtin_fabsf(x[i]) <= limit);
  return any == 0;
}

static void widen(ptrdiff_t count, const float *x, double *y) {
  ptrdiff_t i = 0;
  for (; i + WIDE <= count; i += WIDE) {
    const half_vector half = *(const loose_half *)(x + i);
    *(loose_wide *)(y + i) = __builtin_convertvector(half, wide);
  }
  for (; i < count; i += 1) y[i] = x[i];
}

static double center(ptrdiff_t count, const double *x, const double *origin, double scale, float *y) {
  wide sum = {0};
  ptrdiff_t i = 0;
  for (; i + WIDE <= count; i += WIDE) {
    const wide shifted = (load_wide(x + i) - load_wide(origin + i)) * scale;
    sum += shifted * shifted;
    *(loose_half *)(y + i) = __builtin_convertvector(shifted, half_vector);
  }
  double total = sum_wide(sum);
  for (; i < count; i += 1) {
    const double shifted = (x[i] - origin[i]) * scale;
    total += shifted * shifted;
    y[i] = (float)shifted;
  }
  return total;
}

static float lowest_score(ptrdiff_t count, const float *dots, const float *norms) {
  vector lowest = splat(__builtin_inff());
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    const vector score = load(norms + i) - 2.0f * load(dots + i);
    lowest = select_lanes(score < lowest, score, lowest);
  }
  float least = __builtin_inff();
  for (int lane = 0; lane < LANES; lane += 1) least = lowest[lane] < least ? lowest[lane] : least;
  for (; i < count; i += 1) {
    const float score = norms[i] - 2.0f * dots[i];
    least = score < least ? score : least;
  }
  return least;
}

static ptrdiff_t scores_up_to(
    ptrdiff_t count, const float *dots, const float *norms, float limit, int32_t *found, ptrdiff_t capacity) {
  ptrdiff_t total = 0;
  for (ptrdiff_t start = 0; start < count; start += LANES) {
    if (start + LANES <= count) {
      const vector_bits hit = load(norms + start) - 2.0f * load(dots + start) <= limit;
      if (__builtin_reduce_or(hit) == 0) continue;
    }
    for (ptrdiff_t i = start; i < count && i < start + LANES; i += 1) {
      if (norms[i] - 2.0f * dots[i] <= limit) {
        if (total < capacity) found[total] = (int32_t)i;
        total += 1;
      }
    }
  }
  return total;
}

#include "projected.h"

const simd_feature_ops FEATURE_OPS = {
    .name = NAME,
    .nearest_feature = nearest_feature,
    .merge_feature = merge_feature,
    .squared_distance = squared_distance,
    .within = within,
    .within_float = within_float,
    .widen = widen,
    .center = center,
    .lowest_score = lowest_score,
    .scores_up_to = scores_up_to,
    .project = project,
    .lowest_of_runs = lowest_of_runs,
    .lowest_place = lowest_place,
    .runs_up_to = runs_up_to,
};
