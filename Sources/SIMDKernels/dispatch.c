#include "tables.h"

#include <string.h>

#if defined(__x86_64__)
static int runs_avx2(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static int runs_avx512(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && runs_avx2();
}

static int runs_avx512vnni(void) {
  return runs_avx512() && __builtin_cpu_supports("avx512vnni");
}

static int runs_avx512bf16(void) {
  return runs_avx512vnni() && __builtin_cpu_supports("avx512bf16");
}
#endif

const simd_ops *simd_best(void) {
#if defined(__x86_64__)
  if (runs_avx512bf16()) return &simd_ops_avx512bf16;
  if (runs_avx512vnni()) return &simd_ops_avx512vnni;
  if (runs_avx512()) return &simd_ops_avx512;
  if (runs_avx2()) return &simd_ops_avx2;
#endif
  return &simd_ops_baseline;
}

const simd_ops *simd_named(const char *name) {
#if defined(__x86_64__)
  if (strcmp(name, "avx512bf16") == 0) return runs_avx512bf16() ? &simd_ops_avx512bf16 : NULL;
  if (strcmp(name, "avx512vnni") == 0) return runs_avx512vnni() ? &simd_ops_avx512vnni : NULL;
  if (strcmp(name, "avx512") == 0) return runs_avx512() ? &simd_ops_avx512 : NULL;
  if (strcmp(name, "avx2") == 0) return runs_avx2() ? &simd_ops_avx2 : NULL;
#endif
  if (strcmp(name, "baseline") == 0) return &simd_ops_baseline;
  return strcmp(name, "reference") == 0 ? &simd_ops_reference : NULL;
}
