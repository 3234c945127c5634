/*
 * Uses every function of birchlog.h as its comments say. Ends with 0 when all is well, with 1 and a message at the first check that
 * fails. Takes the path of an empty folder to write into.
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "logs.h"

#include <pthread.h>

static char folder[512];

static const char *in_folder(const char *name) {
  static char paths[4][600];
  static int next = 0;
  next = (next + 1) % 4;
  snprintf(paths[next], sizeof paths[next], "%s/%s", folder, name);
  return paths[next];
}

static int versions(void) {
  CHECK(strcmp(birchlog_version(), BIRCHLOG_VERSION) == 0);
  CHECK(birchlog_abi_version() == BIRCHLOG_ABI_VERSION);
  CHECK(birchlog_build_info()[0] == '{');
  CHECK(strstr(birchlog_option_table(), "{\"key\":\"window\",") != NULL);
  CHECK(strcmp(birchlog_status_name(BIRCHLOG_ERROR_INPUT), "input") == 0);
  CHECK(strcmp(birchlog_status_name(1), "unknown") == 0);
  CHECK(birchlog_last_error()[0] == '\0');
  return 0;
}

typedef struct {
  uint32_t calls;
  uint32_t cancel_at;
  birchlog_trainer *trainer;
} progress_log;

static int32_t note_progress(const birchlog_progress *progress, void *context) {
  progress_log *log = context;
  if (progress->struct_size != sizeof *progress || progress->stage == NULL || progress->stage[0] == '\0') abort();
  log->calls++;
  if (log->cancel_at == 0 || log->calls < log->cancel_at) return 0;
  if (log->trainer == NULL) return 1;
  birchlog_trainer_cancel(log->trainer);
  return 0;
}

/* A trainer with normal and mixed sessions. */
static int make_trainer(const char *options, birchlog_trainer **trainer) {
  session_list normal = make_sessions(1, 0), mixed = make_sessions(2, 1);
  CHECK_OK(birchlog_trainer_create(options, trainer));
  CHECK_OK(birchlog_trainer_add_sessions(*trainer, normal.events, normal.offsets, normal.count, BIRCHLOG_ROLE_NORMAL));
  CHECK_OK(birchlog_trainer_add_sessions(*trainer, mixed.events, mixed.offsets, mixed.count, BIRCHLOG_ROLE_MIXED));
  free_sessions(normal);
  free_sessions(mixed);
  return 0;
}

/* A cancelled training leaves a trainer that can be run again. */
static int train(birchlog_model **model) {
  birchlog_trainer *trainer = NULL;
  CHECK_PART(make_trainer(QUICK_OPTIONS, &trainer));
  progress_log from_callback = {0, 1, NULL}, from_handle = {0, 1, trainer}, whole = {0, 0, NULL};
  CHECK_STATUS(birchlog_trainer_run(trainer, note_progress, &from_callback, model), BIRCHLOG_ERROR_CANCELLED);
  CHECK(*model == NULL && from_callback.calls == 1);
  CHECK_STATUS(birchlog_trainer_run(trainer, note_progress, &from_handle, model), BIRCHLOG_ERROR_CANCELLED);
  CHECK(*model == NULL);
  CHECK_OK(birchlog_trainer_run(trainer, note_progress, &whole, model));
  CHECK(*model != NULL && whole.calls > 3);
  birchlog_trainer_free(trainer);
  return 0;
}

/* The same training on two threads, and a round trip through a file and through memory, give the same bytes. */
static int same_bytes(const birchlog_model *model) {
  birchlog_trainer *trainer = NULL;
  birchlog_model *again = NULL, *loaded = NULL, *from_memory = NULL;
  CHECK_PART(make_trainer("{\"hidden_size\":16,\"epochs\":30,\"threads\":2}", &trainer));
  CHECK_OK(birchlog_trainer_run(trainer, NULL, NULL, &again));
  birchlog_trainer_free(trainer);
  CHECK_OK(birchlog_model_save(model, in_folder("first.birchlog")));
  CHECK_OK(birchlog_model_save(again, in_folder("again.birchlog")));
  file_bytes first = read_file(in_folder("first.birchlog")), second = read_file(in_folder("again.birchlog"));
  CHECK(first.length > 1000 && first.length == second.length && memcmp(first.bytes, second.bytes, first.length) == 0);

  CHECK_OK(birchlog_model_load(in_folder("first.birchlog"), &loaded));
  CHECK_OK(birchlog_model_load_memory(first.bytes, first.length, &from_memory));
  CHECK_OK(birchlog_model_save(loaded, in_folder("loaded.birchlog")));
  CHECK_OK(birchlog_model_save(from_memory, in_folder("memory.birchlog")));
  file_bytes third = read_file(in_folder("loaded.birchlog")), fourth = read_file(in_folder("memory.birchlog"));
  CHECK(first.length == third.length && memcmp(first.bytes, third.bytes, first.length) == 0);
  CHECK(first.length == fourth.length && memcmp(first.bytes, fourth.bytes, first.length) == 0);
  birchlog_model_free(again);
  birchlog_model_free(loaded);
  birchlog_model_free(from_memory);
  free(first.bytes);
  free(second.bytes);
  free(third.bytes);
  free(fourth.bytes);
  return 0;
}

/* Every faulty session is found, and few of the others. */
static int classify_sessions(const birchlog_model *model) {
  session_list sessions = make_sessions(3, 1);
  birchlog_findings *findings = NULL;
  CHECK_OK(birchlog_classify_sessions(model, sessions.events, sessions.offsets, sessions.count, &findings));
  CHECK(birchlog_findings_count(findings) == sessions.count);
  size_t found = 0, missed = 0, wrong = 0;
  for (size_t index = 0; index < sessions.count; index++) {
    birchlog_finding finding = {.struct_size = sizeof finding};
    char id[24];
    snprintf(id, sizeof id, "%zu", index);
    CHECK_OK(birchlog_findings_get(findings, index, &finding));
    CHECK(strcmp(finding.session, id) == 0 && finding.window == -1 && finding.first_line == 0 && finding.last_line == 0);
    CHECK(finding.event_count == sessions.offsets[index + 1] - sessions.offsets[index]);
    CHECK(finding.confidence >= 0 && finding.confidence <= 1 && finding.kind[0] != '\0' && finding.name == NULL);
    CHECK(finding.anomalous == (finding.score > finding.threshold) && finding.open == 0 && finding.early == 0);
    int faulty = index % FAULT_EVERY == 0;
    found += faulty && finding.anomalous;
    missed += faulty && !finding.anomalous;
    wrong += !faulty && finding.anomalous;
    if (index == 0) {
      birchlog_text *json = NULL;
      CHECK_OK(birchlog_findings_json(findings, index, &json));
      CHECK(strchr(birchlog_text_data(json), '\n') == NULL);
      CHECK(take_contains(json, "\"evidence\""));
      CHECK_OK(birchlog_findings_explain(findings, index, NULL, &json));
      CHECK(take_contains(json, "\"summary\""));
      CHECK_OK(birchlog_findings_explain(findings, index, "{\"parts\":[\"signature\"],\"lines\":0}", &json));
      CHECK(take_contains(json, "\"signature\":["));
    }
  }
  fprintf(stderr, "  %zu faulty sessions found, %zu missed, %zu normal ones reported\n", found, missed, wrong);
  CHECK(missed == 0 && wrong * 10 < sessions.count);
  birchlog_findings_free(findings);
  free_sessions(sessions);
  return 0;
}

static int classify_windows(const birchlog_model *model) {
  const int32_t windows[2][10] = {{1, 2, 3, 5, 5, 5, 5, 5, 5, 5}, {1, 2, 3, INT32_MAX, 5, 0, 900, 6, 7, 1}};
  birchlog_findings *findings = NULL;
  birchlog_finding finding = {.struct_size = sizeof finding};
  CHECK_OK(birchlog_classify_windows(model, windows[0], 2, 10, &findings));
  CHECK(birchlog_findings_count(findings) == 2);
  CHECK_OK(birchlog_findings_get(findings, 1, &finding));
  CHECK(finding.anomalous == 1 && finding.window >= 0 && finding.event_count == 10);
  birchlog_findings_free(findings);
  CHECK_OK(birchlog_classify_windows(model, NULL, 0, 10, &findings));
  CHECK(birchlog_findings_count(findings) == 0);
  birchlog_findings_free(findings);
  return 0;
}

/* The first kind that is not normal, as its id. */
static int any_kind(const birchlog_model *model, char *kind, size_t size) {
  session_list sessions = make_sessions(3, 1);
  birchlog_findings *findings = NULL;
  CHECK_OK(birchlog_classify_sessions(model, sessions.events, sessions.offsets, sessions.count, &findings));
  kind[0] = '\0';
  for (size_t index = 0; index < birchlog_findings_count(findings); index++) {
    birchlog_finding finding = {.struct_size = sizeof finding};
    CHECK_OK(birchlog_findings_get(findings, index, &finding));
    if (finding.anomalous && strcmp(finding.kind, "unknown") != 0) snprintf(kind, size, "%s", finding.kind);
  }
  birchlog_findings_free(findings);
  free_sessions(sessions);
  CHECK(kind[0] == 'k');
  return 0;
}

/* Merges two kinds, marks the one that remains, and takes both back. */
static int edit_kinds(const birchlog_model *model) {
  birchlog_model *merged = NULL, *marked = NULL, *alarming = NULL, *parted = NULL;
  birchlog_text *json = NULL;
  const char *kinds[2] = {"k1", "k2"};
  CHECK_OK(birchlog_model_kinds_merge(model, kinds, 2, &merged));
  CHECK_OK(birchlog_model_kinds_mark_normal(merged, "k1", 1, &marked));
  CHECK_OK(birchlog_model_kinds_show(marked, "k2", &json));
  CHECK(take_contains(json, "\"state\":\"marked\""));
  CHECK_OK(birchlog_model_kinds_journal(marked, &json));
  CHECK(take_contains(json, "\"verb\":\"merge\",\"kind\":\"k1\",\"kinds\":[\"k2\"]"));
  birchlog_text *exported = NULL;
  birchlog_model *imported = NULL;
  CHECK_OK(birchlog_model_kinds_export(marked, &exported));
  CHECK_OK(birchlog_model_kinds_import(
      model, birchlog_text_data(exported), birchlog_text_length(exported), &json, &imported));
  CHECK(take_contains(json, "\"applied\":[\"merge\",\"mark\"]"));
  CHECK_OK(birchlog_model_kinds_show(imported, "k2", &json));
  CHECK(take_contains(json, "\"state\":\"marked\""));
  birchlog_text_free(exported);
  birchlog_model_free(imported);
  char kind[32];
  CHECK_PART(any_kind(marked, kind, sizeof kind));
  CHECK(strcmp(kind, "k1") != 0 && strcmp(kind, "k2") != 0);
  CHECK_OK(birchlog_model_kinds_undo(marked, "k1", "mark", &alarming));
  CHECK_OK(birchlog_model_kinds_undo(alarming, "k1", "merge", &parted));
  CHECK_OK(birchlog_model_kinds(parted, &json));
  CHECK(take_contains(json, "\"id\":\"k2\""));
  birchlog_model_free(merged);
  birchlog_model_free(marked);
  birchlog_model_free(alarming);
  birchlog_model_free(parted);
  return 0;
}

/* A name makes a new model and survives a refit; the old model stays as it was. */
static int name_and_refit(const birchlog_model *model) {
  char kind[32];
  birchlog_model *named = NULL, *refitted = NULL, *unnamed = NULL;
  birchlog_text *json = NULL;
  CHECK_PART(any_kind(model, kind, sizeof kind));
  CHECK_OK(birchlog_model_name_kind(model, kind, "Zebrafehler \xc3\xa4", &named));
  CHECK_OK(birchlog_model_kinds(named, &json));
  CHECK(take_contains(json, "Zebrafehler \xc3\xa4"));
  CHECK_OK(birchlog_model_kinds(model, &json));
  CHECK(!take_contains(json, "Zebrafehler"));
  CHECK_OK(birchlog_model_describe(model, &json));
  CHECK(take_contains(json, "\"threshold\""));

  birchlog_trainer *trainer = NULL;
  session_list more = make_sessions(4, 1);
  CHECK_OK(birchlog_trainer_create(NULL, &trainer));
  CHECK_OK(birchlog_trainer_add_sessions(trainer, more.events, more.offsets, more.count, BIRCHLOG_ROLE_MIXED));
  CHECK_OK(birchlog_trainer_refit(trainer, named, NULL, NULL, &refitted));
  CHECK_OK(birchlog_model_kinds(refitted, &json));
  CHECK(take_contains(json, "Zebrafehler"));
  CHECK_OK(birchlog_model_name_kind(named, kind, NULL, &unnamed));
  CHECK_OK(birchlog_model_kinds(unnamed, &json));
  CHECK(!take_contains(json, "Zebrafehler"));
  birchlog_trainer_free(trainer);
  free_sessions(more);
  birchlog_model_free(named);
  birchlog_model_free(refitted);
  birchlog_model_free(unnamed);
  return 0;
}

static int32_t stop_at_once(const birchlog_progress *progress, void *context) {
  (void)progress;
  (void)context;
  return 1;
}

/* An update keeps kinds and names, learns what it is given as normal, and can be cancelled. */
static int learn_on(const birchlog_model *model) {
  char kind[32];
  birchlog_model *named = NULL, *updated = NULL, *again = NULL;
  birchlog_text *json = NULL;
  birchlog_trainer *trainer = NULL;
  session_list clean = make_sessions(8, 0), more = make_sessions(9, 1);
  CHECK_PART(any_kind(model, kind, sizeof kind));
  CHECK_OK(birchlog_model_name_kind(model, kind, "Zebrafehler", &named));
  CHECK_OK(birchlog_trainer_create("{\"half_life\": 1000, \"threads\": 1}", &trainer));
  CHECK_STATUS(birchlog_model_update(named, trainer, NULL, NULL, &updated), BIRCHLOG_ERROR_INPUT);
  CHECK_OK(birchlog_trainer_add_sessions(trainer, clean.events, clean.offsets, clean.count, BIRCHLOG_ROLE_NORMAL));
  CHECK_OK(birchlog_trainer_add_sessions(trainer, more.events, more.offsets, more.count, BIRCHLOG_ROLE_MIXED));
  CHECK_STATUS(birchlog_model_update(NULL, trainer, NULL, NULL, &updated), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_update(named, NULL, NULL, NULL, &updated), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_update(named, trainer, NULL, NULL, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_update(named, trainer, stop_at_once, NULL, &updated), BIRCHLOG_ERROR_CANCELLED);
  CHECK(updated == NULL);
  CHECK_OK(birchlog_model_update(named, trainer, NULL, NULL, &updated));
  CHECK_OK(birchlog_model_kinds(updated, &json));
  CHECK(take_contains(json, "Zebrafehler"));
  CHECK_OK(birchlog_model_describe(updated, &json));
  CHECK(take_contains(json, "\"updates\":[{\"number\":1,"));
  CHECK_OK(birchlog_model_update(updated, trainer, NULL, NULL, &again));
  CHECK_OK(birchlog_model_describe(again, &json));
  CHECK(take_contains(json, "{\"number\":2,"));
  birchlog_trainer_free(trainer);

  /* What an update goes on from cannot change in it. */
  CHECK_OK(birchlog_trainer_create("{\"window\": 5}", &trainer));
  CHECK_OK(birchlog_trainer_add_sessions(trainer, clean.events, clean.offsets, clean.count, BIRCHLOG_ROLE_NORMAL));
  CHECK_STATUS(birchlog_model_update(named, trainer, NULL, NULL, &updated), BIRCHLOG_ERROR_OPTION);
  birchlog_trainer_free(trainer);
  free_sessions(clean);
  free_sessions(more);
  birchlog_model_free(named);
  birchlog_model_free(updated);
  birchlog_model_free(again);
  return 0;
}

/* A model of raw lines, trained from a file and from memory. */
static int train_on_lines(birchlog_model **model) {
  birchlog_trainer *trainer = NULL;
  size_t normal_length = 0, mixed_length = 0;
  char *normal = make_lines(1, 0, &normal_length), *mixed = make_lines(2, 1, &mixed_length);
  CHECK(write_file(in_folder("normal.log"), normal, normal_length));
  CHECK(write_file(in_folder("mixed.log"), mixed, mixed_length));
  CHECK_OK(birchlog_trainer_create(QUICK_LINES, &trainer));
  CHECK_OK(birchlog_trainer_add_file(trainer, in_folder("normal.log"), BIRCHLOG_ROLE_NORMAL));
  CHECK_OK(birchlog_trainer_add_lines(trainer, mixed, mixed_length, BIRCHLOG_ROLE_MIXED));
  CHECK_OK(birchlog_trainer_run(trainer, NULL, NULL, model));
  birchlog_trainer_free(trainer);
  free(normal);
  free(mixed);
  return 0;
}

typedef struct {
  size_t units;
  size_t anomalous;
  int stop;
} tally;

static int32_t count_findings(const birchlog_findings *findings, void *context) {
  tally *sum = context;
  for (size_t index = 0; index < birchlog_findings_count(findings); index++) {
    birchlog_finding finding = {.struct_size = sizeof finding};
    if (birchlog_findings_get(findings, index, &finding) != BIRCHLOG_OK) abort();
    if (finding.early) continue;
    sum->units++;
    sum->anomalous += finding.anomalous != 0;
  }
  return sum->stop;
}

/* Lines as a buffer, as a file and through a stream: the same verdicts. */
static int classify_lines(birchlog_model *model) {
  size_t length = 0;
  char *lines = make_lines(3, 1, &length);
  birchlog_findings *findings = NULL;
  tally buffered = {0, 0, 0}, filed = {0, 0, 0}, streamed = {0, 0, 0}, stopped = {0, 0, 1};
  CHECK_OK(birchlog_classify_lines(model, lines, length, NULL, &findings));
  count_findings(findings, &buffered);
  birchlog_findings_free(findings);
  /* The faults are those of the sessions of events, and none but the lines' own words may become events. */
  CHECK(buffered.units == SESSION_COUNT && buffered.anomalous >= SESSION_COUNT / FAULT_EVERY);

  CHECK(write_file(in_folder("input.log"), lines, length));
  const char *path = in_folder("input.log");
  CHECK_OK(birchlog_classify_files(model, &path, 1, NULL, count_findings, &filed));
  CHECK(filed.units == buffered.units && filed.anomalous == buffered.anomalous);
  CHECK_STATUS(birchlog_classify_files(model, &path, 1, NULL, count_findings, &stopped), BIRCHLOG_ERROR_CANCELLED);
  birchlog_stream *whole = NULL;
  birchlog_text *counts = NULL;
  tally through = {0, 0, 0};
  CHECK_OK(birchlog_stream_create(model, NULL, &whole));
  CHECK_OK(birchlog_stream_files(whole, &path, 1, count_findings, &through));
  CHECK(through.units == filed.units && through.anomalous == filed.anomalous);
  CHECK_OK(birchlog_stream_statistics(whole, &counts));
  CHECK(take_contains(counts, "\"unassigned\":0"));
  birchlog_stream_free(whole);

  /* The stream keeps the model alive when the caller gives it up. */
  birchlog_stream *stream = NULL;
  birchlog_text *json = NULL;
  CHECK(birchlog_model_retain(model) == model);
  CHECK_OK(birchlog_stream_create(model, "{\"idle_seconds\":60}", &stream));
  birchlog_model_free(model);
  for (char *line = lines; line < lines + length;) {
    char *end = memchr(line, '\n', (size_t)(lines + length - line));
    CHECK(end != NULL);
    CHECK_OK(birchlog_stream_push(stream, line, (size_t)(end + 1 - line)));
    CHECK_OK(birchlog_stream_poll(stream, &findings));
    count_findings(findings, &streamed);
    birchlog_findings_free(findings);
    line = end + 1;
  }
  CHECK(streamed.units > 0 && streamed.units < SESSION_COUNT);
  CHECK_OK(birchlog_stream_flush(stream));
  CHECK_OK(birchlog_stream_poll(stream, &findings));
  count_findings(findings, &streamed);
  birchlog_findings_free(findings);
  CHECK(streamed.units == buffered.units && streamed.anomalous == buffered.anomalous);
  CHECK_OK(birchlog_stream_statistics(stream, &json));
  CHECK(take_contains(json, "\"assigned\""));
  birchlog_stream_free(stream);
  free(lines);
  return 0;
}

static int evaluate(const birchlog_model *model) {
  char truth[SESSION_COUNT * 16 + 16] = "id,kind\n";
  static const char *const kinds[] = {"normal", "disk", "loop", "cut"};
  size_t used = strlen(truth);
  for (size_t index = 0; index < SESSION_COUNT; index++) {
    const char *kind = index % FAULT_EVERY == 0 ? kinds[1 + index / FAULT_EVERY % 3] : kinds[0];
    used += (size_t)snprintf(truth + used, sizeof truth - used, "%c%c%c,%s\n", (char)('a' + index / 676), (char)('a' + index / 26 % 26),
                             (char)('a' + index % 26), kind);
  }
  CHECK(write_file(in_folder("truth.csv"), truth, used));
  const char *path = in_folder("input.log");
  birchlog_text *json = NULL;
  CHECK_OK(birchlog_model_evaluate(model, in_folder("truth.csv"), &path, 1, NULL, &json));
  CHECK(take_contains(json, "\"detection\""));
  CHECK_OK(birchlog_model_inspect(model, &path, 1, NULL, in_folder("features.npy"), in_folder("labels.npy")));
  CHECK_OK(birchlog_model_inspect(model, NULL, 0, NULL, in_folder("trained.npy"), NULL));
  const char *const arrays[] = {"features.npy", "labels.npy", "trained.npy"};
  for (size_t index = 0; index < 3; index++) {
    file_bytes array = read_file(in_folder(arrays[index]));
    CHECK(array.length > 64 && memcmp(array.bytes, "\x93NUMPY", 6) == 0);
    free(array.bytes);
  }
  return 0;
}

typedef struct {
  const birchlog_model *model;
  double sum;
  int failed;
} shared_use;

static void *classify_on_thread(void *context) {
  shared_use *use = context;
  session_list sessions = make_sessions(5, 1);
  /* No call of this thread has failed yet, whatever other threads did. */
  use->failed = birchlog_last_error()[0] != '\0';
  for (int round = 0; round < 20 && !use->failed; round++) {
    birchlog_findings *findings = NULL;
    use->sum = 0;
    use->failed = birchlog_classify_sessions(use->model, sessions.events, sessions.offsets, sessions.count, &findings) != BIRCHLOG_OK;
    for (size_t index = 0; index < birchlog_findings_count(findings) && !use->failed; index++) {
      birchlog_finding finding = {.struct_size = sizeof finding};
      use->failed = birchlog_findings_get(findings, index, &finding) != BIRCHLOG_OK;
      use->sum += finding.score;
    }
    birchlog_findings_free(findings);
  }
  free_sessions(sessions);
  return NULL;
}

static int share_between_threads(const birchlog_model *model) {
  shared_use uses[2] = {{model, 0, 0}, {model, 0, 0}};
  pthread_t threads[2];
  birchlog_model *none = NULL;
  CHECK_STATUS(birchlog_model_load("/no/such/model", &none), BIRCHLOG_ERROR_IO);
  for (int index = 0; index < 2; index++) CHECK(pthread_create(&threads[index], NULL, classify_on_thread, &uses[index]) == 0);
  for (int index = 0; index < 2; index++) CHECK(pthread_join(threads[index], NULL) == 0);
  CHECK(!uses[0].failed && !uses[1].failed && uses[0].sum > 0 && uses[0].sum == uses[1].sum);
  return 0;
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: use FOLDER\n");
    return 2;
  }
  snprintf(folder, sizeof folder, "%s", arguments[1]);
  birchlog_model *model = NULL, *line_model = NULL;
  CHECK_PART(versions());
  CHECK_PART(train(&model));
  CHECK_PART(same_bytes(model));
  CHECK_PART(classify_sessions(model));
  CHECK_PART(classify_windows(model));
  CHECK_PART(name_and_refit(model));
  CHECK_PART(edit_kinds(model));
  CHECK_PART(learn_on(model));
  CHECK_PART(train_on_lines(&line_model));
  CHECK_PART(classify_lines(line_model));
  CHECK_PART(evaluate(line_model));
  CHECK_PART(share_between_threads(model));
  birchlog_model_free(model);
  birchlog_model_free(line_model);
  return 0;
}
