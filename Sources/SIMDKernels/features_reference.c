#include "feature_tables.h"

#include <math.h>

/* The kernels over clustering features written plainly, so that the vector paths have something to agree with. */

static double squared_distance(ptrdiff_t count, const double *x, const double *y) {
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i += 1) sum += (x[i] - y[i]) * (x[i] - y[i]);
  return sum;
}

static ptrdiff_t nearest_feature(const simd_feature_search *s, double *rank) {
  ptrdiff_t nearest = -1;
  for (ptrdiff_t place = 0; place < s->count; place += 1) {
    int32_t number = s->rows[place];
    if (number == s->excluded) continue;
    const double *row = s->pages[number >> s->shift] + (number & ((1 << s->shift) - 1)) * s->stride;
    double gap = squared_distance(s->dimension, row + 2, s->feature + 2);
    double candidate = gap;
    if (s->rank != SIMD_RANK_CENTROID) {
      candidate = simd_rank_offset(s->rank, row[0], row[1], s->feature[0], s->feature[1], s->one) +
                  simd_rank_factor(s->rank, row[0], s->feature[0], s->one) * gap;
    }
    if (candidate < *rank) {
      *rank = candidate;
      nearest = place;
    }
  }
  return nearest;
}

static double merge_feature(ptrdiff_t dimension, double *row, const double *source) {
  double gap = squared_distance(dimension, row + 2, source + 2);
  double total = row[0] + source[0], fraction = source[0] / total;
  for (ptrdiff_t i = 2; i < dimension + 2; i += 1) row[i] += (source[i] - row[i]) * fraction;
  row[1] += source[1] + gap * row[0] * fraction;
  row[0] = total;
  return gap;
}

static int32_t within(ptrdiff_t count, const double *x, double limit) {
  for (ptrdiff_t i = 0; i < count; i += 1) {
    if (!(fabs(x[i]) <= limit)) return 0;
  }
  return 1;
}

static int32_t within_float(ptrdiff_t count, const float *x, float limit) {
  for (ptrdiff_t i = 0; i < count; i += 1) {
    if (!(fabsf(x[i]) <= limit)) return 0;
  }
  return 1;
}

static void widen(ptrdiff_t count, const float *x, double *y) {
  for (ptrdiff_t i = 0; i < count; i += 1) y[i] = x[i];
}

static double center(ptrdiff_t count, const double *x, const double *origin, double scale, float *y) {
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i += 1) {
    double shifted = (x[i] - origin[i]) * scale;
    sum += shifted * shifted;
    y[i] = (float)shifted;
  }
  return sum;
}

static float lowest_score(ptrdiff_t count, const float *dots, const float *norms) {
  float least = INFINITY;
  for (ptrdiff_t i = 0; i < count; i += 1) {
    float score = norms[i] - 2 * dots[i];
    least = score < least ? score : least;
  }
  return least;
}

static ptrdiff_t scores_up_to(
    ptrdiff_t count, const float *dots, const float *norms, float limit, int32_t *found, ptrdiff_t capacity) {
  ptrdiff_t total = 0;
  for (ptrdiff_t i = 0; i < count; i += 1) {
    if (!(norms[i] - 2 * dots[i] <= limit)) continue;
    if (total < capacity) found[total] = (int32_t)i;
    total += 1;
  }
  return total;
}

static double project(
    ptrdiff_t count, const double *x, const double *origin, double scale, const double *basis, double *y) {
  double sum = 0;
  for (ptrdiff_t j = 0; j < SIMD_DIRECTIONS; j += 1) y[j] = 0;
  for (ptrdiff_t i = 0; i < count; i += 1) {
    double shifted = (x[i] - origin[i]) * scale;
    sum += shifted * shifted;
    for (ptrdiff_t j = 0; j < SIMD_DIRECTIONS; j += 1) y[j] += shifted * basis[j * count + i];
  }
  return sum;
}

static void lowest_of_runs(
    ptrdiff_t points, const float *x, ptrdiff_t runs, const float *packed, const float *norms, float *lows) {
  for (ptrdiff_t i = 0; i < points * runs * SIMD_GROUP; i += 1) lows[i] = INFINITY;
  for (ptrdiff_t point = 0; point < points; point += 1) {
    for (ptrdiff_t i = 0; i < runs * SIMD_RUN; i += 1) {
      const float *row = packed + i / SIMD_GROUP * SIMD_PROJECTED * SIMD_GROUP + i % SIMD_GROUP;
      float *low = lows + (point * runs + i / SIMD_RUN) * SIMD_GROUP + i % SIMD_GROUP;
      float score = norms[i];
      for (int k = 0; k < SIMD_PROJECTED; k += 1) score += x[point * SIMD_PROJECTED + k] * row[k * SIMD_GROUP];
      if (score < *low) *low = score;
    }
  }
}

static ptrdiff_t lowest_place(ptrdiff_t count, const float *x) {
  ptrdiff_t place = -1;
  float low = INFINITY;
  for (ptrdiff_t i = 0; i < count; i += 1) {
    if (!(x[i] < low)) continue;
    low = x[i];
    place = i;
  }
  return place;
}

static ptrdiff_t runs_up_to(
    const float *x, ptrdiff_t runs, const float *lows, const float *rows, const float *norms, float limit, int32_t *found,
    ptrdiff_t capacity) {
  ptrdiff_t total = 0;
  for (ptrdiff_t place = 0; place < runs * SIMD_GROUP; place += 1) {
    if (!(lows[place] <= limit)) continue;
    ptrdiff_t first = place / SIMD_GROUP * SIMD_RUN + place % SIMD_GROUP;
    for (ptrdiff_t i = first; i < first / SIMD_RUN * SIMD_RUN + SIMD_RUN; i += SIMD_GROUP) {
      float score = norms[i];
      for (int k = 0; k < SIMD_PROJECTED; k += 1) score += x[k] * rows[i * SIMD_PROJECTED + k];
      if (!(score <= limit)) continue;
      if (total < capacity) found[total] = (int32_t)i;
      total += 1;
    }
  }
  return total;
}

const simd_feature_ops simd_feature_ops_reference = {
    .name = "reference",
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
