/*
 * Misuses streams and their snapshots: each call gives the status that the header names, leaves its output alone and its handle usable.
 * Takes the path of an empty folder to write into.
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "logs.h"
#include "misuse.h"

static int train_on_lines(birchlog_model **model) {
  birchlog_trainer *trainer = NULL;
  size_t length = 0;
  char *lines = make_lines(1, 0, &length);
  CHECK_OK(birchlog_trainer_create(QUICK_LINES, &trainer));
  CHECK_OK(birchlog_trainer_add_lines(trainer, lines, length, BIRCHLOG_ROLE_NORMAL));
  CHECK_OK(birchlog_trainer_run(trainer, NULL, NULL, model));
  birchlog_trainer_free(trainer);
  free(lines);
  return 0;
}

/* Takes what a stream has found; early findings aside it is `expected` units. */
static int take_final(birchlog_stream *stream, size_t expected) {
  birchlog_findings *findings = NULL;
  size_t units = 0;
  CHECK_OK(birchlog_stream_poll(stream, &findings));
  for (size_t index = 0; index < birchlog_findings_count(findings); index++) {
    birchlog_finding finding = {.struct_size = sizeof finding};
    CHECK_OK(birchlog_findings_get(findings, index, &finding));
    CHECK(!finding.early || finding.anomalous);
    units += !finding.early;
  }
  birchlog_findings_free(findings);
  CHECK(units == expected);
  return 0;
}

/* Snapshots that are cut, changed anywhere or missing are refused, and leave the stream usable. */
static int misuse_restore(birchlog_model *model) {
  file_bytes snapshot = read_file(in_folder("state"));
  birchlog_stream *stream = NULL;
  birchlog_text *mark = UNTOUCHED(birchlog_text);
  CHECK_OK(birchlog_stream_create(model, NULL, &stream));
  CHECK_STATUS(birchlog_stream_restore(stream, in_folder("missing"), &mark), BIRCHLOG_ERROR_IO);
  for (size_t index = 0; index < snapshot.length; index++) {
    snapshot.bytes[index] ^= 0x20;
    CHECK(write_file(in_folder("damaged"), (const char *)snapshot.bytes, snapshot.length));
    CHECK_STATUS(birchlog_stream_restore(stream, in_folder("damaged"), &mark), BIRCHLOG_ERROR_INPUT);
    snapshot.bytes[index] ^= 0x20;
    CHECK(write_file(in_folder("damaged"), (const char *)snapshot.bytes, index));
    CHECK_STATUS(birchlog_stream_restore(stream, in_folder("damaged"), &mark), BIRCHLOG_ERROR_INPUT);
  }
  CHECK(mark == UNTOUCHED(birchlog_text));
  CHECK_OK(birchlog_stream_restore(stream, in_folder("state"), &mark));
  CHECK(strcmp(birchlog_text_data(mark), "here") == 0);
  birchlog_text_free(mark);
  CHECK_OK(birchlog_stream_finish(stream));
  CHECK_PART(take_final(stream, 2));
  birchlog_stream_free(stream);
  free(snapshot.bytes);
  return 0;
}

/* A stream goes through every misuse, takes lines of noise, and still counts. */
static int misuse_stream(birchlog_model *model) {
  static const char *const options[] = {"[]", "{\"idle_seconds\":-1}", "{\"max_sessions\":0}", "{\"max_bytes\":\"all\"}", "{\"session\":\"[\"}",
                                        "{\"session\":7}", "{\"kinds\":3}", "{\"idle_seconds\":1e400}"};
  birchlog_stream *stream = UNTOUCHED(birchlog_stream);
  birchlog_text *text = NULL;
  for (size_t index = 0; index < sizeof options / sizeof *options; index++) {
    birchlog_status status = birchlog_stream_create(model, options[index], &stream);
    if (status != BIRCHLOG_ERROR_OPTION) fprintf(stderr, "options %s\n", options[index]);
    CHECK_STATUS(status, BIRCHLOG_ERROR_OPTION);
    CHECK(stream == UNTOUCHED(birchlog_stream));
  }
  CHECK_STATUS(birchlog_stream_create(model, NULL, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_OK(birchlog_stream_create(model, "{\"session\":\"job=([a-z]+)\",\"max_sessions\":2}", &stream));
  CHECK_STATUS(birchlog_stream_push(stream, NULL, 4), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_stream_push(stream, "a", (size_t)BIRCHLOG_MAX_LINE_LENGTH + 1), BIRCHLOG_ERROR_LIMIT);
  CHECK_STATUS(birchlog_stream_push(stream, "a", SIZE_MAX), BIRCHLOG_ERROR_LIMIT);
  CHECK_STATUS(birchlog_stream_poll(stream, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_stream_statistics(stream, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_OK(birchlog_stream_push(stream, NULL, 0));
  CHECK_OK(birchlog_stream_push(stream, "\n", 1));
  CHECK_OK(birchlog_stream_push(stream, "job=abc \xff\xfe\x00 noise", 17));
  CHECK_OK(birchlog_stream_push(stream, "job=abd more", 12));
  CHECK_OK(birchlog_stream_push(stream, "job=abe evicts the first", 24));
  CHECK_STATUS(birchlog_stream_snapshot(stream, in_folder("state"), NULL, 0), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_PART(take_final(stream, 1));
  CHECK_STATUS(birchlog_stream_snapshot(stream, "/no/such/folder/state", NULL, 0), BIRCHLOG_ERROR_IO);
  CHECK_STATUS(birchlog_stream_snapshot(stream, NULL, NULL, 0), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_stream_snapshot(stream, in_folder("state"), "x", BIRCHLOG_MAX_MARK_LENGTH + 1), BIRCHLOG_ERROR_LIMIT);
  CHECK_OK(birchlog_stream_snapshot(stream, in_folder("state"), "here", 4));
  CHECK_STATUS(birchlog_stream_restore(stream, in_folder("state"), &text), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_PART(misuse_restore(model));
  CHECK_OK(birchlog_stream_finish(stream));
  CHECK_OK(birchlog_stream_flush(stream));
  CHECK_PART(take_final(stream, 2));
  CHECK_OK(birchlog_stream_statistics(stream, &text));
  CHECK(strstr(birchlog_text_data(text), "\"lines\"") != NULL);
  CHECK(take_contains(text, "\"sessions_evicted\":1"));
  birchlog_stream_free(stream);
  return 0;
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: misuse_streams FOLDER\n");
    return 2;
  }
  snprintf(folder, sizeof folder, "%s", arguments[1]);
  birchlog_model *model = NULL;
  CHECK_PART(train_on_lines(&model));
  CHECK_PART(misuse_stream(model));
  birchlog_model_free(model);
  return 0;
}
