/* What the search among projected features needs. Included once for each instruction set, by features.h. */

static double project(
    ptrdiff_t count, const double *x, const double *origin, double scale, const double *basis, double *y) {
  wide sum = {0};
  wide sums[SIMD_DIRECTIONS] = {{0}};
  ptrdiff_t i = 0;
  for (; i + WIDE <= count; i += WIDE) {
    const wide shifted = (load_wide(x + i) - load_wide(origin + i)) * scale;
    sum += shifted * shifted;
#pragma clang loop unroll(full)
    for (int j = 0; j < SIMD_DIRECTIONS; j += 1) sums[j] += shifted * load_wide(basis + j * count + i);
  }
  double total = sum_wide(sum);
  for (int j = 0; j < SIMD_DIRECTIONS; j += 1) y[j] = sum_wide(sums[j]);
  for (; i < count; i += 1) {
    const double shifted = (x[i] - origin[i]) * scale;
    total += shifted * shifted;
    for (int j = 0; j < SIMD_DIRECTIONS; j += 1) y[j] += shifted * basis[j * count + i];
  }
  return total;
}

/* Points whose scores are summed together, with four vectors of rows each: sums and rows stay in registers. */
#if LANES == 16
#define POINTS 6
#else
#define POINTS 2
#endif
#define PARTS (SIMD_GROUP / LANES)

/* The lows of one run for up to POINTS points; a point that is not there is the first one again. */
static __attribute__((noinline)) void lowest_of_run(
    const float *const *points, const float *packed, const float *norms, float *const *lows) {
  vector low[POINTS][PARTS];
#pragma clang loop unroll(full)
  for (int point = 0; point < POINTS; point += 1) {
#pragma clang loop unroll(full)
    for (int part = 0; part < PARTS; part += 1) low[point][part] = splat(__builtin_inff());
  }
  for (ptrdiff_t start = 0; start < SIMD_RUN; start += 4 * LANES) {
    vector sum[POINTS][4];
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v += 1) {
      const vector norm = load(norms + start + v * LANES);
#pragma clang loop unroll(full)
      for (int point = 0; point < POINTS; point += 1) sum[point][v] = norm;
    }
    const float *group = packed + start * SIMD_PROJECTED;
    for (ptrdiff_t k = 0; k < SIMD_PROJECTED; k += 1) {
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v += 1) {
        const vector row = load(group + (v / PARTS * SIMD_PROJECTED + k) * SIMD_GROUP + v % PARTS * LANES);
#pragma clang loop unroll(full)
        for (int point = 0; point < POINTS; point += 1) sum[point][v] += splat(points[point][k]) * row;
      }
    }
#pragma clang loop unroll(full)
    for (int point = 0; point < POINTS; point += 1) {
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v += 1) {
        vector *lowest = &low[point][v % PARTS];
        *lowest = select_lanes(sum[point][v] < *lowest, sum[point][v], *lowest);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int point = 0; point < POINTS; point += 1) {
#pragma clang loop unroll(full)
    for (int part = 0; part < PARTS; part += 1) store(lows[point] + part * LANES, low[point][part]);
  }
}

static void lowest_of_runs(
    ptrdiff_t points, const float *x, ptrdiff_t runs, const float *packed, const float *norms, float *lows) {
  for (ptrdiff_t run = 0; run < runs; run += 1) {
    for (ptrdiff_t first = 0; first < points; first += POINTS) {
      const float *point[POINTS];
      float *low[POINTS];
      for (ptrdiff_t i = 0; i < POINTS; i += 1) {
        const ptrdiff_t present = first + i < points ? first + i : first;
        point[i] = x + present * SIMD_PROJECTED;
        low[i] = lows + (present * runs + run) * SIMD_GROUP;
      }
      lowest_of_run(point, packed + run * SIMD_RUN * SIMD_PROJECTED, norms + run * SIMD_RUN, low);
    }
  }
}

static ptrdiff_t lowest_place(ptrdiff_t count, const float *x) {
  vector lowest = splat(__builtin_inff());
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    const vector next = load(x + i);
    lowest = select_lanes(next < lowest, next, lowest);
  }
  float low = __builtin_inff();
  for (int lane = 0; lane < LANES; lane += 1) low = lowest[lane] < low ? lowest[lane] : low;
  for (; i < count; i += 1) low = x[i] < low ? x[i] : low;
  for (i = 0; low < __builtin_inff() && i < count; i += LANES) {
    if (i + LANES <= count && __builtin_reduce_or(load(x + i) == low) == 0) continue;
    for (ptrdiff_t place = i; place < count && place < i + LANES; place += 1) {
      if (x[place] == low) return place;
    }
  }
  return -1;
}

static ptrdiff_t runs_up_to(
    const float *x, ptrdiff_t runs, const float *lows, const float *rows, const float *norms, float limit, int32_t *found,
    ptrdiff_t capacity) {
  ptrdiff_t total = 0;
  for (ptrdiff_t start = 0; start < runs * SIMD_GROUP; start += LANES) {
    if (__builtin_reduce_or(load(lows + start) <= limit) == 0) continue;
    for (ptrdiff_t place = start; place < start + LANES; place += 1) {
      if (!(lows[place] <= limit)) continue;
      const ptrdiff_t first = place / SIMD_GROUP * SIMD_RUN + place % SIMD_GROUP;
      for (ptrdiff_t i = first; i < first + SIMD_RUN; i += SIMD_GROUP) {
        const float *row = rows + i * SIMD_PROJECTED;
        vector sum = {0};
#pragma clang loop unroll(full)
        for (int k = 0; k < SIMD_PROJECTED; k += LANES) sum += load(x + k) * load(row + k);
        if (!(norms[i] + sum_lanes(sum) <= limit)) continue;
        if (total < capacity) found[total] = (int32_t)i;
        total += 1;
      }
    }
  }
  return total;
}
