/* What a session costs whose verdict a stream remembers. cc warm.c -ldl -o warm; ./warm LIBRARY MODEL SESSIONS.seq...
 * Pushes all sessions once, then again, each push with its poll timed; prints microseconds: the median of a session, and of a
 * session's time by its windows (each event and the end closes one). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int32_t (*load_function)(const char *, void **);
typedef int32_t (*create_function)(void *, const char *, void **);
typedef int32_t (*push_function)(void *, const char *, size_t);
typedef int32_t (*poll_function)(void *, void **);
typedef void (*free_function)(void *);

static double microseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return 1e6 * (double)time.tv_sec + 1e-3 * (double)time.tv_nsec;
}

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

int main(int count, char **arguments) {
  if (count < 4) return 2;
  void *library = dlopen(arguments[1], RTLD_NOW);
  if (!library) return fprintf(stderr, "%s\n", dlerror()), 1;
  load_function load = (load_function)(intptr_t)dlsym(library, "birchlog_model_load");
  create_function create = (create_function)(intptr_t)dlsym(library, "birchlog_stream_create");
  push_function push = (push_function)(intptr_t)dlsym(library, "birchlog_stream_push");
  poll_function poll = (poll_function)(intptr_t)dlsym(library, "birchlog_stream_poll");
  free_function discard = (free_function)(intptr_t)dlsym(library, "birchlog_findings_free");
  void *model = NULL, *stream = NULL;
  if (!load || !create || !push || !poll || !discard || load(arguments[2], &model) != 0) return 1;
  if (create(model, "{\"format\":\"sequences\"}", &stream) != 0) return 1;
  size_t lines = 0, room = 0, size = 0;
  char **text = NULL, *line = NULL;
  ssize_t length;
  for (int file = 3; file < count; file++) {
    FILE *input = fopen(arguments[file], "r");
    if (!input) return 1;
    while ((length = getline(&line, &size, input)) > 0) {
      if (lines == room && !(text = realloc(text, (room = 2 * room + 1024) * sizeof *text))) return 1;
      if (!(text[lines++] = strdup(line))) return 1;
    }
    fclose(input);
  }
  double *session = malloc(lines * sizeof *session), *window = malloc(lines * sizeof *window);
  if (!session || !window || lines == 0) return 1;
  for (int round = 0; round < 2; round++) {
    for (size_t i = 0; i < lines; i++) {
      size_t windows = 2;
      for (const char *at = text[i]; *at; at++) windows += *at == ' ';
      void *findings = NULL;
      double start = microseconds();
      if (push(stream, text[i], strlen(text[i])) != 0 || poll(stream, &findings) != 0) return 1;
      session[i] = microseconds() - start;
      window[i] = session[i] / (double)windows;
      discard(findings);
    }
  }
  qsort(session, lines, sizeof *session, ascending);
  qsort(window, lines, sizeof *window, ascending);
  printf("%.3f %.3f\n", session[lines / 2], window[lines / 2]);
  return 0;
}
