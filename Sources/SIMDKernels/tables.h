#pragma once

#include "simd_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

extern const simd_ops simd_ops_reference;
extern const simd_ops simd_ops_baseline;
#if defined(__x86_64__)
extern const simd_ops simd_ops_avx2;
extern const simd_ops simd_ops_avx512;
extern const simd_ops simd_ops_avx512vnni;
extern const simd_ops simd_ops_avx512bf16;
#endif
