#include "feature_tables.h"

#define LANES 4
#define FEATURE_OPS simd_feature_ops_baseline
#define NAME "baseline"
#include "template/features.h"
