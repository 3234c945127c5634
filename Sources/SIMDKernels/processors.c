#define _GNU_SOURCE
#include "simd_kernels.h"

#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#endif

int simd_processors(void) {
#if defined(__linux__)
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) == 0) return CPU_COUNT(&mask);
#endif
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}
