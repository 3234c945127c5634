/* All kernels for one instruction set and their table. The including file defines LANES, TILE_ROWS, OPS and NAME. */

#include "vector.h"

#include "product.h"

#include "lstm.h"
#include "quantised.h"
#include "rows.h"

const simd_ops OPS = {
    .name = NAME,
    .lanes = LANES,
    .panel = PANEL,
    .pack = pack,
    .multiply = multiply,
    .lstm_forward = lstm_forward,
    .lstm_backward = lstm_backward,
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
