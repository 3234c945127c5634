/* The search for the nearest of many features. Included once for each instruction set, by features.h.
 *
 * Rows are looked at in chunks. Where they are expected to lie apart, the first numbers of all rows are summed; the row that is nearest by
 * those is measured first, and the others then have a low rank to beat: most are given up with no more than two cache lines read. A row
 * is summed in one order whatever happens, so the answer is that of the plain loop to the last bit. */

/* Rows that are summed side by side; rows whose first numbers are summed before one is measured whole; how many first numbers those
 * are (two cache lines); and by how much more are summed before the rest is looked through again. */
#define GROUP 8
#define CHUNK 64
#define FIRST_NUMBERS 16
#define FURTHER 8

/* The sums of a group's lanes, each added up as `sum_wide` does. */
INLINE void sum_group(const wide *x, double *y) {
#if LANES == 16
  wide quarters[2];
  for (int half = 0; half < 2; half += 1) {
    wide pairs[2];
    for (int pair = 0; pair < 2; pair += 1) {
      const wide a = x[4 * half + 2 * pair], b = x[4 * half + 2 * pair + 1];
      pairs[pair] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) +
                    __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
    }
    quarters[half] = __builtin_shufflevector(pairs[0], pairs[1], 0, 1, 4, 5, 8, 9, 12, 13) +
                     __builtin_shufflevector(pairs[0], pairs[1], 2, 3, 6, 7, 10, 11, 14, 15);
  }
  *(loose_wide *)y = __builtin_shufflevector(quarters[0], quarters[1], 0, 2, 4, 6, 8, 10, 12, 14) +
                     __builtin_shufflevector(quarters[0], quarters[1], 1, 3, 5, 7, 9, 11, 13, 15);
#else
  for (int member = 0; member < GROUP; member += 1) y[member] = sum_wide(x[member]);
#endif
}

/* One chunk of the rows of a search. Members are places in the chunk. */
typedef struct search_chunk {
  const double *mean[CHUNK];
  wide sum[CHUNK];
  double factor[CHUNK], offset[CHUNK];
  double reached[CHUNK]; /* the rank by the numbers summed so far: the whole rank is never below it */
} search_chunk;

INLINE const double *feature_row(const simd_feature_search *s, ptrdiff_t place) {
  const int32_t number = s->rows[place];
  return s->pages[number >> s->shift] + (number & (int32_t)((1u << s->shift) - 1)) * s->stride;
}

/* Adds the squared differences in the numbers `from` to `to`, both multiples of WIDE, to the sums of a group. */
INLINE void add_squares(const double *point, ptrdiff_t from, ptrdiff_t to, const double *const *means, wide *sums) {
  for (ptrdiff_t i = from; i < to; i += WIDE) {
    const wide x = load_wide(point + i);
#pragma clang loop unroll(full)
    for (int member = 0; member < GROUP; member += 1) {
      const wide difference = load_wide(means[member] + i) - x;
      sums[member] += difference * difference;
    }
  }
}

INLINE void rank_group(const double *gaps, const double *factors, const double *offsets, int by_centroid, double *ranks) {
  for (int member = 0; member < GROUP; member += 1) {
    ranks[member] = by_centroid ? gaps[member] : offsets[member] + factors[member] * gaps[member];
  }
}

/* Looks up the rows from `first` on and sums their first numbers. */
INLINE void begin_chunk(
    const simd_feature_search *s, ptrdiff_t first, ptrdiff_t members, ptrdiff_t numbers, int by_centroid, search_chunk *chunk) {
  for (ptrdiff_t member = 0; member < members; member += 1) {
    const double *row = feature_row(s, first + member);
    chunk->mean[member] = row + 2;
    __builtin_prefetch(row + 2);
    __builtin_prefetch(row + 10);
  }
  for (ptrdiff_t member = members; member % GROUP != 0; member += 1) chunk->mean[member] = chunk->mean[members - 1];
  for (ptrdiff_t start = 0; start < members; start += GROUP) {
    double gaps[GROUP];
    for (ptrdiff_t member = start; !by_centroid && member < start + GROUP; member += 1) {
      const double *row = chunk->mean[member] - 2;
      chunk->factor[member] = simd_rank_factor(s->rank, row[0], s->feature[0], s->one);
      chunk->offset[member] = simd_rank_offset(s->rank, row[0], row[1], s->feature[0], s->feature[1], s->one);
    }
    wide sums[GROUP] = {{0}};
    add_squares(s->feature + 2, 0, numbers, chunk->mean + start, sums);
    for (int member = 0; member < GROUP; member += 1) chunk->sum[start + member] = sums[member];
    sum_group(sums, gaps);
    rank_group(gaps, chunk->factor + start, chunk->offset + start, by_centroid, chunk->reached + start);
  }
  for (ptrdiff_t member = members; member % GROUP != 0; member += 1) chunk->reached[member] = __builtin_inf();
  for (ptrdiff_t member = 0; s->excluded >= 0 && member < members; member += 1) {
    if (s->rows[first + member] == s->excluded) chunk->reached[member] = __builtin_inf();
  }
}

/* The member of the lowest rank so far, the first of equals; -1 where none is below `limit`. */
INLINE ptrdiff_t lowest_member(const search_chunk *chunk, ptrdiff_t members, double limit) {
  wide low = (wide){0} + limit;
  for (ptrdiff_t member = 0; member < members; member += GROUP) {
    for (int part = 0; part < GROUP; part += WIDE) {
      const wide reached = load_wide(chunk->reached + member + part);
      const wide_bits lower = reached < low;
      low = (wide)((lower & (wide_bits)reached) | (~lower & (wide_bits)low));
    }
  }
  double lowest = low[0];
  for (int lane = 1; lane < WIDE; lane += 1) lowest = low[lane] < lowest ? low[lane] : lowest;
  if (!(lowest < limit)) return -1;
  for (ptrdiff_t member = 0; member < members; member += 1) {
    if (chunk->reached[member] == lowest) return member;
  }
  return -1;
}

/* Lists, in order, the members that may still rank as low as `best`. */
INLINE ptrdiff_t members_up_to(const search_chunk *chunk, const int32_t *members, ptrdiff_t count, double best, int32_t *kept) {
  ptrdiff_t total = 0;
  for (ptrdiff_t place = 0; place < count; place += 1) {
    const int32_t member = members[place];
    kept[total] = member;
    total += chunk->reached[member] <= best;
  }
  return total;
}

INLINE double whole_rank(
    const simd_feature_search *s, const search_chunk *chunk, ptrdiff_t member, double gap, int by_centroid) {
  const double *mean = chunk->mean[member], *point = s->feature + 2;
  for (ptrdiff_t i = s->dimension / WIDE * WIDE; i < s->dimension; i += 1) {
    gap += (mean[i] - point[i]) * (mean[i] - point[i]);
  }
  return by_centroid ? gap : chunk->offset[member] + chunk->factor[member] * gap;
}

/* The lowest rank found and its place; of equal ranks the first place counts. A place of -1 is the limit that a search began with. */
typedef struct search_result {
  double rank;
  ptrdiff_t place;
} search_result;

INLINE void offer(search_result *best, double rank, ptrdiff_t place) {
  if (rank < best->rank || (rank == best->rank && place < best->place)) *best = (search_result){rank, place};
}

/* Sums the numbers `done` to `next` of up to GROUP members; when these are the last ones, the members are whole and offered. */
INLINE void continue_group(
    const simd_feature_search *s, ptrdiff_t first, search_chunk *chunk, const int32_t *members, ptrdiff_t count, ptrdiff_t done,
    ptrdiff_t next, int by_centroid, search_result *best) {
  const double *means[GROUP];
  double gaps[GROUP], factors[GROUP], offsets[GROUP], ranks[GROUP];
  wide sums[GROUP];
  for (int place = 0; place < GROUP; place += 1) {
    const int32_t member = members[place < count ? place : 0];
    means[place] = chunk->mean[member];
    sums[place] = chunk->sum[member];
    if (by_centroid) continue;
    factors[place] = chunk->factor[member];
    offsets[place] = chunk->offset[member];
  }
  add_squares(s->feature + 2, done, next, means, sums);
  sum_group(sums, gaps);
  rank_group(gaps, factors, offsets, by_centroid, ranks);
  if (next < s->dimension / WIDE * WIDE) {
    for (ptrdiff_t place = 0; place < count; place += 1) {
      chunk->sum[members[place]] = sums[place];
      chunk->reached[members[place]] = ranks[place];
    }
    return;
  }
  int any = 0;
  for (int place = 0; place < GROUP; place += 1) any |= ranks[place] <= best->rank;
  if (!any) return;
  for (ptrdiff_t place = 0; place < count; place += 1) {
    offer(best, whole_rank(s, chunk, members[place], gaps[place], by_centroid), first + members[place]);
  }
}

INLINE ptrdiff_t search_features(const simd_feature_search *s, double *rank, int by_centroid) {
  const ptrdiff_t whole = s->dimension / WIDE * WIDE;
  const ptrdiff_t numbers = s->apart && FIRST_NUMBERS < whole ? FIRST_NUMBERS : whole;
  search_chunk chunk;
  search_result best = {*rank, -1};
  for (ptrdiff_t first = 0; first < s->count; first += CHUNK) {
    const ptrdiff_t members = s->count - first < CHUNK ? s->count - first : CHUNK;
    begin_chunk(s, first, members, numbers, by_centroid, &chunk);
    const ptrdiff_t lead = lowest_member(&chunk, members, best.rank);
    if (lead < 0) continue;
    wide sum = chunk.sum[lead];
    for (ptrdiff_t i = numbers; i < whole; i += WIDE) {
      const wide difference = load_wide(chunk.mean[lead] + i) - load_wide(s->feature + 2 + i);
      sum += difference * difference;
    }
    offer(&best, whole_rank(s, &chunk, lead, sum_wide(sum), by_centroid), first + lead);
    chunk.reached[lead] = __builtin_inf();
    int32_t waiting[CHUNK];
    for (int32_t member = 0; member < CHUNK; member += 1) waiting[member] = member;
    ptrdiff_t count = members_up_to(&chunk, waiting, members, best.rank, waiting);
    for (ptrdiff_t done = numbers, next = numbers; count > 0; done = next) {
      next = done * FURTHER < whole ? done * FURTHER : whole;
      for (ptrdiff_t start = 0; start < count; start += GROUP) {
        const ptrdiff_t present = count - start < GROUP ? count - start : GROUP;
        continue_group(s, first, &chunk, waiting + start, present, done, next, by_centroid, &best);
      }
      if (next == whole) break;
      count = members_up_to(&chunk, waiting, count, best.rank, waiting);
    }
  }
  *rank = best.rank;
  return best.place;
}

static ptrdiff_t nearest_feature(const simd_feature_search *s, double *rank) {
  return s->rank == SIMD_RANK_CENTROID ? search_features(s, rank, 1) : search_features(s, rank, 0);
}
