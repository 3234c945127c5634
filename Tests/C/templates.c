/* The template miner from C: lines become events, templates and parameters, and nothing is trained. */
#include <birchlog.h>

#include <stdio.h>
#include <string.h>

#include "check.h"

static int learn(birchlog_miner *miner, const char *line, int32_t expected) {
  int32_t event = -1;
  CHECK(birchlog_miner_learn_line(miner, line, strlen(line), &event) == BIRCHLOG_OK);
  CHECK(event == expected);
  return 0;
}

static int parses_as(birchlog_miner *miner, const char *line, const char *expected) {
  birchlog_text *json = NULL;
  CHECK(birchlog_miner_parse_line(miner, line, strlen(line), &json) == BIRCHLOG_OK);
  CHECK(strstr(birchlog_text_data(json), expected) != NULL);
  birchlog_text_free(json);
  return 0;
}

static int use(void) {
  birchlog_miner *miner = NULL;
  birchlog_text *text = NULL;
  int32_t event = 0;
  CHECK(birchlog_miner_create(NULL, &miner) == BIRCHLOG_OK);
  CHECK(learn(miner, "took 12ms", 1) == 0);
  CHECK(learn(miner, "disk full\n", 2) == 0);
  CHECK(learn(miner, "took 7ms", 1) == 0);
  CHECK(learn(miner, "", 0) == 0);
  CHECK(birchlog_miner_finish(miner) == BIRCHLOG_OK);
  CHECK(birchlog_miner_final_event(miner, 2, &event) == BIRCHLOG_OK && event == 2);
  CHECK(parses_as(miner, "took 99ms",
                  "\"event\":1,\"template\":\"took <*>\",\"parameters\":[{\"type\":\"duration\",\"value\":\"99ms\"}]") == 0);
  CHECK(parses_as(miner, "fan stopped", "\"event\":3,\"template\":\"fan stopped\"") == 0);
  CHECK(birchlog_miner_templates(miner, &text) == BIRCHLOG_OK);
  CHECK(strstr(birchlog_text_data(text), "\"count\":2,\"example\":\"took 12ms\"") != NULL);
  birchlog_text_free(text);
  CHECK(birchlog_miner_statistics(miner, &text) == BIRCHLOG_OK);
  CHECK(strstr(birchlog_text_data(text), "\"lines\":4,\"blank\":1,\"templates\":2") != NULL);
  birchlog_text_free(text);
  birchlog_miner_free(miner);
  return 0;
}

static int32_t count_lines(const char *lines, size_t length, void *context) {
  for (size_t i = 0; i < length; i += 1) *(size_t *)context += lines[i] == '\n';
  return 0;
}

static int32_t stop(const char *lines, size_t length, void *context) {
  (void)lines, (void)length, (void)context;
  return 1;
}

static int files(const char *folder) {
  char path[4096];
  snprintf(path, sizeof path, "%s/miner.log", folder);
  FILE *file = fopen(path, "w");
  CHECK(file != NULL);
  for (int i = 0; i < 5000; i += 1) fprintf(file, "request %d took %dms\n\n", i, i % 90);
  CHECK(fclose(file) == 0);
  birchlog_miner *miner = NULL;
  size_t count = 0;
  CHECK(birchlog_miner_create("{\"threads\":2}", &miner) == BIRCHLOG_OK);
  CHECK(birchlog_miner_learn_file(miner, path, NULL, NULL) == BIRCHLOG_OK);
  CHECK(birchlog_miner_finish(miner) == BIRCHLOG_OK);
  CHECK(birchlog_miner_parse_file(miner, path, count_lines, &count) == BIRCHLOG_OK);
  CHECK(count == 10000);
  CHECK(birchlog_miner_parse_file(miner, path, stop, NULL) == BIRCHLOG_ERROR_CANCELLED);
  CHECK(birchlog_miner_parse_file(miner, path, NULL, NULL) == BIRCHLOG_ERROR_ARGUMENT);
  CHECK(birchlog_miner_learn_file(miner, "/nonexistent/log", NULL, NULL) == BIRCHLOG_ERROR_IO);
  birchlog_miner_free(miner);
  return remove(path);
}

static int misuse(void) {
  birchlog_miner *miner = NULL;
  birchlog_text *text = NULL;
  CHECK(birchlog_miner_create("{\"no_such\":1}", &miner) == BIRCHLOG_ERROR_OPTION && miner == NULL);
  CHECK(birchlog_miner_create(NULL, NULL) == BIRCHLOG_ERROR_ARGUMENT);
  CHECK(birchlog_miner_from_model(NULL, &miner) == BIRCHLOG_ERROR_ARGUMENT);
  CHECK(birchlog_miner_create(NULL, &miner) == BIRCHLOG_OK);
  CHECK(birchlog_miner_learn_line(miner, NULL, 1, NULL) == BIRCHLOG_ERROR_ARGUMENT);
  CHECK(birchlog_miner_learn_line(miner, "a", BIRCHLOG_MAX_LINE_LENGTH + 1, NULL) == BIRCHLOG_ERROR_LIMIT);
  CHECK(birchlog_miner_parse_line(NULL, "a", 1, &text) == BIRCHLOG_ERROR_ARGUMENT && text == NULL);
  CHECK(birchlog_miner_parse_line(miner, "a", 1, NULL) == BIRCHLOG_ERROR_ARGUMENT);
  CHECK(birchlog_miner_templates(NULL, &text) == BIRCHLOG_ERROR_ARGUMENT);
  birchlog_miner_free(miner);
  birchlog_miner_free(NULL);
  return 0;
}

int main(int count, char **arguments) {
  CHECK(count == 2);
  CHECK(use() == 0);
  CHECK(files(arguments[1]) == 0);
  CHECK(misuse() == 0);
  return 0;
}
