#include "feature_tables.h"

#include <string.h>

/* Which instruction sets run here is decided in one place: by the other table of the same name. */
const simd_feature_ops *simd_feature_named(const char *name) {
  const simd_ops *ops = simd_named(name);
  if (ops == NULL) return NULL;
#if defined(__x86_64__)
  if (strncmp(ops->name, "avx512", 6) == 0) return &simd_feature_ops_avx512;
  if (strcmp(ops->name, "avx2") == 0) return &simd_feature_ops_avx2;
#endif
  return strcmp(ops->name, "reference") == 0 ? &simd_feature_ops_reference : &simd_feature_ops_baseline;
}

const simd_feature_ops *simd_feature_best(void) {
  return simd_feature_named(simd_best()->name);
}
