/*
 * A log agent: reads lines from standard input and prints every anomaly as one line of JSON: with "final":false as soon as a
 * line has made its session anomalous, and with "final":true when the session has ended.
 *
 *     cc -std=c99 agent.c -o agent $(pkg-config --cflags --libs birchlog)
 *     tail -F service.log | ./agent service.birchlog '{"idle_seconds":30}'
 *
 * The end of the input, SIGINT and SIGTERM end all open sessions, whose verdicts are printed before the program ends.
 */
#define _POSIX_C_SOURCE 200809L
#include <birchlog.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile sig_atomic_t stopped = 0;

static void stop(int signal_number) {
  (void)signal_number;
  stopped = 1;
}

/* Without SA_RESTART a signal interrupts the wait for the next line. */
static void stop_on_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = stop;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

static int complain(const char *what, birchlog_status status) {
  fprintf(stderr, "agent: %s: %s (%s)\n", what, birchlog_last_error(), birchlog_status_name(status));
  return 0;
}

/* Prints what is anomalous among the findings that have come in; 0 on failure. */
static int print_findings(birchlog_stream *stream) {
  birchlog_findings *findings = NULL;
  birchlog_status status = birchlog_stream_poll(stream, &findings);
  if (status != BIRCHLOG_OK) return complain("cannot classify", status);
  for (size_t index = 0; index < birchlog_findings_count(findings); index++) {
    birchlog_finding finding = {.struct_size = sizeof finding};
    birchlog_text *json = NULL;
    status = birchlog_findings_get(findings, index, &finding);
    if (status == BIRCHLOG_OK && !finding.anomalous) continue;
    if (status == BIRCHLOG_OK) status = birchlog_findings_json(findings, index, &json);
    if (status != BIRCHLOG_OK) break;
    puts(birchlog_text_data(json));
    birchlog_text_free(json);
  }
  birchlog_findings_free(findings);
  if (status != BIRCHLOG_OK) return complain("cannot read a finding", status);
  return fflush(stdout) == 0;
}

/* Reads until the input ends or a signal comes; 0 on failure. */
static int read_lines(birchlog_stream *stream) {
  char *line = NULL;
  size_t capacity = 0;
  int fine = 1;
  while (fine && !stopped) {
    ssize_t length = getline(&line, &capacity, stdin);
    if (length < 0) break;
    birchlog_status status = birchlog_stream_push(stream, line, (size_t)length);
    if (status == BIRCHLOG_ERROR_INPUT || status == BIRCHLOG_ERROR_LIMIT) {
      complain("line left out", status);
      continue;
    }
    if (status != BIRCHLOG_OK) fine = complain("cannot take a line", status);
    if (fine) fine = print_findings(stream);
  }
  if (ferror(stdin) && !stopped) {
    fprintf(stderr, "agent: cannot read standard input: %s\n", strerror(errno));
    fine = 0;
  }
  free(line);
  return fine;
}

static int print_statistics(birchlog_stream *stream) {
  birchlog_text *json = NULL;
  birchlog_status status = birchlog_stream_statistics(stream, &json);
  if (status != BIRCHLOG_OK) return complain("cannot count", status);
  fprintf(stderr, "agent: %s\n", birchlog_text_data(json));
  birchlog_text_free(json);
  return 1;
}

int main(int count, char **arguments) {
  if (count < 2 || count > 3) {
    fprintf(stderr, "usage: agent MODEL [OPTIONS] < LOG\n");
    return 2;
  }
  if (birchlog_abi_version() != BIRCHLOG_ABI_VERSION) {
    fprintf(stderr, "agent: built for ABI %u, found library %s\n", BIRCHLOG_ABI_VERSION, birchlog_version());
    return 3;
  }
  birchlog_model *model = NULL;
  birchlog_stream *stream = NULL;
  birchlog_status status = birchlog_model_load(arguments[1], &model);
  if (status == BIRCHLOG_OK) status = birchlog_stream_create(model, count == 3 ? arguments[2] : NULL, &stream);
  if (status != BIRCHLOG_OK) {
    complain("cannot start", status);
    birchlog_model_free(model);
    return 3;
  }
  stop_on_signals();
  int fine = read_lines(stream);
  status = birchlog_stream_flush(stream);
  if (status != BIRCHLOG_OK) fine = complain("cannot end the open sessions", status);
  fine = print_findings(stream) && print_statistics(stream) && fine;
  birchlog_stream_free(stream);
  birchlog_model_free(model);
  return fine ? 0 : 3;
}
