/* What a log agent that loads the library pays. cc host.c -ldl -o host; ./host LIBRARY MODEL WINDOW
 * prints: milliseconds to load the library, to load the model; megabytes of RSS before, after loading, after classifying. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int32_t (*load_function)(const char *, void **);
typedef int32_t (*classify_function)(const void *, const int32_t *, size_t, size_t, void **);

static double milliseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return 1e3 * (double)time.tv_sec + 1e-6 * (double)time.tv_nsec;
}

static double megabytes(void) {
  char line[256];
  double kilobytes = 0;
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file)) {
    if (strncmp(line, "VmRSS:", 6) == 0) kilobytes = atof(line + 6);
  }
  if (file) fclose(file);
  return kilobytes / 1024;
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  double empty = megabytes(), start = milliseconds();
  void *library = dlopen(arguments[1], RTLD_NOW);
  double opened = milliseconds();
  if (!library) return fprintf(stderr, "%s\n", dlerror()), 1;
  load_function load = (load_function)(intptr_t)dlsym(library, "birchlog_model_load");
  classify_function classify = (classify_function)(intptr_t)dlsym(library, "birchlog_classify_windows");
  void *model = NULL, *findings = NULL;
  if (!load || !classify || load(arguments[2], &model) != 0) return 1;
  double loaded = milliseconds(), resident = megabytes();
  size_t window = (size_t)atoi(arguments[3]);
  int32_t events[256] = {0};
  for (int32_t round = 0; round < 100; round++) {
    for (size_t i = 0; i < window && i < 256; i++) events[i] = (round + (int32_t)i) % 20 + 1;
    if (classify(model, events, 1, window, &findings) != 0) return 1;
  }
  printf("%.2f %.2f %.1f %.1f %.1f\n", opened - start, loaded - opened, empty, resident, megabytes());
  return 0;
}
