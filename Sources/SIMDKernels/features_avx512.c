#include "feature_tables.h"

#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), apply_to = function)
#define LANES 16
#define FEATURE_OPS simd_feature_ops_avx512
#define NAME "avx512"
#include "template/features.h"
#pragma clang attribute pop
#endif
