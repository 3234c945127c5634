/* Logs that the programs make themselves: sessions of events, and the same behaviour as raw lines. */
#ifndef LOGS_H
#define LOGS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { SESSION_COUNT = 300, LONGEST_SESSION = 24, FAULT_EVERY = 4 };

/* Small networks that train in a second: what they learn is enough for sessions as plain as these. */
#define QUICK_OPTIONS "{\"hidden_size\":16,\"epochs\":30,\"threads\":1}"
#define QUICK_LINES "{\"hidden_size\":16,\"epochs\":30,\"threads\":1,\"session\":\"job=([a-z]+)\"}"

typedef struct {
  int32_t *events;
  size_t *offsets;
  size_t count;
} session_list;

static inline uint32_t draw(uint32_t *state, uint32_t below) {
  *state = *state * 1664525u + 1013904223u;
  return (*state >> 16) % below;
}

static inline size_t append(int32_t *events, size_t length, int32_t event) {
  events[length] = event;
  return length + 1;
}

/* Normal: 1 2, 3 or 4, up to four 5, 6 7. The faults: 8 and 9 in the middle, a loop of 5, the end is missing. */
static inline size_t make_session(int32_t *events, uint32_t *state, int fault) {
  size_t length = 0;
  length = append(events, length, 1);
  length = append(events, length, 2);
  length = append(events, length, 3 + (int32_t)draw(state, 2));
  uint32_t steps = 1 + draw(state, 4) + (fault == 2 ? 10u : 0u);
  for (uint32_t step = 0; step < steps; step++) length = append(events, length, 5);
  if (fault == 1) {
    length = append(events, length, 8);
    length = append(events, length, 9);
    length = append(events, length, 8);
  }
  if (fault == 3) return length;
  length = append(events, length, 6);
  return append(events, length, 7);
}

/* Sessions laid out as the library takes them; every fourth is faulty when `with_faults`. */
static inline session_list make_sessions(uint32_t seed, int with_faults) {
  session_list list = {(int32_t *)malloc(SESSION_COUNT * LONGEST_SESSION * sizeof(int32_t)), (size_t *)malloc((SESSION_COUNT + 1) * sizeof(size_t)), SESSION_COUNT};
  if (list.events == NULL || list.offsets == NULL) abort();
  uint32_t state = seed;
  list.offsets[0] = 0;
  for (size_t index = 0; index < list.count; index++) {
    int fault = with_faults && index % FAULT_EVERY == 0 ? 1 + (int)(index / FAULT_EVERY % 3) : 0;
    list.offsets[index + 1] = list.offsets[index] + make_session(list.events + list.offsets[index], &state, fault);
  }
  return list;
}

static inline void free_sessions(session_list list) {
  free(list.events);
  free(list.offsets);
}

/* The same sessions as raw lines, keyed by job=…; two sessions are open at a time. The caller frees the text. */
static inline char *make_lines(uint32_t seed, int with_faults, size_t *length) {
  static const char *const messages[] = {"", "started", "configuration read", "cache warm", "cache cold", "chunk copied to shelf %u",
                                         "checksum matches", "finished after %u ms", "disk error at sector %u", "retrying after disk error"};
  session_list list = make_sessions(seed, with_faults);
  size_t capacity = list.offsets[list.count] * 96 + 1;
  char *text = (char *)malloc(capacity);
  if (text == NULL) abort();
  size_t used = 0;
  uint32_t state = seed + 7, second = 0;
  for (size_t first = 0; first < list.count; first += 2) {
    for (size_t position = 0; position < LONGEST_SESSION; position++) {
      for (size_t index = first; index < first + 2 && index < list.count; index++) {
        size_t start = list.offsets[index], end = list.offsets[index + 1];
        if (start + position >= end) continue;
        char message[48];
        snprintf(message, sizeof message, messages[list.events[start + position]], (unsigned)draw(&state, 1000));
        second++;
        used += (size_t)snprintf(text + used, capacity - used, "2025-03-04 %02u:%02u:%02u INFO copier job=%c%c%c %s\n", (unsigned)(second / 3600 % 24),
                                 (unsigned)(second / 60 % 60), (unsigned)(second % 60), (char)('a' + index / 676), (char)('a' + index / 26 % 26),
                                 (char)('a' + index % 26), message);
      }
    }
  }
  free_sessions(list);
  *length = used;
  return text;
}

#endif
