#include "tables.h"

#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), apply_to = function)
#define LANES 16
#define TILE_ROWS 6
#define OPS simd_ops_avx512
#define NAME "avx512"
#include "template/table.h"
#pragma clang attribute pop
#endif
