/* Packing and products in single precision. */

static void pack(
    ptrdiff_t depth, ptrdiff_t columns, const float *b, ptrdiff_t b_row, ptrdiff_t b_column, float *packed) {
  for (ptrdiff_t first = 0; first < columns; first += PANEL) {
    ptrdiff_t width = columns - first < PANEL ? columns - first : PANEL;
    for (ptrdiff_t k = 0; k < depth; k += 1) {
      const float *source = b + k * b_row + first * b_column;
      if (b_column == 1) {
        for (ptrdiff_t j = 0; j < width; j += 1) packed[j] = source[j];
      } else {
        for (ptrdiff_t j = 0; j < width; j += 1) packed[j] = source[j * b_column];
      }
      for (ptrdiff_t j = width; j < PANEL; j += 1) packed[j] = 0;
      packed += PANEL;
    }
  }
}

#define NUMBER float
#define OPERAND vector
#define LOAD load
#define SPLAT splat
#define ADD_PRODUCT(SUM, X, Y) ((SUM) + (X) * (Y))
#define PRODUCT simd_product
#define NAMED(NAME) NAME##_single
#include "product.h"
