#pragma once

#include "simd_features.h"

extern const simd_feature_ops simd_feature_ops_reference;
extern const simd_feature_ops simd_feature_ops_baseline;
#if defined(__x86_64__)
extern const simd_feature_ops simd_feature_ops_avx2;
extern const simd_feature_ops simd_feature_ops_avx512;
#endif
