/* The machine's arithmetic limit: independent fused multiply-adds in registers, `argv[1]` threads.
 * cc -O3 -march=native -pthread peak.c -o peak; prints GFLOP/s. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__AVX512F__)
enum { LANES = 16 };
#else
enum { LANES = 8 };
#endif
enum { SUMS = 12 };
typedef float vector __attribute__((vector_size(4 * LANES)));

static const long rounds = 60000000;
static volatile float sink;

static void *work(void *argument) {
  vector sums[SUMS], x, y;
  for (int lane = 0; lane < LANES; lane++) x[lane] = 0.999999f, y[lane] = 1e-7f * *(int *)argument;
  for (int i = 0; i < SUMS; i++) sums[i] = y + (float)i;
  for (long round = 0; round < rounds; round++) {
#pragma GCC unroll 12
    for (int i = 0; i < SUMS; i++) sums[i] = sums[i] * x + y;
  }
  for (int i = 1; i < SUMS; i++) sums[0] += sums[i];
  sink = sums[0][0];
  return NULL;
}

int main(int count, char **arguments) {
  int threads = count > 1 ? atoi(arguments[1]) : 1, numbers[64];
  pthread_t started[64];
  struct timespec begin, end;
  if (threads < 1 || threads > 64) return 2;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  for (int i = 0; i < threads; i++) {
    numbers[i] = i;
    pthread_create(&started[i], NULL, work, &numbers[i]);
  }
  for (int i = 0; i < threads; i++) pthread_join(started[i], NULL);
  clock_gettime(CLOCK_MONOTONIC, &end);
  double seconds = (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
  printf("%.1f\n", 2.0 * LANES * SUMS * (double)rounds * threads / seconds / 1e9);
}
