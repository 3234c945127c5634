/* What the programs of this folder share: checks that name themselves, and files read and written in one piece. */
#ifndef CHECK_H
#define CHECK_H

#include <birchlog.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Returns 1 from the calling function, after saying which check failed and what the library said last. */
#define CHECK(condition)                                                                                   \
  do {                                                                                                     \
    if (!(condition)) {                                                                                    \
      fprintf(stderr, "%s:%d: failed: %s\n  last error: %s\n", __FILE__, __LINE__, #condition, birchlog_last_error()); \
      return 1;                                                                                            \
    }                                                                                                      \
  } while (0)

/* The call gives this status; a failure comes with a message. */
#define CHECK_STATUS(call, expected)                                                                       \
  do {                                                                                                     \
    birchlog_status status_ = (call);                                                                      \
    if (status_ != (expected)) {                                                                           \
      fprintf(stderr, "%s:%d: %s\n  gives \"%s\" in place of \"%s\"\n  last error: %s\n", __FILE__, __LINE__, #call, \
              birchlog_status_name(status_), birchlog_status_name(expected), birchlog_last_error());       \
      return 1;                                                                                            \
    }                                                                                                      \
    if (status_ != BIRCHLOG_OK && birchlog_last_error()[0] == '\0') {                                      \
      fprintf(stderr, "%s:%d: %s\n  fails without a message\n", __FILE__, __LINE__, #call);                \
      return 1;                                                                                            \
    }                                                                                                      \
  } while (0)

#define CHECK_OK(call) CHECK_STATUS(call, BIRCHLOG_OK)

/* Runs a part of the program and passes its failure on. */
#define CHECK_PART(call)          \
  do {                            \
    fprintf(stderr, "%s\n", #call); \
    if ((call) != 0) return 1;    \
  } while (0)

typedef struct {
  uint8_t *bytes;
  size_t length;
} file_bytes;

/* A file's bytes, which the caller frees; NULL when it cannot be read. */
static inline file_bytes read_file(const char *path) {
  file_bytes file = {NULL, 0};
  FILE *stream = fopen(path, "rb");
  if (stream == NULL) return file;
  fseek(stream, 0, SEEK_END);
  long length = ftell(stream);
  rewind(stream);
  if (length >= 0) file.bytes = (uint8_t *)malloc((size_t)length + 1);
  if (file.bytes != NULL) file.length = fread(file.bytes, 1, (size_t)length, stream);
  fclose(stream);
  return file;
}

static inline int write_file(const char *path, const void *bytes, size_t length) {
  FILE *stream = fopen(path, "wb");
  if (stream == NULL) return 0;
  size_t written = fwrite(bytes, 1, length, stream);
  return fclose(stream) == 0 && written == length;
}

/* The text's bytes contain the word; frees the text. */
static inline int take_contains(birchlog_text *text, const char *word) {
  int found = strstr(birchlog_text_data(text), word) != NULL && birchlog_text_length(text) == strlen(birchlog_text_data(text));
  birchlog_text_free(text);
  return found;
}

#endif
