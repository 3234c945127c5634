/* What was weighed: products in bfloat16, which training uses and inference does not, and threads that wait for the next call.
 * cc -O3 -march=native -pthread weighed.c -o weighed; needs AVX-512 BF16.
 * Prints GFLOP/s of a tile of 6 rows by 64 columns over a depth of 128 in both precisions, a core's time, and microseconds to start and
 * join a thread. */
#define _GNU_SOURCE
#include <immintrin.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS = 6, COLUMNS = 64, DEPTH = 128, PANELS = 8, TIMES = 20000, STARTS = 2000 };

static double seconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static void *nothing(void *argument) { return argument; }

static void single(const float *x, const float *weights, float *y) {
  __m512 sum[ROWS][4];
  for (int r = 0; r < ROWS; r++)
    for (int v = 0; v < 4; v++) sum[r][v] = _mm512_setzero_ps();
  for (int k = 0; k < DEPTH; k++)
    for (int v = 0; v < 4; v++) {
      __m512 w = _mm512_load_ps(weights + k * COLUMNS + v * 16);
      for (int r = 0; r < ROWS; r++) sum[r][v] = _mm512_fmadd_ps(_mm512_set1_ps(x[r * DEPTH + k]), w, sum[r][v]);
    }
  for (int r = 0; r < ROWS; r++)
    for (int v = 0; v < 4; v++) _mm512_store_ps(y + r * COLUMNS + v * 16, sum[r][v]);
}

static void brain(const uint16_t *x, const uint16_t *weights, float *y) {
  __m512 sum[ROWS][4];
  for (int r = 0; r < ROWS; r++)
    for (int v = 0; v < 4; v++) sum[r][v] = _mm512_setzero_ps();
  for (int k = 0; k < DEPTH; k += 2)
    for (int v = 0; v < 4; v++) {
      __m512bh w = (__m512bh)_mm512_load_si512(weights + k * COLUMNS + v * 32);
      for (int r = 0; r < ROWS; r++) {
        int pair;
        memcpy(&pair, x + r * DEPTH + k, sizeof pair);
        sum[r][v] = _mm512_dpbf16_ps(sum[r][v], (__m512bh)_mm512_set1_epi32(pair), w);
      }
    }
  for (int r = 0; r < ROWS; r++)
    for (int v = 0; v < 4; v++) _mm512_store_ps(y + r * COLUMNS + v * 16, sum[r][v]);
}

int main(void) {
  const size_t panel = DEPTH * COLUMNS;
  float *weights = aligned_alloc(64, sizeof(float) * panel * PANELS), *x = aligned_alloc(64, sizeof(float) * ROWS * DEPTH);
  float *y = aligned_alloc(64, sizeof(float) * ROWS * COLUMNS);
  uint16_t *halves = aligned_alloc(64, 2 * panel * PANELS), *x_halves = aligned_alloc(64, 2 * ROWS * DEPTH);
  if (!weights || !x || !y || !halves || !x_halves) return 1;
  for (size_t i = 0; i < panel * PANELS; i++) weights[i] = 1e-3f, halves[i] = 0x3a83;
  for (size_t i = 0; i < ROWS * DEPTH; i++) x[i] = 0.01f, x_halves[i] = 0x3c24;
  const double work = 2e-9 * ROWS * COLUMNS * DEPTH * TIMES;
  for (int turn = 0; turn < 3; turn++) {
    double start = seconds(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < TIMES; i++) {
      single(x, weights + i % PANELS * panel, y);
      __asm__ volatile("" ::"r"(y) : "memory");
    }
    double middle = seconds(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < TIMES; i++) {
      brain(x_halves, halves + i % PANELS * panel, y);
      __asm__ volatile("" ::"r"(y) : "memory");
    }
    double end = seconds(CLOCK_THREAD_CPUTIME_ID);
    printf("single precision %.0f, bfloat16 %.0f GFLOP/s\n", work / (middle - start), work / (end - middle));
  }
  static double times[STARTS];
  for (int i = 0; i < STARTS; i++) {
    pthread_t thread;
    double start = seconds(CLOCK_MONOTONIC);
    if (pthread_create(&thread, NULL, nothing, NULL) != 0) return 1;
    pthread_join(thread, NULL);
    times[i] = 1e6 * (seconds(CLOCK_MONOTONIC) - start);
  }
  qsort(times, STARTS, sizeof *times, ascending);
  printf("a thread, started and joined: p50 %.1f, p99 %.1f us\n", times[STARTS / 2], times[STARTS * 99 / 100]);
  return 0;
}
