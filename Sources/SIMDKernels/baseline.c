#include "tables.h"

/* What every processor of the target architecture has: 128-bit vectors. */
#define LANES 4
#define TILE_ROWS 3
#define OPS simd_ops_baseline
#define NAME "baseline"
#include "template/table.h"
