/*
 * Misuses every function of birchlog.h that checks its arguments: each call gives the status that the header names, leaves its output
 * alone and its handle usable. Takes the path of an empty folder to write into.
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "logs.h"
#include "misuse.h"

static int32_t go_on(const birchlog_findings *findings, void *context) {
  (void)findings;
  (void)context;
  return 0;
}

/* NULL in the place of a handle. */
static int null_handles(void) {
  birchlog_model *model = UNTOUCHED(birchlog_model);
  birchlog_findings *findings = UNTOUCHED(birchlog_findings);
  birchlog_stream *stream = UNTOUCHED(birchlog_stream);
  birchlog_text *text = UNTOUCHED(birchlog_text);
  birchlog_file_lock *lock = UNTOUCHED(birchlog_file_lock);
  birchlog_finding finding = {.struct_size = sizeof finding};
  const int32_t events[2] = {1, 2};
  const size_t offsets[2] = {0, 2};
  const char *path = "/dev/null";
  CHECK_STATUS(birchlog_model_save(NULL, "/dev/null"), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_describe(NULL, &text), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds(NULL, &text), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_name_kind(NULL, "k1", "name", &model), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_show(NULL, "k1", &text), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_journal(NULL, &text), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_note(NULL, "k1", "note", &model), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_merge(NULL, &path, 1, &model), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_split(NULL, "k1", NULL, 0, &model), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_mark_normal(NULL, "k1", 1, &model), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_undo(NULL, "k1", "merge", &model), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_export(NULL, &text), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_import(NULL, "{}", 2, &text, &model), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_file_lock_take(NULL, 0, &lock), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_file_lock_take("/dev/null", 0, NULL), BIRCHLOG_ERROR_ARGUMENT);
  birchlog_file_lock_release(NULL);
  CHECK_STATUS(birchlog_classify_windows(NULL, events, 1, 2, &findings), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_classify_sessions(NULL, events, offsets, 1, &findings), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_classify_lines(NULL, "a", 1, NULL, &findings), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_classify_files(NULL, &path, 1, NULL, go_on, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_findings_get(NULL, 0, &finding), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_findings_json(NULL, 0, &text), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_findings_explain(NULL, 0, NULL, &text), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_findings_keep(NULL, &findings), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_stream_create(NULL, NULL, &stream), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_stream_push(NULL, "a", 1), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_stream_files(NULL, &path, 1, go_on, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_stream_poll(NULL, &findings), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_stream_flush(NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_stream_finish(NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_stream_snapshot(NULL, "state", NULL, 0), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_stream_restore(NULL, "state", &text), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_stream_statistics(NULL, &text), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_trainer_add_file(NULL, "/dev/null", BIRCHLOG_ROLE_MIXED), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_trainer_add_lines(NULL, "a", 1, BIRCHLOG_ROLE_MIXED), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_trainer_add_sessions(NULL, events, offsets, 1, BIRCHLOG_ROLE_MIXED), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_trainer_run(NULL, NULL, NULL, &model), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_trainer_refit(NULL, NULL, NULL, NULL, &model), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_update(NULL, NULL, NULL, NULL, &model), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_evaluate(NULL, "/dev/null", &path, 1, NULL, &text), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_inspect(NULL, &path, 1, NULL, NULL, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK(model == UNTOUCHED(birchlog_model) && findings == UNTOUCHED(birchlog_findings));
  CHECK(stream == UNTOUCHED(birchlog_stream) && text == UNTOUCHED(birchlog_text) && lock == UNTOUCHED(birchlog_file_lock));

  CHECK(birchlog_findings_count(NULL) == 0);
  CHECK(birchlog_text_data(NULL)[0] == '\0' && birchlog_text_length(NULL) == 0);
  CHECK(birchlog_model_retain(NULL) == NULL);
  birchlog_model_free(NULL);
  birchlog_text_free(NULL);
  birchlog_findings_free(NULL);
  birchlog_stream_free(NULL);
  birchlog_trainer_free(NULL);
  birchlog_trainer_cancel(NULL);
  return 0;
}

static int bad_options(void) {
  static const char *const options[] = {
      "",           "{",     "[]",   "3",   "null",  "{\"no_such_option\":1}", "{\"window\":0}",     "{\"window\":257}",
      "{\"window\":\"ten\"}",        "{\"epochs\":-1}", "{\"epochs\":1e300}",    "{\"hidden_size\":99999999999}",
      "{\"seed\":-1}",               "{\"threads\":1e99}", "{\"preset\":\"other\"}", "{\"session\":\"(\"}",
      "{\"loss_weights\":[1,1,1]}",  "{\"loss_weights\":[]}", "{\"false_positive_rate\":2}", "{\"dropout\":1.5}",
      "{\"kinds\":0}",               "{\"kinds\":\"many\"}", "{\"branching\":1}", "{\"distance\":\"d9\"}",
      "{\"attention_heads\":3}",     "{\"learning_rate\":0}", "{\"hidden_size\":16} x", "{\"unit\":7}"};
  birchlog_trainer *trainer = UNTOUCHED(birchlog_trainer);
  for (size_t index = 0; index < sizeof options / sizeof *options; index++) {
    birchlog_status status = birchlog_trainer_create(options[index], &trainer);
    if (status != BIRCHLOG_ERROR_OPTION) fprintf(stderr, "options %s\n", options[index]);
    CHECK_STATUS(status, BIRCHLOG_ERROR_OPTION);
    CHECK(trainer == UNTOUCHED(birchlog_trainer));
  }
  char *deep = malloc(BIRCHLOG_MAX_OPTIONS_LENGTH + 2);
  CHECK(deep != NULL);
  memset(deep, '[', BIRCHLOG_MAX_OPTIONS_LENGTH + 1);
  deep[BIRCHLOG_MAX_OPTIONS_LENGTH + 1] = '\0';
  CHECK_STATUS(birchlog_trainer_create(deep, &trainer), BIRCHLOG_ERROR_LIMIT);
  deep[BIRCHLOG_MAX_OPTIONS_LENGTH - 1] = '\0';
  CHECK_STATUS(birchlog_trainer_create(deep, &trainer), BIRCHLOG_ERROR_OPTION);
  free(deep);
  CHECK_STATUS(birchlog_trainer_create(NULL, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK(trainer == UNTOUCHED(birchlog_trainer));
  return 0;
}

/* Session lists that a call must refuse, given to training or, with a model, to classification. */
static int refuse_sessions(birchlog_trainer *trainer, const birchlog_model *model, const int32_t *events, const size_t *offsets,
                           size_t count, birchlog_status expected) {
  birchlog_findings *findings = UNTOUCHED(birchlog_findings);
  CHECK_STATUS(birchlog_trainer_add_sessions(trainer, events, offsets, count, BIRCHLOG_ROLE_NORMAL), expected);
  if (model != NULL) CHECK_STATUS(birchlog_classify_sessions(model, events, offsets, count, &findings), expected);
  CHECK(findings == UNTOUCHED(birchlog_findings));
  return 0;
}

static int bad_sessions(birchlog_trainer *trainer, const birchlog_model *model) {
  const int32_t events[4] = {1, 2, 3, 4}, negative[4] = {1, -1, 3, INT32_MIN};
  const size_t good[3] = {0, 2, 4}, late[3] = {1, 2, 4}, descending[3] = {0, 3, 2}, wrapping[3] = {0, SIZE_MAX, 4};
  const size_t long_session[2] = {0, (size_t)BIRCHLOG_MAX_SESSION_EVENTS + 1}, huge[2] = {0, SIZE_MAX / 2};
  CHECK_PART(refuse_sessions(trainer, model, NULL, good, 2, BIRCHLOG_ERROR_ARGUMENT));
  CHECK_PART(refuse_sessions(trainer, model, events, NULL, 2, BIRCHLOG_ERROR_ARGUMENT));
  CHECK_PART(refuse_sessions(trainer, model, negative, good, 2, BIRCHLOG_ERROR_ARGUMENT));
  CHECK_PART(refuse_sessions(trainer, model, events, late, 2, BIRCHLOG_ERROR_ARGUMENT));
  CHECK_PART(refuse_sessions(trainer, model, events, descending, 2, BIRCHLOG_ERROR_ARGUMENT));
  CHECK_PART(refuse_sessions(trainer, model, events, long_session, 1, BIRCHLOG_ERROR_LIMIT));
  CHECK_PART(refuse_sessions(trainer, model, events, huge, 1, BIRCHLOG_ERROR_LIMIT));
  CHECK_PART(refuse_sessions(trainer, model, events, good, (size_t)BIRCHLOG_MAX_SESSIONS + 1, BIRCHLOG_ERROR_LIMIT));
  CHECK_PART(refuse_sessions(trainer, model, events, good, SIZE_MAX, BIRCHLOG_ERROR_LIMIT));
  birchlog_findings *findings = UNTOUCHED(birchlog_findings);
  birchlog_status status = birchlog_trainer_add_sessions(trainer, events, wrapping, 2, BIRCHLOG_ROLE_NORMAL);
  CHECK(status == BIRCHLOG_ERROR_ARGUMENT || status == BIRCHLOG_ERROR_LIMIT);
  CHECK_STATUS(birchlog_trainer_add_sessions(trainer, events, good, 2, 3), BIRCHLOG_ERROR_ARGUMENT);
  if (model != NULL) CHECK_STATUS(birchlog_classify_sessions(model, events, good, 2, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK(findings == UNTOUCHED(birchlog_findings));
  return 0;
}

/* More events in all than one call may bring, in sessions of which each is short enough. */
static int too_many_events(birchlog_trainer *trainer) {
  size_t count = (size_t)BIRCHLOG_MAX_EVENTS / BIRCHLOG_MAX_SESSION_EVENTS + 1;
  size_t *offsets = malloc((count + 1) * sizeof *offsets);
  const int32_t event = 1;
  CHECK(offsets != NULL);
  for (size_t index = 0; index <= count; index++) offsets[index] = index * (size_t)BIRCHLOG_MAX_SESSION_EVENTS;
  CHECK_STATUS(birchlog_trainer_add_sessions(trainer, &event, offsets, count, BIRCHLOG_ROLE_MIXED), BIRCHLOG_ERROR_LIMIT);
  free(offsets);
  return 0;
}

static int32_t cancel_at_once(const birchlog_progress *progress, void *context) {
  (void)progress;
  (void)context;
  return 1;
}

/* A trainer goes through every misuse and still trains afterwards. */
static int misuse_trainer(birchlog_model **trained) {
  birchlog_trainer *trainer = NULL;
  birchlog_model *model = UNTOUCHED(birchlog_model);
  session_list normal = make_sessions(1, 0), mixed = make_sessions(2, 1);
  CHECK_OK(birchlog_trainer_create(QUICK_OPTIONS, &trainer));
  CHECK_STATUS(birchlog_trainer_run(trainer, NULL, NULL, &model), BIRCHLOG_ERROR_INPUT);
  CHECK_STATUS(birchlog_trainer_run(trainer, NULL, NULL, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_trainer_refit(trainer, NULL, NULL, NULL, &model), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_update(NULL, trainer, NULL, NULL, &model), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_trainer_add_file(trainer, NULL, BIRCHLOG_ROLE_NORMAL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_trainer_add_file(trainer, "", BIRCHLOG_ROLE_NORMAL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_trainer_add_file(trainer, in_folder("missing.log"), BIRCHLOG_ROLE_NORMAL), BIRCHLOG_ERROR_IO);
  CHECK_STATUS(birchlog_trainer_add_file(trainer, folder, BIRCHLOG_ROLE_NORMAL), BIRCHLOG_ERROR_IO);
  CHECK_STATUS(birchlog_trainer_add_lines(trainer, NULL, 5, BIRCHLOG_ROLE_NORMAL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_trainer_add_lines(trainer, "a", SIZE_MAX, BIRCHLOG_ROLE_NORMAL), BIRCHLOG_ERROR_LIMIT);
  CHECK_STATUS(birchlog_trainer_add_lines(trainer, "a", (size_t)BIRCHLOG_MAX_BUFFER_LENGTH + 1, BIRCHLOG_ROLE_NORMAL), BIRCHLOG_ERROR_LIMIT);
  CHECK_STATUS(birchlog_trainer_add_lines(trainer, "a", 1, 0), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_PART(bad_sessions(trainer, NULL));
  CHECK_PART(too_many_events(trainer));
  CHECK_OK(birchlog_trainer_add_sessions(trainer, NULL, NULL, 0, BIRCHLOG_ROLE_MIXED));
  CHECK_OK(birchlog_trainer_add_sessions(trainer, normal.events, normal.offsets, normal.count, BIRCHLOG_ROLE_NORMAL));
  CHECK_OK(birchlog_trainer_add_sessions(trainer, mixed.events, mixed.offsets, mixed.count, BIRCHLOG_ROLE_MIXED));
  CHECK_STATUS(birchlog_trainer_run(trainer, cancel_at_once, NULL, &model), BIRCHLOG_ERROR_CANCELLED);
  CHECK(model == UNTOUCHED(birchlog_model));
  CHECK_OK(birchlog_trainer_run(trainer, NULL, NULL, trained));
  birchlog_trainer_free(trainer);
  free_sessions(normal);
  free_sessions(mixed);
  return 0;
}

/* One session, one event again and again, lines of noise: too little to learn from, or a model, but never a crash. */
static int too_little(void) {
  static const char noise[] = "\x00\xff\xfe\n\n\n\x80\x80{\"a\":\n\"\n,,,\n\x1f\x8b\x08";
  const int32_t events[6] = {0, 1, 2, 3, 4, INT32_MAX};
  const size_t one[2] = {0, 6}, empty[4] = {0, 0, 0, 0};
  for (int variant = 0; variant < 4; variant++) {
    birchlog_trainer *trainer = NULL;
    birchlog_model *model = UNTOUCHED(birchlog_model);
    CHECK_OK(birchlog_trainer_create(QUICK_OPTIONS, &trainer));
    if (variant == 0) CHECK_OK(birchlog_trainer_add_sessions(trainer, events, one, 1, BIRCHLOG_ROLE_NORMAL));
    if (variant == 1) CHECK_OK(birchlog_trainer_add_sessions(trainer, NULL, empty, 3, BIRCHLOG_ROLE_MIXED));
    if (variant == 2) CHECK_OK(birchlog_trainer_add_lines(trainer, noise, sizeof noise - 1, BIRCHLOG_ROLE_MIXED));
    if (variant == 3) CHECK_OK(birchlog_trainer_add_lines(trainer, "", 0, BIRCHLOG_ROLE_NORMAL));
    CHECK_STATUS(birchlog_trainer_run(trainer, NULL, NULL, &model), BIRCHLOG_ERROR_INPUT);
    CHECK(model == UNTOUCHED(birchlog_model));
    birchlog_trainer_free(trainer);
  }
  return 0;
}

static int bad_model_bytes(const uint8_t *bytes, size_t length, birchlog_status expected) {
  birchlog_model *model = UNTOUCHED(birchlog_model);
  CHECK_STATUS(birchlog_model_load_memory(bytes, length, &model), expected);
  CHECK(model == UNTOUCHED(birchlog_model));
  return 0;
}

/* Foreign, cut and altered files. */
static int bad_models(const birchlog_model *good) {
  static const char foreign[] = "\x7f" "ELF is not a model, nor is this text one of any length that would do";
  static const char header[] = "\xff\xff\xff\xff\xff\xff\xff\x7f{}";
  birchlog_model *model = UNTOUCHED(birchlog_model);
  char path[600], target[600];
  snprintf(path, sizeof path, "%s/good.birchlog", folder);
  CHECK_OK(birchlog_model_save(good, path));
  file_bytes file = read_file(path);
  CHECK(file.length > 100);
  CHECK(bad_model_bytes(NULL, 10, BIRCHLOG_ERROR_ARGUMENT) == 0);
  CHECK(bad_model_bytes(file.bytes, SIZE_MAX, BIRCHLOG_ERROR_LIMIT) == 0);
  CHECK(bad_model_bytes(NULL, 0, BIRCHLOG_ERROR_MODEL) == 0);
  CHECK(bad_model_bytes((const uint8_t *)foreign, sizeof foreign, BIRCHLOG_ERROR_MODEL) == 0);
  CHECK(bad_model_bytes((const uint8_t *)header, sizeof header - 1, BIRCHLOG_ERROR_MODEL) == 0);
  for (size_t length = 0; length < file.length; length += 1 + length / 7) CHECK(bad_model_bytes(file.bytes, length, BIRCHLOG_ERROR_MODEL) == 0);
  for (size_t place = 0; place < file.length; place += 1 + place / 13) {
    file.bytes[place] ^= 0x20;
    birchlog_status status = birchlog_model_load_memory(file.bytes, file.length, &model);
    if (status != BIRCHLOG_ERROR_MODEL && status != BIRCHLOG_ERROR_MODEL_VERSION)
      fprintf(stderr, "byte %zu altered gives %s\n", place, birchlog_status_name(status));
    CHECK(status == BIRCHLOG_ERROR_MODEL || status == BIRCHLOG_ERROR_MODEL_VERSION);
    file.bytes[place] ^= 0x20;
  }
  CHECK_STATUS(birchlog_model_load_memory(file.bytes, file.length, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_load(NULL, &model), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_load(path, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_load(in_folder("missing.birchlog"), &model), BIRCHLOG_ERROR_IO);
  CHECK(strstr(birchlog_last_error(), "missing.birchlog") != NULL);
  CHECK_STATUS(birchlog_model_load(folder, &model), BIRCHLOG_ERROR_IO);
  CHECK_STATUS(birchlog_model_save(good, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_save(good, folder), BIRCHLOG_ERROR_IO);
  snprintf(target, sizeof target, "%s/no/such/folder/model", folder);
  CHECK_STATUS(birchlog_model_save(good, target), BIRCHLOG_ERROR_IO);
  CHECK(model == UNTOUCHED(birchlog_model));
  free(file.bytes);
  return 0;
}

/* Edits of kinds that cannot be: each leaves the model and the output alone. */
static int bad_edits(const birchlog_model *model) {
  birchlog_model *edited = UNTOUCHED(birchlog_model);
  birchlog_text *text = UNTOUCHED(birchlog_text);
  const char *kinds[3] = {"k1", "k999", "k1"};
  const char *twice[2] = {"k1", "k1"};
  const char *hole[2] = {"k1", NULL};
  static char note[BIRCHLOG_MAX_NOTE_LENGTH + 2];
  memset(note, 'x', sizeof note - 1);
  CHECK_STATUS(birchlog_model_kinds_show(model, "k999", &text), BIRCHLOG_ERROR_NOT_FOUND);
  CHECK(strstr(birchlog_last_error(), "k1") != NULL);
  CHECK_STATUS(birchlog_model_kinds_show(model, NULL, &text), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_show(model, "k1", NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_journal(model, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_note(model, "k999", "note", &edited), BIRCHLOG_ERROR_NOT_FOUND);
  CHECK_STATUS(birchlog_model_kinds_note(model, "k1", NULL, &edited), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_note(model, "k1", "", &edited), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_note(model, "k1", note, &edited), BIRCHLOG_ERROR_LIMIT);
  CHECK_STATUS(birchlog_model_kinds_note(model, "k1", "note", NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_merge(model, kinds, 2, &edited), BIRCHLOG_ERROR_NOT_FOUND);
  CHECK_STATUS(birchlog_model_kinds_merge(model, kinds, 1, &edited), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_merge(model, NULL, 0, &edited), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_merge(model, NULL, 2, &edited), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_merge(model, twice, 2, &edited), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_merge(model, hole, 2, &edited), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_merge(model, kinds, SIZE_MAX, &edited), BIRCHLOG_ERROR_LIMIT);
  CHECK_STATUS(birchlog_model_kinds_merge(model, kinds, 2, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_split(model, "k999", NULL, 0, &edited), BIRCHLOG_ERROR_NOT_FOUND);
  CHECK_STATUS(birchlog_model_kinds_split(model, "k1", kinds, 1, &edited), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_split(model, "k1", kinds, 2, &edited), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_split(model, "k1", NULL, 2, &edited), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_mark_normal(model, "k999", 1, &edited), BIRCHLOG_ERROR_NOT_FOUND);
  CHECK_STATUS(birchlog_model_kinds_mark_normal(model, "k1", 1, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_undo(model, "k999", "name", &edited), BIRCHLOG_ERROR_NOT_FOUND);
  CHECK_STATUS(birchlog_model_kinds_undo(model, "k1", "train", &edited), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_undo(model, "k1", NULL, &edited), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_undo(model, "k1", "merge", &edited), BIRCHLOG_ERROR_ARGUMENT);
  static const char *const imports[] = {"", "{", "[]", "{}", "{\"format\":\"birchlog kinds\"}",
                                        "{\"format\":\"birchlog kinds\",\"version\":1,\"templates\":[],\"kinds\":[{}]}",
                                        "{\"format\":\"birchlog kinds\",\"version\":9,\"templates\":[],\"kinds\":[]}"};
  for (size_t index = 0; index < sizeof imports / sizeof *imports; index++)
    CHECK_STATUS(birchlog_model_kinds_import(model, imports[index], strlen(imports[index]), &text, &edited), BIRCHLOG_ERROR_INPUT);
  CHECK_STATUS(birchlog_model_kinds_import(model, NULL, 2, &text, &edited), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_import(model, "{}", SIZE_MAX, &text, &edited), BIRCHLOG_ERROR_LIMIT);
  CHECK_STATUS(birchlog_model_kinds_import(model, "{}", 2, &text, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds_export(model, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK(edited == UNTOUCHED(birchlog_model) && text == UNTOUCHED(birchlog_text));
  return 0;
}

/* A model goes through every misuse and still classifies. */
static int misuse_model(birchlog_model *model) {
  const int32_t events[4] = {1, 2, -5, 4};
  birchlog_findings *findings = UNTOUCHED(birchlog_findings);
  birchlog_model *named = UNTOUCHED(birchlog_model);
  birchlog_text *text = UNTOUCHED(birchlog_text);
  CHECK_STATUS(birchlog_classify_windows(model, events, 2, 2, &findings), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_classify_windows(model, events, 1, 2, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_classify_windows(model, NULL, 1, 2, &findings), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_classify_windows(model, events, 1, 0, &findings), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_classify_windows(model, events, 1, BIRCHLOG_MAX_WINDOW_LENGTH + 1, &findings), BIRCHLOG_ERROR_LIMIT);
  CHECK_STATUS(birchlog_classify_windows(model, events, (size_t)BIRCHLOG_MAX_SESSIONS + 1, 1, &findings), BIRCHLOG_ERROR_LIMIT);
  CHECK_STATUS(birchlog_classify_windows(model, events, BIRCHLOG_MAX_SESSIONS, BIRCHLOG_MAX_WINDOW_LENGTH, &findings), BIRCHLOG_ERROR_LIMIT);
  CHECK_STATUS(birchlog_classify_windows(model, events, SIZE_MAX, SIZE_MAX, &findings), BIRCHLOG_ERROR_LIMIT);
  CHECK_STATUS(birchlog_classify_lines(model, NULL, 3, NULL, &findings), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_classify_lines(model, "a", SIZE_MAX, NULL, &findings), BIRCHLOG_ERROR_LIMIT);
  CHECK_STATUS(birchlog_classify_lines(model, "a\n", 2, "{\"epochs\":", &findings), BIRCHLOG_ERROR_OPTION);
  CHECK_STATUS(birchlog_classify_lines(model, "a\n", 2, "{\"no_such_option\":1}", &findings), BIRCHLOG_ERROR_OPTION);
  CHECK_STATUS(birchlog_classify_lines(model, "a\n", 2, NULL, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_name_kind(model, "k999", "name", &named), BIRCHLOG_ERROR_NOT_FOUND);
  CHECK_STATUS(birchlog_model_name_kind(model, NULL, "name", &named), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_name_kind(model, "k1", "name", NULL), BIRCHLOG_ERROR_ARGUMENT);
  char name[BIRCHLOG_MAX_NAME_LENGTH + 2];
  memset(name, 'x', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  CHECK_STATUS(birchlog_model_name_kind(model, "k1", name, &named), BIRCHLOG_ERROR_LIMIT);
  CHECK_PART(bad_edits(model));
  CHECK_STATUS(birchlog_model_describe(model, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_kinds(model, NULL), BIRCHLOG_ERROR_ARGUMENT);

  char missing[600];
  snprintf(missing, sizeof missing, "%s/missing.log", folder);
  const char *paths[3] = {missing, folder, NULL};
  CHECK_STATUS(birchlog_classify_files(model, paths, 1, NULL, NULL, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_classify_files(model, NULL, 1, NULL, go_on, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_classify_files(model, paths, SIZE_MAX, NULL, go_on, NULL), BIRCHLOG_ERROR_LIMIT);
  CHECK_STATUS(birchlog_classify_files(model, paths, 1, NULL, go_on, NULL), BIRCHLOG_ERROR_IO);
  CHECK(strstr(birchlog_last_error(), "missing.log") != NULL);
  CHECK_STATUS(birchlog_classify_files(model, paths + 1, 1, NULL, go_on, NULL), BIRCHLOG_ERROR_IO);
  CHECK_STATUS(birchlog_classify_files(model, paths + 2, 1, NULL, go_on, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_evaluate(model, missing, paths, 1, NULL, &text), BIRCHLOG_ERROR_IO);
  CHECK_STATUS(birchlog_model_evaluate(model, NULL, paths, 1, NULL, &text), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_evaluate(model, missing, paths, 1, NULL, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_model_inspect(model, paths, 1, NULL, NULL, NULL), BIRCHLOG_ERROR_IO);
  CHECK(findings == UNTOUCHED(birchlog_findings) && named == UNTOUCHED(birchlog_model) && text == UNTOUCHED(birchlog_text));

  CHECK_OK(birchlog_classify_windows(model, events, 1, 2, &findings));
  birchlog_finding finding = {.struct_size = sizeof finding}, small = {.struct_size = 8}, zero = {.struct_size = 0};
  CHECK_STATUS(birchlog_findings_get(findings, 0, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_findings_get(findings, 0, &small), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_findings_get(findings, 0, &zero), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_findings_get(findings, 1, &finding), BIRCHLOG_ERROR_NOT_FOUND);
  CHECK_STATUS(birchlog_findings_get(findings, SIZE_MAX, &finding), BIRCHLOG_ERROR_NOT_FOUND);
  CHECK_STATUS(birchlog_findings_json(findings, 1, &text), BIRCHLOG_ERROR_NOT_FOUND);
  CHECK_STATUS(birchlog_findings_json(findings, 0, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_findings_explain(findings, 1, NULL, &text), BIRCHLOG_ERROR_NOT_FOUND);
  CHECK_STATUS(birchlog_findings_explain(findings, 0, NULL, NULL), BIRCHLOG_ERROR_ARGUMENT);
  CHECK_STATUS(birchlog_findings_explain(findings, 0, "{\"lines\":-1}", &text), BIRCHLOG_ERROR_OPTION);
  CHECK_STATUS(birchlog_findings_keep(findings, NULL), BIRCHLOG_ERROR_ARGUMENT);
  birchlog_findings *kept = NULL;
  CHECK_OK(birchlog_findings_keep(findings, &kept));
  birchlog_findings_free(findings);
  CHECK_OK(birchlog_findings_get(kept, 0, &finding));
  birchlog_findings_free(kept);
  return 0;
}

/* A model that learned from event numbers knows no templates: its stream says so. */
static int lines_to_a_model_of_events(birchlog_model *model) {
  birchlog_stream *stream = NULL;
  CHECK_OK(birchlog_stream_create(model, NULL, &stream));
  CHECK_STATUS(birchlog_stream_push(stream, "a line", 6), BIRCHLOG_ERROR_INPUT);
  birchlog_stream_free(stream);
  return 0;
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: misuse FOLDER\n");
    return 2;
  }
  snprintf(folder, sizeof folder, "%s", arguments[1]);
  birchlog_model *model = NULL;
  CHECK_PART(null_handles());
  CHECK_PART(bad_options());
  CHECK_PART(too_little());
  CHECK_PART(misuse_trainer(&model));
  birchlog_trainer *trainer = NULL;
  CHECK_OK(birchlog_trainer_create(QUICK_OPTIONS, &trainer));
  CHECK_PART(bad_sessions(trainer, model));
  birchlog_trainer_free(trainer);
  CHECK_PART(bad_models(model));
  CHECK_PART(misuse_model(model));
  CHECK_PART(lines_to_a_model_of_events(model));
  birchlog_model_free(model);
  return 0;
}
