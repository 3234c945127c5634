#include "feature_tables.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define FEATURE_OPS simd_feature_ops_avx2
#define NAME "avx2"
#include "template/features.h"
#pragma clang attribute pop
#endif
