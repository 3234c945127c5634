/*
 * How long a finding takes from the push of the line that made it, at a steady rate of lines.
 *
 *     cc -std=c99 -O2 latency.c -o latency $(pkg-config --cflags --libs birchlog)
 *     taskset -c 0 ./latency MODEL LOG [LINES_A_SECOND [ROUNDS [OPTIONS]]]
 *
 * Every line has its moment by the schedule, and a time counts from that moment: what waits behind a slow line is slow too. LOG
 * is passed through ROUNDS times with the digits of its session ids shifted, so that sessions are new each time. With one round and
 * a log of many different sessions, as interleave.py writes, most verdicts are on what the stream has not seen before.
 */
#define _POSIX_C_SOURCE 200809L
#include <birchlog.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static void report(const char *name, double *times, size_t count) {
  if (count == 0) return;
  qsort(times, count, sizeof *times, ascending);
  printf("%-9s %9zu   p50 %7.1f   p99 %7.1f   p99.9 %8.1f   most %9.1f us\n", name, count, times[count / 2],
         times[(size_t)((double)count * 0.99)], times[(size_t)((double)count * 0.999)], times[count - 1]);
}

static void check(birchlog_status status) {
  if (status == BIRCHLOG_OK) return;
  fprintf(stderr, "latency: %s\n", birchlog_last_error());
  exit(1);
}

/* Processor time of this thread: what other work on the machine hardly changes. */
static double used(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

/* Shifts the digits behind "blk_" or "req-" so that each round has ids of its own; the length stays. */
static void rename_ids(char *line, size_t length, int round) {
  for (size_t i = 0; i + 4 < length; i++) {
    if (memcmp(line + i, "blk_", 4) != 0 && memcmp(line + i, "req-", 4) != 0) continue;
    for (size_t j = i + 5; j < length && isdigit((unsigned char)line[j]); j++)
      line[j] = (char)('0' + (line[j] - '0' + round * (int)(j - i) + round / 10) % 10);
  }
}

int main(int count, char **arguments) {
  if (count < 3) return 2;
  double rate = count > 3 ? atof(arguments[3]) : 20000;
  int rounds = count > 4 ? atoi(arguments[4]) : 10;
  birchlog_model *model = NULL;
  birchlog_stream *stream = NULL;
  check(birchlog_model_load(arguments[1], &model));
  check(birchlog_stream_create(model, count > 5 ? arguments[5] : NULL, &stream));
  FILE *file = fopen(arguments[2], "rb");
  if (file == NULL) return 1;
  size_t lines = 0, capacity = 0, found = 0, pushed = 0;
  char **text = NULL, *line = NULL;
  ssize_t length;
  size_t *lengths = NULL, size = 0;
  while ((length = getline(&line, &size, file)) > 0) {
    if (lines == capacity) {
      capacity = capacity * 2 + 1024;
      text = realloc(text, capacity * sizeof *text);
      lengths = realloc(lengths, capacity * sizeof *lengths);
      if (text == NULL || lengths == NULL) return 1;
    }
    text[lines] = line;
    lengths[lines++] = (size_t)length;
    line = NULL;
    size = 0;
  }
  fclose(file);
  double *times[4];
  for (int i = 0; i < 4; i++) {
    times[i] = malloc(lines * (size_t)rounds * sizeof **times);
    if (times[i] == NULL) return 1;
  }
  char *copy = malloc(BIRCHLOG_MAX_LINE_LENGTH);
  if (copy == NULL) return 1;
  double start = now(), late = 0;
  for (int round = 0; round < rounds; round++) {
    for (size_t i = 0; i < lines; i++) {
      memcpy(copy, text[i], lengths[i]);
      rename_ids(copy, lengths[i], round);
      double due = start + (double)pushed / rate * 1e6;
      while (now() < due) {
      }
      birchlog_findings *findings = NULL;
      double begun = used();
      check(birchlog_stream_push(stream, copy, lengths[i]));
      check(birchlog_stream_poll(stream, &findings));
      double cost = used() - begun, taken = now() - due;
      size_t own = birchlog_findings_count(findings);
      birchlog_findings_free(findings);
      times[0][pushed] = taken;
      times[1][pushed++] = cost;
      if (own > 0) {
        times[2][found] = taken;
        times[3][found++] = cost;
      }
      if (taken > 1e6 / rate) late++;
    }
  }
  double seconds = (now() - start) / 1e6;
  printf("%zu lines at %.0f a second; %.2f %% took longer than the time between two lines\n", pushed, (double)pushed / seconds,
         100 * late / (double)pushed);
  report("lines", times[0], pushed);
  report("findings", times[2], found);
  printf("Processor time of push and poll alone:\n");
  report("lines", times[1], pushed);
  report("findings", times[3], found);
  birchlog_stream_free(stream);
  birchlog_model_free(model);
  return 0;
}
