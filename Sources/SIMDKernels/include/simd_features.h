#pragma once

#include "simd_kernels.h"

#pragma clang assume_nonnull begin

/*
 * Inner loops over clustering features: rows of doubles [weight, squared deviations, mean...]. Like the other kernels they are pure
 * functions over pointers and sizes, compiled for several instruction sets behind one table.
 */

/* Ranks order pairs of features as a distance does: offset + factor * (squared distance of the means). */
#define SIMD_RANK_CENTROID 0 /* D0: the squared distance of the means */
#define SIMD_RANK_INTER 1    /* D2: plus the mean squared deviation of both */
#define SIMD_RANK_INTRA 2    /* D3: the squared diameter of the union */
#define SIMD_RANK_INCREASE 3 /* D4: what the union adds to the squared deviations */

/* Features projected onto a basis: numbers of a row, the directions of the basis and the length of the rest; rows of a group, whose
 * numbers lie together; rows of a run. */
#define SIMD_DIRECTIONS 15
#define SIMD_PROJECTED 16
#define SIMD_GROUP 16
#define SIMD_RUN 256

/* A search among features that lie in pages: row n is pages[n >> shift] + (n & ((1 << shift) - 1)) * stride. */
typedef struct simd_feature_search {
  const double *_Nonnull const *_Nonnull pages;
  ptrdiff_t stride;
  int32_t shift;
  int32_t rank;            /* SIMD_RANK_* */
  ptrdiff_t dimension;
  const int32_t *rows;     /* [count] row numbers */
  ptrdiff_t count;
  int32_t excluded;        /* a row number that is passed over, or -1 */
  int32_t apart;           /* 1 where most rows are expected to be much farther off than the nearest: faster then, slower else */
  const double *feature;   /* the feature whose neighbour is looked for */
  double one;              /* the weight of one point, for SIMD_RANK_INTRA */
} simd_feature_search;

typedef struct simd_feature_ops {
  const char *name;
  ptrdiff_t (*nearest_feature)(const simd_feature_search *search, double *rank);
  double (*merge_feature)(ptrdiff_t dimension, double *row, const double *source);
  double (*squared_distance)(ptrdiff_t count, const double *x, const double *y);
  int32_t (*within)(ptrdiff_t count, const double *x, double limit);
  int32_t (*within_float)(ptrdiff_t count, const float *x, float limit);
  void (*widen)(ptrdiff_t count, const float *x, double *y);
  double (*center)(ptrdiff_t count, const double *x, const double *origin, double scale, float *y);
  float (*lowest_score)(ptrdiff_t count, const float *dots, const float *norms);
  ptrdiff_t (*scores_up_to)(
      ptrdiff_t count, const float *dots, const float *norms, float limit, int32_t *found, ptrdiff_t capacity);
  double (*project)(ptrdiff_t count, const double *x, const double *origin, double scale, const double *basis, double *y);
  void (*lowest_of_runs)(ptrdiff_t points, const float *x, ptrdiff_t runs, const float *packed, const float *norms, float *lows);
  ptrdiff_t (*lowest_place)(ptrdiff_t count, const float *x);
  ptrdiff_t (*runs_up_to)(
      const float *x, ptrdiff_t runs, const float *lows, const float *rows, const float *norms, float limit, int32_t *found,
      ptrdiff_t capacity);
} simd_feature_ops;

/* The fastest table that this processor runs. */
const simd_feature_ops *simd_feature_best(void);

/* The table "avx512", "avx2", "baseline" or "reference"; NULL when the name is unknown or this processor cannot run it. */
const simd_feature_ops *_Nullable simd_feature_named(const char *name);

/* The weight of the squared distance in a rank, and what is added to it. Symmetric in the two features to the last bit. */
static inline double simd_rank_factor(int32_t rank, double n, double m, double one) {
  double low = n < m ? n : m, high = n < m ? m : n, total = n + m;
  if (rank == SIMD_RANK_INCREASE) return low * (high / total);
  if (rank != SIMD_RANK_INTRA) return 1;
  double pairs = total - one > total / 2 ? total - one : total / 2;
  return 2 * (low * (high / total)) / pairs;
}

static inline double simd_rank_offset(int32_t rank, double n, double s, double m, double t, double one) {
  if (rank == SIMD_RANK_INTER) return s / n + t / m;
  if (rank != SIMD_RANK_INTRA) return 0;
  double total = n + m;
  double pairs = total - one > total / 2 ? total - one : total / 2;
  return 2 * ((s + t) / pairs);
}

/* The place in `rows` of the feature of lowest rank, the first of equals, among those below *rank on entry; *rank receives its rank.
 * -1, and *rank as it was, where none is lower. Rows whose partial sum already reaches the lowest rank are given up early, which
 * changes no answer: partial sums of squares never fall. */
static inline ptrdiff_t simd_nearest_feature(
    const simd_feature_ops *ops, const simd_feature_search *search, double *rank) {
  return ops->nearest_feature(search, rank);
}

/* Has the first numbers of all rows of a search on their way by the time it comes. */
static inline void simd_prefetch_features(const simd_feature_search *search) {
  for (ptrdiff_t place = 0; place < search->count; place += 1) {
    const int32_t number = search->rows[place];
    const double *row = search->pages[number >> search->shift] +
                        (number & (int32_t)((1u << search->shift) - 1)) * search->stride;
    __builtin_prefetch(row + 2);
    __builtin_prefetch(row + 10);
  }
}

/* Adds the points of the feature `source` to the feature `row` (Chan, Golub & LeVeque 1979). Returns the squared distance
 * that the means had. Both weights are above 0. */
static inline double simd_merge_feature(
    const simd_feature_ops *ops, ptrdiff_t dimension, double *row, const double *source) {
  return ops->merge_feature(dimension, row, source);
}

/* Sum of squared differences; the same bits with x and y exchanged. */
static inline double simd_feature_distance(
    const simd_feature_ops *ops, ptrdiff_t count, const double *x, const double *y) {
  return ops->squared_distance(count, x, y);
}

/* 1 when every |x| is at most `limit`, 0 otherwise and where one is NaN. */
static inline int32_t simd_within(const simd_feature_ops *ops, ptrdiff_t count, const double *x, double limit) {
  return ops->within(count, x, limit);
}

static inline int32_t simd_within_float(const simd_feature_ops *ops, ptrdiff_t count, const float *x, float limit) {
  return ops->within_float(count, x, limit);
}

static inline void simd_widen(const simd_feature_ops *ops, ptrdiff_t count, const float *x, double *y) {
  ops->widen(count, x, y);
}

/* y = (x - origin) * scale, rounded to float; returns the sum of squares of what was rounded. */
static inline double simd_center(
    const simd_feature_ops *ops, ptrdiff_t count, const double *x, const double *origin, double scale, float *y) {
  return ops->center(count, x, origin, scale, y);
}

/* The least norms[i] - 2 * dots[i]; an infinity without any. */
static inline float simd_lowest_score(
    const simd_feature_ops *ops, ptrdiff_t count, const float *dots, const float *norms) {
  return ops->lowest_score(count, dots, norms);
}

/* Writes the places i with norms[i] - 2 * dots[i] <= limit, ascending, at most `capacity`; returns how many there are. */
static inline ptrdiff_t simd_scores_up_to(
    const simd_feature_ops *ops, ptrdiff_t count, const float *dots, const float *norms, float limit, int32_t *found,
    ptrdiff_t capacity) {
  return ops->scores_up_to(count, dots, norms, limit, found, capacity);
}

/* y = basis [SIMD_DIRECTIONS, count] times (x - origin) * scale; returns the sum of squares of the latter. */
static inline double simd_project(
    const simd_feature_ops *ops, ptrdiff_t count, const double *x, const double *origin, double scale, const double *basis,
    double *y) {
  return ops->project(count, x, origin, scale, basis, y);
}

/* Scores norms[i] + x * row i of points x [points, SIMD_PROJECTED] against the rows of runs, packed [group][SIMD_PROJECTED][SIMD_GROUP]:
 * lows [points, runs * SIMD_GROUP] receives the least of each place in the groups of a run. */
static inline void simd_lowest_of_runs(
    const simd_feature_ops *ops, ptrdiff_t points, const float *x, ptrdiff_t runs, const float *packed, const float *norms,
    float *lows) {
  ops->lowest_of_runs(points, x, runs, packed, norms, lows);
}

/* The place of the least number, the first of equals; -1 where none is below infinity. */
static inline ptrdiff_t simd_lowest_place(const simd_feature_ops *ops, ptrdiff_t count, const float *x) {
  return ops->lowest_place(count, x);
}

/* Writes the rows [*, SIMD_PROJECTED] of a score up to `limit` for the point x whose lows are given, at most `capacity`; returns how many
 * there are. */
static inline ptrdiff_t simd_runs_up_to(
    const simd_feature_ops *ops, const float *x, ptrdiff_t runs, const float *lows, const float *rows, const float *norms, float limit,
    int32_t *found, ptrdiff_t capacity) {
  return ops->runs_up_to(x, runs, lows, rows, norms, limit, found, capacity);
}

#pragma clang assume_nonnull end
