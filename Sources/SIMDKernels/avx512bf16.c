#include "tables.h"

/* AVX-512 where instructions multiply pairs of 16-bit integers and pairs of bfloat16 numbers and add them up. */
#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512vnni,avx512bf16,avx2,fma"))), apply_to = function)
#define LANES 16
#define TILE_ROWS 6
#define PAIRS_IN_ONE
#define BFLOAT16_IN_ONE
#define OPS simd_ops_avx512bf16
#define NAME "avx512bf16"
#include "template/table.h"
#pragma clang attribute pop
#endif
