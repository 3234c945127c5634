#include "tables.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define TILE_ROWS 3
#define OPS simd_ops_avx2
#define NAME "avx2"
#include "template/table.h"
#pragma clang attribute pop
#endif
