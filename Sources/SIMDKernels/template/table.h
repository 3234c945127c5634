/* All kernels for one instruction set and their table. The including file defines LANES, TILE_ROWS, OPS and NAME. */

#include "vector.h"

#include "step.h"

#include "single.h"

#include "bfloat16.h"
#include "lstm.h"
#include "quantised.h"
#include "rows.h"

#if defined(BFLOAT16_IN_ONE)
#define MULTIPLIES_BFLOAT16 1
#else
#define MULTIPLIES_BFLOAT16 0
#endif

const simd_ops OPS = {
    .name = NAME,
    .lanes = LANES,
    .panel = PANEL,
    .pack = pack,
    .multiply = multiply_single,
    .lstm_forward = lstm_forward,
    .lstm_backward = lstm_backward,
    .multiplies_bfloat16 = MULTIPLIES_BFLOAT16,
    .to_bfloat16 = to_bfloat16,
    .pair_rows = pair_rows,
    .bfloat16_multiply = multiply_bfloat16,
    .bfloat16_forward = bfloat16_forward,
    .quantised_multiply = quantised_multiply,
    .quantised_forward = quantised_forward,
    .log_softmax = log_softmax,
    .adam = adam,
    .drop = drop,
    .dot = dot,
    .axpy = axpy,
    .scatter_rows = scatter_rows,
    .exp = map_exp,
    .tanh = map_tanh,
    .sigmoid = map_sigmoid,
    .squared_distance = squared_distance,
};
