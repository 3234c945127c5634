/* Vector types and elementary functions. Included once for each instruction set, after LANES is defined. */

typedef float vector __attribute__((vector_size(4 * LANES)));
typedef int32_t vector_bits __attribute__((vector_size(4 * LANES)));
typedef uint32_t vector_words __attribute__((vector_size(4 * LANES)));
typedef float loose_vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef uint16_t short_vector __attribute__((vector_size(2 * LANES)));
typedef uint16_t loose_short_vector __attribute__((vector_size(2 * LANES), aligned(2), may_alias));

#define INLINE static inline __attribute__((always_inline))

/* Before a loop over the rows of a tile: with vectors and masks it would take longer than one by one. */
#define LOOP_OF_FEW _Pragma("clang loop vectorize(disable) unroll(disable)")

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

/* The hyperbolic tangent as a ratio of polynomials, x P(x^2) / Q(x^2), the best of degrees 4 and 4 in the relative error on [-9, 9]
 * (2.1e-8 before rounding). Beyond, tanh rounds to 1 or -1, and so does the ratio. NaN stays NaN. */
#define P1 0.133810237f
#define P2 3.49558541e-3f
#define P3 2.06090372e-5f
#define P4 1.33546019e-8f
#define Q1 0.467143387f
#define Q2 2.58769710e-2f
#define Q3 3.28563037e-4f
#define Q4 7.77653327e-7f

typedef struct ratio {
  vector over, under;
} ratio;

INLINE vector clamp_lanes(vector x, float limit) {
  const vector low = splat(-limit), high = splat(limit);
  x = select_lanes(x < low, low, x);
  return select_lanes(x > high, high, x);
}

INLINE ratio tanh_ratio(vector x) {
  x = clamp_lanes(x, 9.0f);
  vector square = x * x;
  vector p = splat(P4);
  p = p * square + P3;
  p = p * square + P2;
  p = p * square + P1;
  p = p * square + 1.0f;
  vector q = splat(Q4);
  q = q * square + Q3;
  q = q * square + Q2;
  q = q * square + Q1;
  q = q * square + 1.0f;
  return (ratio){x * p, q};
}

/* What is to be added to 1/2: sigmoid(x) = (1 + tanh(x / 2)) / 2, with the halves in the coefficients. */
INLINE ratio sigmoid_ratio(vector x) {
  x = clamp_lanes(x, 18.0f);
  vector square = x * x;
  vector p = splat(P4 / 1024);
  p = p * square + P3 / 256;
  p = p * square + P2 / 64;
  p = p * square + P1 / 16;
  p = p * square + 0.25f;
  vector q = splat(Q4 / 256);
  q = q * square + Q3 / 64;
  q = q * square + Q2 / 16;
  q = q * square + Q1 / 4;
  q = q * square + 1.0f;
  return (ratio){x * p, q};
}

/* Rounding may lead past the ends: clamped, results keep to [0, 1] and [-1, 1]. */
INLINE vector sigmoid_lanes(vector x) {
  ratio r = sigmoid_ratio(x);
  return clamp_lanes(r.over / r.under, 0.5f) + 0.5f;
}

INLINE vector tanh_lanes(vector x) {
  ratio r = tanh_ratio(x);
  return clamp_lanes(r.over / r.under, 1.0f);
}
