#pragma once

#include "simd_kernels.h"

extern const simd_ops simd_ops_reference;
extern const simd_ops simd_ops_baseline;
#if defined(__x86_64__)
extern const simd_ops simd_ops_avx2;
extern const simd_ops simd_ops_avx512;
#endif
