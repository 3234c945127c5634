/* Vector types and elementary functions. Included once for each instruction set, after LANES is defined. */

typedef float vector __attribute__((vector_size(4 * LANES)));
typedef int32_t vector_bits __attribute__((vector_size(4 * LANES)));
typedef float loose_vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE vector load(const float *p) {
  return *(const loose_vector *)p;
}

INLINE void store(float *p, vector x) {
  *(loose_vector *)p = x;
}

/* Subtracting zero, unlike adding it, keeps -0 and so costs no instruction. */
INLINE vector splat(float x) {
  return x - (vector){0};
}

/* The first `count` floats, the other lanes filled. */
INLINE vector load_part(const float *p, ptrdiff_t count, float fill) {
  float lanes[LANES];
  for (int lane = 0; lane < LANES; lane += 1) lanes[lane] = lane < count ? p[lane] : fill;
  return load(lanes);
}

INLINE void store_part(float *p, ptrdiff_t count, vector x) {
  float lanes[LANES];
  store(lanes, x);
  for (ptrdiff_t lane = 0; lane < count; lane += 1) p[lane] = lanes[lane];
}

INLINE vector select_lanes(vector_bits mask, vector yes, vector no) {
  return (vector)((mask & (vector_bits)yes) | (~mask & (vector_bits)no));
}

INLINE float sum_lanes(vector x) {
  float lanes[LANES];
  store(lanes, x);
  for (int half = LANES / 2; half > 0; half /= 2) {
    for (int lane = 0; lane < half; lane += 1) lanes[lane] += lanes[lane + half];
  }
  return lanes[0];
}

/* e^x by x = n ln 2 + r and a polynomial in r. Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the
 * low bits, which avoids conversions. NaN stays NaN. */
INLINE vector exp_lanes(vector x) {
  const vector low = splat(-87.33f), high = splat(88.37f), magic = splat(12582912.0f);
  x = select_lanes(x < low, low, x);
  x = select_lanes(x > high, high, x);
  vector shifted = x * 1.44269504f + magic;
  vector n = shifted - magic;
  vector r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  vector p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  vector_bits exponent = ((vector_bits)shifted - (vector_bits)magic + 127) << 23;
  return p * (vector)exponent;
}

INLINE vector sigmoid_lanes(vector x) {
  return 1.0f / (1.0f + exp_lanes(-x));
}

/* Near zero an odd polynomial, which keeps the relative error small; elsewhere by e^(2|x|). */
INLINE vector tanh_lanes(vector x) {
  const vector_bits sign_mask = (vector_bits){0} + INT32_MIN;
  vector_bits sign = (vector_bits)x & sign_mask;
  vector magnitude = (vector)((vector_bits)x & ~sign_mask);
  vector square = x * x;
  vector p = splat(-5.70498872745e-3f);
  p = p * square + 2.06390887954e-2f;
  p = p * square - 5.37397155531e-2f;
  p = p * square + 1.33314422036e-1f;
  p = p * square - 3.33332819422e-1f;
  vector small = p * square * x + x;
  vector large = 1.0f - 2.0f / (exp_lanes(magnitude + magnitude) + 1.0f);
  large = (vector)((vector_bits)large | sign);
  return select_lanes(magnitude < 0.625f, small, large);
}
