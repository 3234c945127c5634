#pragma once

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#pragma clang assume_nonnull begin

/*
 * Classes of ASCII bytes, one by one and sixteen at a time. Unlike the other kernels these are compiled into their caller, for a call would
 * cost more than the work: SSE2 and NEON, which every processor of their kind has, or plain C.
 */

#define SIMD_LETTER 1u
#define SIMD_DIGIT 2u
#define SIMD_SPACE 4u     /* space, tab, newline, vertical tab, form feed, carriage return */
#define SIMD_MARK 8u      /* quotes, brackets, and , : ; = # | ` */
#define SIMD_HEX 16u      /* hexadecimal digits */
#define SIMD_PLAIN_END 32u /* a space, or a mark that is neither a colon nor an apostrophe */
#define SIMD_PATH_END 64u /* a space, or a mark that is none of : = # */
#define SIMD_NAME 128u    /* what names of components are written in: letters, digits, beyond ASCII, and . $ _ - / ( ) [ ] : @ # * + < > */

/* The classes of a byte. */
static inline uint32_t simd_byte_class(uint8_t byte) {
  enum {
    S = SIMD_SPACE | SIMD_PLAIN_END | SIMD_PATH_END,
    M = SIMD_MARK | SIMD_PLAIN_END | SIMD_PATH_END,
    Q = SIMD_MARK | SIMD_PATH_END,
    E = SIMD_MARK | SIMD_PLAIN_END,
    D = SIMD_DIGIT | SIMD_HEX | SIMD_NAME,
    A = SIMD_LETTER | SIMD_HEX | SIMD_NAME,
    L = SIMD_LETTER | SIMD_NAME,
    N = SIMD_NAME
  };
  static const uint8_t classes[256] = {
      0, 0, 0, 0, 0, 0, 0, 0, 0, S, S, S, S, S, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      /*   !  "  #      $  %  &  '  (      )      *  +  ,  -  .  / */
      S, 0, M, E | N, N, 0, 0, Q, M | N, M | N, N, N, M, N, N, N,
      /* 0 ... 9, :             ;  <      =  >      ? */
      D, D, D, D, D, D, D, D, D, D, SIMD_MARK | N, M, M | N, E, M | N, 0,
      /* @ A ... Z [ \ ] ^ _ */
      N, A, A, A, A, A, A, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, M | N, 0, M | N, 0, N,
      /* ` a ... z { | } ~ */
      M, A, A, A, A, A, A, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, M, M, M, 0, 0,
      N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
      N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
      N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
      N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N};
  return classes[byte];
}

/* Which of sixteen bytes lie between `first` and `first + count - 1` once the bits of `fold` are set in them: bit n for byte n. */
static inline uint32_t simd_bytes_between(const uint8_t *bytes, uint8_t fold, uint8_t first, uint8_t count) {
#if defined(__SSE2__)
  __m128i folded = _mm_or_si128(_mm_loadu_si128((const __m128i *)bytes), _mm_set1_epi8((char)fold));
  __m128i distance = _mm_sub_epi8(folded, _mm_set1_epi8((char)first));
  __m128i nearest = _mm_min_epu8(distance, _mm_set1_epi8((char)(count - 1)));
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(nearest, distance));
#elif defined(__ARM_NEON)
  static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  uint8x16_t folded = vorrq_u8(vld1q_u8(bytes), vdupq_n_u8(fold));
  uint8x16_t inside = vcltq_u8(vsubq_u8(folded, vdupq_n_u8(first)), vdupq_n_u8(count));
  uint8x16_t bits = vandq_u8(inside, vld1q_u8(weights));
  return (uint32_t)vaddv_u8(vget_low_u8(bits)) | (uint32_t)vaddv_u8(vget_high_u8(bits)) << 8;
#else
  uint32_t mask = 0;
  for (int index = 0; index < 16; index++) {
    mask |= (uint32_t)((uint8_t)((bytes[index] | fold) - first) < count) << index;
  }
  return mask;
#endif
}

/* Which of sixteen bytes are letters: bit n for byte n. */
static inline uint32_t simd_letters(const uint8_t *bytes) { return simd_bytes_between(bytes, 0x20, 'a', 26); }

/* Which of sixteen bytes are digits: bit n for byte n. */
static inline uint32_t simd_digits(const uint8_t *bytes) { return simd_bytes_between(bytes, 0, '0', 10); }

/*
 * Writes the places of a byte between `start` and `end`, as many as there is room for, and returns how many it wrote. Fifteen bytes
 * behind the end are read.
 */
static inline intptr_t simd_places(const uint8_t *bytes, intptr_t start, intptr_t end, uint8_t byte, uint32_t *places, intptr_t room) {
  intptr_t count = 0;
  for (intptr_t index = start; index < end; index += 16) {
    uint32_t mask = simd_bytes_between(bytes + index, 0, byte, 1);
    while (mask != 0) {
      intptr_t place = index + __builtin_ctz(mask);
      if (place >= end || count == room) return count;
      places[count++] = (uint32_t)place;
      mask &= mask - 1;
    }
  }
  return count;
}

/* Asks for the memory that will be read soon. */
static inline void simd_prefetch(const void *address) { __builtin_prefetch(address); }

/* Copies sixteen bytes. */
static inline void simd_copy16(uint8_t *to, const uint8_t *from) { __builtin_memcpy(to, from, 16); }

#pragma clang assume_nonnull end
