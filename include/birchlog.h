/*
 * Birchlog tells which kind of anomaly a log shows, without labels.
 *
 * A model is trained on logs that are known to be normal and on logs that are not; it learns which event comes next in normal
 * behaviour, groups what departs from it into kinds, and then names the kind of every new session, window or line as it arrives.
 *
 * A log agent (early verdicts on sessions that go on come beside the final ones; see birchlog_stream_poll):
 *
 *     #define _POSIX_C_SOURCE 200809L  // for getline
 *     #include <birchlog.h>
 *     #include <stdio.h>
 *     #include <stdlib.h>
 *
 *     static void tell(birchlog_stream *stream) {
 *       birchlog_findings *findings = NULL;
 *       if (birchlog_stream_poll(stream, &findings) != BIRCHLOG_OK) return;
 *       for (size_t i = 0; i < birchlog_findings_count(findings); i++) {
 *         birchlog_finding finding = {.struct_size = sizeof finding};
 *         if (birchlog_findings_get(findings, i, &finding) == BIRCHLOG_OK && finding.anomalous && !finding.early)
 *           printf("%s is %s\n", finding.session, finding.kind);
 *       }
 *       birchlog_findings_free(findings);
 *     }
 *
 *     int main(void) {
 *       birchlog_model *model = NULL;
 *       birchlog_stream *stream = NULL;
 *       char *line = NULL;
 *       size_t room = 0;
 *       if (birchlog_model_load("service.birchlog", &model) != BIRCHLOG_OK ||
 *           birchlog_stream_create(model, NULL, &stream) != BIRCHLOG_OK) {
 *         fprintf(stderr, "%s\n", birchlog_last_error());
 *         return 1;
 *       }
 *       for (ssize_t length; (length = getline(&line, &room, stdin)) > 0; tell(stream))
 *         if (birchlog_stream_push(stream, line, (size_t)length) != BIRCHLOG_OK)
 *           fprintf(stderr, "%s\n", birchlog_last_error());
 *       if (birchlog_stream_finish(stream) == BIRCHLOG_OK) tell(stream);
 *       free(line);
 *       birchlog_stream_free(stream);
 *       birchlog_model_free(model);
 *     }
 *
 * Contract
 * - Threads. A birchlog_model never changes: any number of threads may use one at the same time. A birchlog_stream, a
 *   birchlog_trainer and a birchlog_findings belong to one thread at a time; only birchlog_trainer_cancel may be called
 *   from another. The library starts no thread when it is loaded. Training and large classifications use the number of threads that
 *   the option "threads" names; they are gone when the call returns.
 * - Ownership. What a function returns through a `**` output belongs to the caller and goes back through the matching
 *   birchlog_*_free, which accepts NULL. Inputs are borrowed for the length of the call. A stream keeps its model alive.
 * - Bytes. Lines, paths and ids are bytes. Inputs with a length need no terminating NUL and need not be UTF-8; texts
 *   that come out are UTF-8 (invalid bytes as U+FFFD) and NUL-terminated.
 * - Errors. Every call that can fail returns a birchlog_status. On failure no output is written, the handle stays usable, and
 *   birchlog_last_error() says on the same thread what was wrong, where, and how to mend it.
 * - The caller's fault, not checked: use after free, a length beyond the caller's own buffer, one handle on two threads.
 * - Options are one JSON object as text, or NULL for the defaults. Every key is optional; an unknown key is an error.
 *   The keys stand with birchlog_trainer_create and birchlog_stream_create, and in docs/options.md.
 */
#ifndef BIRCHLOG_H
#define BIRCHLOG_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
#define BIRCHLOG_CHECKED __attribute__((warn_unused_result))
#else
#define BIRCHLOG_CHECKED
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ------------------------------------------------------------------------------------------------- */

/* The version this header belongs to. Within one SONAME (libbirchlog.so.0) functions are only added. */
#define BIRCHLOG_VERSION "0.1.0"
#define BIRCHLOG_ABI_VERSION 0u

/* The version of the loaded library, such as "0.1.0"; static, never freed. */
const char *birchlog_version(void);

/* The ABI number of the loaded library; equals BIRCHLOG_ABI_VERSION of the header it was built with. */
uint32_t birchlog_abi_version(void);

/* How the library was built and which instruction set it chose, as a JSON object; static, never freed. */
const char *birchlog_build_info(void);

/*
 * Every option key, as a JSON array of objects: "key", "expected" (words), "default" (null where it depends), "classification" (whether
 * a stream and a classification take it too); static, never freed.
 */
const char *birchlog_option_table(void);

/* ---- Limits: a length above one of these gives BIRCHLOG_ERROR_LIMIT --------------------------------------------- */

#define BIRCHLOG_MAX_LINE_LENGTH 1048576u     /* bytes of one line; a longer one in a file is cut and counted */
#define BIRCHLOG_MAX_BUFFER_LENGTH 1073741824u /* bytes of one buffer of lines or of one model in memory */
#define BIRCHLOG_MAX_EVENTS 268435456u        /* events in one call */
#define BIRCHLOG_MAX_SESSION_EVENTS 1048576u  /* events of one session; later ones of a streamed session are counted only */
#define BIRCHLOG_MAX_SESSIONS 16777216u       /* sessions or windows in one call */
#define BIRCHLOG_MAX_WINDOW_LENGTH 256u       /* events of one window */
#define BIRCHLOG_MAX_OPTIONS_LENGTH 65536u    /* bytes of one options text */
#define BIRCHLOG_MAX_NAME_LENGTH 256u         /* bytes of an operator's name for a kind */
#define BIRCHLOG_MAX_NOTE_LENGTH 4096u        /* bytes of an operator's note on a kind */

/* ---- Status -------------------------------------------------------------------------------------------------- */

typedef int32_t birchlog_status;

#define BIRCHLOG_OK 0
#define BIRCHLOG_ERROR_ARGUMENT (-1)      /* NULL, a negative event, offsets that do not ascend, a struct_size too small */
#define BIRCHLOG_ERROR_LIMIT (-2)         /* a length above one of BIRCHLOG_MAX_* */
#define BIRCHLOG_ERROR_OPTION (-3)        /* options are no JSON object, hold an unknown key, a bad value or a contradiction */
#define BIRCHLOG_ERROR_IO (-4)            /* a file is missing, is a folder, may not be read, or could not be written */
#define BIRCHLOG_ERROR_INPUT (-5)         /* input is malformed, or too little to learn from */
#define BIRCHLOG_ERROR_MODEL (-6)         /* not a model file, or one that is damaged */
#define BIRCHLOG_ERROR_MODEL_VERSION (-7) /* a model file of a later format */
#define BIRCHLOG_ERROR_NOT_FOUND (-8)     /* no kind of this id, no finding of this index */
#define BIRCHLOG_ERROR_CANCELLED (-9)     /* the caller cancelled */
#define BIRCHLOG_ERROR_NUMERIC (-10)      /* training met a value that is not finite */
#define BIRCHLOG_ERROR_INTERNAL (-11)     /* a defect of the library: please report it */

/* A status as a constant word, such as "input"; static, "unknown" for a number that is no status. */
const char *birchlog_status_name(birchlog_status status);

/* The message of the last call that failed on this thread; "" when none did. Valid until the thread's next failure. */
const char *birchlog_last_error(void);

/*
 * Called with one sentence (UTF-8, valid for the call) for whatever was amiss but stopped no call: records that could not be read, a
 * gzip file cut off, expressions that gave up. On the thread of the call that met it; what training met is in its model's "warnings".
 */
typedef void (*birchlog_log_callback)(const char *message, void *context);

/* Sets who is told, for the whole process; NULL for nobody, as at the start. */
void birchlog_set_log_callback(birchlog_log_callback callback, void *context);

/* ---- Handles ------------------------------------------------------------------------------------------------- */

typedef struct birchlog_model birchlog_model;       /* what was learned; immutable, shared, reference counted */
typedef struct birchlog_stream birchlog_stream;     /* lines in, findings out; one thread at a time */
typedef struct birchlog_findings birchlog_findings; /* verdicts, owned by the caller */
typedef struct birchlog_trainer birchlog_trainer;   /* inputs and options of a training */
typedef struct birchlog_text birchlog_text;         /* UTF-8 text owned by the caller */

/* The bytes of a text, NUL-terminated; valid until birchlog_text_free. NULL gives "". */
const char *birchlog_text_data(const birchlog_text *text);

/* The length of a text in bytes without the NUL. */
size_t birchlog_text_length(const birchlog_text *text);

void birchlog_text_free(birchlog_text *text);

/* ---- Model --------------------------------------------------------------------------------------------------- */

/* Reads a model file. Errors: IO, MODEL, MODEL_VERSION. */
BIRCHLOG_CHECKED birchlog_status birchlog_model_load(const char *path, birchlog_model **model);

/* Reads a model from `length` bytes at `bytes`, which may be freed afterwards. Errors: MODEL, MODEL_VERSION, LIMIT. */
BIRCHLOG_CHECKED birchlog_status birchlog_model_load_memory(const uint8_t *bytes, size_t length, birchlog_model **model);

/*
 * Writes a model file (a safetensors container) in one step: a reader sees the old file or the new one, never a part.
 * The same model always gives the same bytes. Errors: IO.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_model_save(const birchlog_model *model, const char *path);

/* One more owner of the same model; returns its argument. Each owner calls birchlog_model_free once. */
birchlog_model *birchlog_model_retain(birchlog_model *model);

void birchlog_model_free(birchlog_model *model);

/*
 * What the model is, as a JSON object: "format_version", "options" (all of them, as trained), "events", "sessions",
 * "threshold" (score, target rate, measured rate and its upper 95 % bound), "training", "clustering" (the curve behind the number
 * of kinds), "classifier" (precision, recall, F1, support per kind, on held-out sequences), "warnings".
 */
BIRCHLOG_CHECKED birchlog_status birchlog_model_describe(const birchlog_model *model, birchlog_text **json);

/* ---- Classification ------------------------------------------------------------------------------------------- */

/*
 * The verdict on one session or window. Set struct_size to sizeof(birchlog_finding) before the call that fills it. The
 * pointers live as long as the birchlog_findings they came from.
 */
typedef struct birchlog_finding {
  uint32_t struct_size;  /* in: sizeof(birchlog_finding) */
  int32_t anomalous;     /* 1 when score > threshold and its kind is not marked as normal, else 0 */
  int32_t open;          /* 1 when the session had not ended: its end was not scored */
  int32_t early;         /* 1 when the unit goes on: a stream found it anomalous before it ended, and its end will give another */
  double score;          /* in nats: how unexpected its events and their counts are; with top_g the worst rank */
  double threshold;      /* the score above which a unit is anomalous */
  double perturbation;   /* distance of the hidden state from the mean of normal ones, the paper's delta F */
  double confidence;     /* probability that the classifier gave the kind, 0 to 1 */
  const char *session;   /* id of the session; UTF-8 */
  const char *kind;      /* stable id of the kind, such as "k3", or "unknown" */
  const char *name;      /* the operator's name of the kind, or NULL */
  int64_t window;        /* position of the window in its session from 0, or -1 when the unit is a session */
  uint64_t first_line;   /* first and last source line from 1; 0 when the unit came as event ids */
  uint64_t last_line;
  uint64_t event_count;  /* events in the unit */
} birchlog_finding;

/*
 * Classifies `window_count` windows of `window_length` events each, row by row in `events`. Events are template numbers
 * of 0 or more; one that was never trained is an unseen event, not an error. Errors: ARGUMENT (a negative event), LIMIT.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_classify_windows(
    const birchlog_model *model, const int32_t *events, size_t window_count, size_t window_length, birchlog_findings **findings);

/*
 * Classifies `session_count` whole sessions. Session i is events[offsets[i]] up to events[offsets[i + 1] - 1]; offsets has
 * session_count + 1 entries, starts at 0 and does not descend. Their ids are "0", "1", ... Errors: ARGUMENT, LIMIT.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_classify_sessions(
    const birchlog_model *model, const int32_t *events, const size_t *offsets, size_t session_count, birchlog_findings **findings);

/*
 * Classifies a buffer of raw lines separated by newlines as one whole input: lines become events, events become sessions or windows as
 * the model was trained, overridden by `options` (see birchlog_stream_create). Errors: OPTION, LIMIT, INPUT.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_classify_lines(
    const birchlog_model *model, const char *lines, size_t length, const char *options, birchlog_findings **findings);

/* Called with each batch of findings in the order in which units end; the findings are freed after it returns, unless
 * birchlog_findings_keep keeps them. Not 0 cancels. */
typedef int32_t (*birchlog_findings_callback)(const birchlog_findings *findings, void *context);

/*
 * Classifies files one after the other (plain or gzip; "-" is standard input) in bounded memory, and hands findings over as
 * they come. All formats that training reads. Errors: OPTION, IO, INPUT, CANCELLED.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_classify_files(
    const birchlog_model *model, const char *const *paths, size_t path_count, const char *options,
    birchlog_findings_callback callback, void *context);

size_t birchlog_findings_count(const birchlog_findings *findings);

/* Fills `finding` with the verdict at `index`. Errors: ARGUMENT (struct_size), NOT_FOUND (index). */
BIRCHLOG_CHECKED birchlog_status birchlog_findings_get(const birchlog_findings *findings, size_t index, birchlog_finding *finding);

/*
 * The verdict at `index` with its evidence as one line of JSON: "session", "anomalous", "score", "threshold", "kind",
 * "name", "confidence", "lines", "final" (false for an early one) always; "window", "open" where they apply; "perturbation",
 * "probabilities" per kind, and for an anomalous unit "reason" (what decided, in a few words), "evidence" (which event, its probability
 * and rank, what was expected instead), "missing", "unseen", "nearest".
 */
BIRCHLOG_CHECKED birchlog_status birchlog_findings_json(const birchlog_findings *findings, size_t index, birchlog_text **json);

/*
 * The same with all its reasons, for a normal unit too; takes milliseconds. Beside what birchlog_findings_json says: "summary" (a
 * sentence), "decisive" (positions of the events that decided), "unseen_events", "neighbours" (the nearest other kinds and the events
 * that tell them from this one), "attended" (attention per position and head), "exemplar" (the most similar session that the model
 * remembers), "repair" (changes after which the unit were normal), "score_without" (the score without the decisive events), "raw" (the
 * lines with number, byte offset, text and message, read again from a file, else as far as "line_memory" of the stream holds them). Options: "parts"
 * (a list of the keys wanted; "signature" only when asked for), "lines" (64), "alternatives" (5). docs/explaining.md describes each.
 * Errors: NOT_FOUND, OPTION.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_findings_explain(
    const birchlog_findings *findings, size_t index, const char *options, birchlog_text **json);

/* Keeps findings that a callback was lent beyond its return: `kept` is the caller's and goes back through birchlog_findings_free. */
BIRCHLOG_CHECKED birchlog_status birchlog_findings_keep(const birchlog_findings *findings, birchlog_findings **kept);

void birchlog_findings_free(birchlog_findings *findings);

/* ---- Stream -------------------------------------------------------------------------------------------------- */

/*
 * A stream takes lines as they arrive. Options, all of them optional; what is not given is as the model was trained:
 *   "session"       regular expression (PCRE2); its first group, or the whole match, is the session key
 *   "format"        "auto", "text", "sequences", "jsonl", "csv" or "journal" (files only; a stream takes text or JSON Lines)
 *   "text_field", "session_field"   field names of JSON Lines, CSV or a journal; the latter also a part of a header
 *   "gap_seconds"   seconds without a line that part sessions where lines have no key
 *   "multiline"     whether a record of text may take several lines (true); pushed lines are joined where training met such records
 *   "idle_seconds"  log time after which a session without new lines has ended (300; 0: only a flush ends it)
 *   "max_sessions"  open sessions at most (65536); the longest idle is classified first and counted as evicted
 *   "max_bytes"     bytes of open sessions at most (64 MiB)
 *   "threads"       threads of birchlog_classify_files (1)
 *   "source"        what findings on pushed lines name as their source
 *   "line_memory"   bytes of raw lines kept of what cannot be read again, for birchlog_findings_explain (0)
 */
BIRCHLOG_CHECKED birchlog_status birchlog_stream_create(birchlog_model *model, const char *options, birchlog_stream **stream);

/*
 * Takes one raw line, or one session of a sequence file where the model learned from event numbers; a trailing newline is ignored.
 * Errors: ARGUMENT, LIMIT, INPUT (a JSON line without its text, a malformed sequence; where the first line shows UTF-16 or packed
 * data, gzip too, that line and all after it, and the statistics say "refused"). That no line has a session key is told to the
 * log callback after 1,000 lines or at birchlog_stream_finish; that a line without one says what none said in training, once, with
 * the first such line.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_stream_push(birchlog_stream *stream, const char *line, size_t length);

/*
 * Classifies files as birchlog_classify_files does, through a stream that took no line: birchlog_stream_statistics then says what was
 * read, cut, evicted and left unassigned. Errors: IO, INPUT, CANCELLED.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_stream_files(
    birchlog_stream *stream, const char *const *paths, size_t path_count, birchlog_findings_callback callback, void *context);

/*
 * Takes the verdicts on all units that have ended since the last call, and the early ones on units that a line has made anomalous
 * before they end; may hold none. An early verdict weighs only what later lines cannot take back: the final one is anomalous too, unless
 * its end makes the unit one of a kind that is marked as normal. What looks like such a kind already has no early verdict.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_stream_poll(birchlog_stream *stream, birchlog_findings **findings);

/*
 * Ends every open session; birchlog_stream_poll then has their verdicts, ends scored. Where a session is a file ("unit": "file"), what is
 * pushed up to a flush is one: flush at the end of each file.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_stream_flush(birchlog_stream *stream);

/* Ends the input as the end of a file does: sessions that have not ended keep "open", and their ends are not scored. */
BIRCHLOG_CHECKED birchlog_status birchlog_stream_finish(birchlog_stream *stream);

#define BIRCHLOG_MAX_MARK_LENGTH 65536u /* bytes of a mark */

/*
 * Writes all that the stream holds (open sessions, counts, templates of new lines) to a file, in one step. `mark` is UTF-8 text of the
 * caller's own, such as the place in the input up to which lines were pushed; NULL for none. Poll first. Errors: ARGUMENT
 * (verdicts wait to be taken), IO, LIMIT.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_stream_snapshot(
    const birchlog_stream *stream, const char *path, const char *mark, size_t mark_length);

/*
 * Goes on from a snapshot; the stream must not have taken a line. Gives the mark. The model may have been updated since, and events
 * that were new then stay new; another model is refused. On failure the stream is as it was. Errors: ARGUMENT, IO, INPUT
 * (a damaged snapshot), MODEL (a snapshot of another model).
 */
BIRCHLOG_CHECKED birchlog_status birchlog_stream_restore(birchlog_stream *stream, const char *path, birchlog_text **mark);

/*
 * Counts as a JSON object: lines = assigned + unassigned + pending (lines of a record that may go on), sessions opened, ended, evicted,
 * open, unseen events, cut lines, findings, early ones, anomalies by kind, the latest log time, and "drift" (docs/streaming.md).
 */
BIRCHLOG_CHECKED birchlog_status birchlog_stream_statistics(const birchlog_stream *stream, birchlog_text **json);

void birchlog_stream_free(birchlog_stream *stream);

/* ---- Kinds --------------------------------------------------------------------------------------------------- */

/*
 * The kinds as a JSON object: "silhouette" (the mean), "retired" (kinds of earlier fits), and "kinds", an array of objects with "id",
 * "name", "state" ("normal", "marked", "candidate" or "anomaly"), "normal", "marked", "candidate", "aliases" (ids of kinds merged into
 * it), "notes", "size" (units), "distinct", "share", "silhouette", "reading" (one line), "evidence" (the events that set it apart),
 * "samples" (decoded sequences), "first_line".
 */
BIRCHLOG_CHECKED birchlog_status birchlog_model_kinds(const birchlog_model *model, birchlog_text **json);

/*
 * One kind as birchlog_model_kinds has it, with "neighbours" (the nearest other kinds: "id", "name", "distance" of the mean signatures,
 * and the evidence that the two share) and "lineage" (the entries of the journal that name it). Errors: NOT_FOUND.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_model_kinds_show(const birchlog_model *model, const char *kind, birchlog_text **json);

/* What operators and refits did to the kinds, oldest first, as a JSON object with the array "journal" (docs/formats.md). */
BIRCHLOG_CHECKED birchlog_status birchlog_model_kinds_journal(const birchlog_model *model, birchlog_text **json);

/*
 * Operators' decisions. A model never changes: each function gives a new one, `edited`, which the caller owns. Decisions survive
 * refits, and so does the journal of them. An id that no kind has is NOT_FOUND; the message names the ids there are.
 * docs/kinds.md has a day with them.
 */

/* Kind `kind` carries the operator's `name` (NULL or "" takes it away). Errors: NOT_FOUND, LIMIT. */
BIRCHLOG_CHECKED birchlog_status birchlog_model_name_kind(
    const birchlog_model *model, const char *kind, const char *name, birchlog_model **named);

/* Adds a note to a kind. Errors: NOT_FOUND, ARGUMENT (an empty note), LIMIT (its length, or more than 100 notes). */
BIRCHLOG_CHECKED birchlog_status birchlog_model_kinds_note(
    const birchlog_model *model, const char *kind, const char *note, birchlog_model **edited);

/*
 * Makes `count` kinds (2 or more) one, which has the id of the first and is given to their units at once; the other ids become its
 * aliases. Refits keep their units together. Errors: NOT_FOUND, ARGUMENT (a kind twice, normal or marked kinds with others).
 */
BIRCHLOG_CHECKED birchlog_status birchlog_model_kinds_merge(
    const birchlog_model *model, const char *const *kinds, size_t count, birchlog_model **edited);

/*
 * Makes one kind several with new ids, which the last entry of the journal names; refits keep them apart. Without exemplars
 * (count 0) it parts where the last merge in the dendrogram of its remembered units lies, and a kind that was merged falls back into
 * its parts; with two or more, ids of remembered sessions, each unit goes with the nearest. Errors: NOT_FOUND, ARGUMENT.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_model_kinds_split(
    const birchlog_model *model, const char *kind, const char *const *exemplars, size_t count, birchlog_model **edited);

/* With `marked` not 0 the kind is harmless: its units keep its id but are not anomalous. 0 takes that back. Errors: NOT_FOUND, ARGUMENT. */
BIRCHLOG_CHECKED birchlog_status birchlog_model_kinds_mark_normal(
    const birchlog_model *model, const char *kind, int32_t marked, birchlog_model **edited);

/*
 * Takes the last edit of a sort back: `verb` is "name", "note", "merge", "split" (of the kind that was split, or one of its parts)
 * or "mark". Errors: NOT_FOUND, ARGUMENT (nothing to take back).
 */
BIRCHLOG_CHECKED birchlog_status birchlog_model_kinds_undo(
    const birchlog_model *model, const char *kind, const char *verb, birchlog_model **edited);

/*
 * Names, notes, merges and marks as a JSON object, with what it takes to know the kinds again in another model of the same log:
 * exemplars, templates, mean signatures, evidence.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_model_kinds_export(const birchlog_model *model, birchlog_text **json);

/*
 * Takes over what another model exported; kinds are paired by optimal assignment. `report` (NULL: none) receives a JSON object:
 * "matched" ("from", "to", "name", "distance", "evidence", "applied"), "unmatched" ("id", "name", "reason") and "untouched" (ids of this model
 * that nothing matched). Ids stay those of this model. Errors: INPUT (no export, or a damaged one), LIMIT.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_model_kinds_import(
    const birchlog_model *model, const char *json, size_t length, birchlog_text **report, birchlog_model **edited);

/*
 * The right to change a model file, which one owner has at a time: taken before birchlog_model_load and released after
 * birchlog_model_save, it keeps two programs from losing each other's edits. The command's edits, updates and refits hold it likewise.
 * It is advisory (flock) and ends with its process.
 */
typedef struct birchlog_file_lock birchlog_file_lock;

/*
 * Waits up to `seconds` for the lock of a file. `lock` receives NULL where there is no regular file to lock, so that nothing needs to be
 * released. Errors: IO (another owner still has it).
 */
BIRCHLOG_CHECKED birchlog_status birchlog_file_lock_take(const char *path, uint32_t seconds, birchlog_file_lock **lock);

void birchlog_file_lock_release(birchlog_file_lock *lock);

/* ---- Training ------------------------------------------------------------------------------------------------- */

#define BIRCHLOG_ROLE_NORMAL 1 /* known to be clean: what normal behaviour is learned from */
#define BIRCHLOG_ROLE_MIXED 2  /* unlabelled: may hold anything; where the kinds are found */

/*
 * A trainer collects inputs, then makes a model of them. Options (defaults):
 *   what is read   "format" ("auto"), "session" (looked for; see docs/formats.md), "text_field", "session_field" (a field, or process, thread,
 *                  component, host of a header), "gap_seconds" (0), "multiline" (true), "masks" (a list of regular expressions),
 *                  "header" ("auto", "none" or a regular expression with a group named content), "templates" (path of a file whose
 *                  line N is the template of event N)
 *   the unit       "unit" ("session"; "window" where there is no key; "file": each file, or buffer of lines, is a session), "window" (10)
 *   the network    "input" ("embedding", "onehot", "scalar"), "hidden_size" (128), "layers" (2), "dropout" (0.2), "encoder" ("shared" or "own"),
 *                  "attention_heads" (4), "loss_weights" ([0.3, 0.6, 0.1]), "epochs", "training_windows" (600000), "batch_size", "learning_rate",
 *                  "patience"
 *   detection      "detector" ("surprise" or "top_g"), "false_positive_rate" (0.005), "top_g" (9), "contrast" (true)
 *   kinds          "signature" ("deviation", "hidden", "both"), "kinds" ("auto" or a number), "cluster_threshold", "branching" (50),
 *                  "distance" ("d0" ... "d4", "pooled")
 *   the run        "preset" ("default" or "paper"), "seed" (1), "threads" (0: as many as the process may use), "checkpoint" (none; a file
 *                  that a stopped training with the same inputs and options goes on from, to the same model bytes)
 * docs/options.md says what each does. Errors: OPTION, LIMIT.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_trainer_create(const char *options, birchlog_trainer **trainer);

/* Adds a file, read when training runs ("-" is standard input). Errors: IO when it is missing or a folder. */
BIRCHLOG_CHECKED birchlog_status birchlog_trainer_add_file(birchlog_trainer *trainer, const char *path, int32_t role);

/* Adds a copy of a buffer of raw lines separated by newlines. Errors: ARGUMENT, LIMIT. */
BIRCHLOG_CHECKED birchlog_status birchlog_trainer_add_lines(
    birchlog_trainer *trainer, const char *lines, size_t length, int32_t role);

/* Adds a copy of whole sessions of events, laid out as for birchlog_classify_sessions. Errors: ARGUMENT, LIMIT. */
BIRCHLOG_CHECKED birchlog_status birchlog_trainer_add_sessions(
    birchlog_trainer *trainer, const int32_t *events, const size_t *offsets, size_t session_count, int32_t role);

/* How far a training has come. `stage` is static text. */
typedef struct birchlog_progress {
  uint32_t struct_size;     /* sizeof(birchlog_progress) of the library, which may be more than the caller's */
  uint32_t step;            /* of this stage, from 0 */
  uint32_t steps;           /* of this stage at most; 0 when not known */
  uint32_t reserved;        /* 0 */
  const char *stage;        /* "reading", "normal", "signatures", "kinds", "classifier" */
  double loss;              /* training loss in nats; NaN where there is none */
  double validation_loss;   /* likewise */
  double rate;              /* windows, lines or units a second; NaN where there is none */
  double remaining;         /* seconds until the stage ends at most, at the speed so far; NaN where not known */
} birchlog_progress;

/* Called on the training thread; not 0 cancels. */
typedef int32_t (*birchlog_progress_callback)(const birchlog_progress *progress, void *context);

/* Trains. The same inputs, options and seed give the same model bytes with any number of threads. Errors: any. */
BIRCHLOG_CHECKED birchlog_status birchlog_trainer_run(
    birchlog_trainer *trainer, birchlog_progress_callback progress, void *context, birchlog_model **model);

/*
 * Finds the kinds anew from the trainer's inputs together with the sequences that `base` remembers; the model of normal, its
 * threshold and its templates stay. A kind that is found again keeps its id and its name. Only "kinds", "threads" and what is
 * read may be set in the trainer's options. Errors: any.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_trainer_refit(
    birchlog_trainer *trainer, const birchlog_model *base, birchlog_progress_callback progress, void *context,
    birchlog_model **model);

/*
 * Goes on from `model`: the trainer's inputs teach new normal behaviour, new events and new kinds, in bounded memory, and what the model
 * remembers is learned again beside them (docs/updating.md says how much of the old that keeps). Units of BIRCHLOG_ROLE_NORMAL are
 * learned as normal, of the others those that the model does not call anomalous. Events, kinds and their names keep their ids; the
 * threshold is calibrated anew. Only "half_life" (units after which what came before weighs half; 0, never), "threads" and what is read
 * may be set in the trainer's options. birchlog_model_describe tells under "updates" what came of it (docs/updating.md). `model` stays as it is. Errors: any.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_model_update(
    const birchlog_model *model, birchlog_trainer *trainer, birchlog_progress_callback progress, void *context,
    birchlog_model **updated);

/* Stops a training that runs on another thread; it returns BIRCHLOG_ERROR_CANCELLED. */
void birchlog_trainer_cancel(birchlog_trainer *trainer);

void birchlog_trainer_free(birchlog_trainer *trainer);

/* ---- Evaluation ----------------------------------------------------------------------------------------------- */

/*
 * Classifies files and compares with the truth in `truth_path` (CSV: a header, then id,kind with "normal" for normal). The
 * result is a JSON object: detection (precision, recall, F1, false-positive rate, AUC), kinds over the truly anomalous units (ARI,
 * NMI, V-measure, purity, macro-F1 one-to-one and by majority, the confusion table), counts of units without a truth. `options`
 * may hold, beside those of a classification: join ([["a","b"]], true kinds read as one), prevalence (projects precision), resamples
 * (200, behind the 95 % intervals), baselines (true scores simple detectors too), prefixes (true classifies beginnings of
 * anomalous sessions too). Errors: IO, INPUT, OPTION.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_model_evaluate(
    const birchlog_model *model, const char *truth_path, const char *const *paths, size_t path_count, const char *options,
    birchlog_text **json);

/*
 * Writes signatures, float32 [units, dimension], and kind numbers, int32 [units], as NumPy files; either path may be NULL. With
 * no input files (path_count 0) the units are the distinct ones that training clustered. Errors: IO, INPUT, OPTION.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_model_inspect(
    const birchlog_model *model, const char *const *paths, size_t path_count, const char *options, const char *features_path,
    const char *labels_path);

/* ---- Templates ------------------------------------------------------------------------------------------------ */

/*
 * The template miner on its own: lines in; events, templates and typed parameters out; nothing is trained. A template is the constant
 * part of lines that say the same, with <*> for each value. While lines are learned, templates that turn out to be one are merged:
 * an event may become an earlier one, never two. Options are those that say how lines are read (docs/options.md): format, header,
 * templates, text_field, threads.
 */
typedef struct birchlog_miner birchlog_miner; /* one thread at a time */

/* A miner that has learned nothing. Errors: OPTION, IO (the file of "templates"). */
BIRCHLOG_CHECKED birchlog_status birchlog_miner_create(const char *options, birchlog_miner **miner);

/* A miner with the templates and the header of a trained model. Errors: ARGUMENT (the model learned from event numbers). */
BIRCHLOG_CHECKED birchlog_status birchlog_miner_from_model(const birchlog_model *model, birchlog_miner **miner);

/*
 * Learns one line, without a header unless a file or the option "header" told which. `event`, which may be NULL, receives its
 * event as of now; 0 for a blank line, which is none. Errors: LIMIT.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_miner_learn_line(
    birchlog_miner *miner, const char *line, size_t length, int32_t *event);

/* Learns every line of a file ("-": standard input), plain or gzip. Progress comes in the stage "reading". Errors: IO, INPUT, CANCELLED. */
BIRCHLOG_CHECKED birchlog_status birchlog_miner_learn_file(
    birchlog_miner *miner, const char *path, birchlog_progress_callback progress, void *context);

/* Merges what all lines together show to be one template: to be called when no more lines come. More may be learned afterwards. */
BIRCHLOG_CHECKED birchlog_status birchlog_miner_finish(birchlog_miner *miner);

/* The event that an event has become. */
BIRCHLOG_CHECKED birchlog_status birchlog_miner_final_event(const birchlog_miner *miner, int32_t event, int32_t *final_event);

/*
 * Parses one line and teaches nothing: {"event":5,"template":"took <*> of <*>","parameters":[{"type":"duration","value":"12ms"},…]}. The
 * types are number, duration, size, hex, uuid, ip, port, mac, path, url, host, timestamp, boolean, quoted, identifier and word. A line that
 * no template takes gets one of its own, with an event above all others, until more is learned; a blank line has event 0. Errors: LIMIT.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_miner_parse_line(
    birchlog_miner *miner, const char *line, size_t length, birchlog_text **json);

/* Takes JSON Lines, borrowed for the call; anything but 0 stops. */
typedef int32_t (*birchlog_lines_callback)(const char *lines, size_t length, void *context);

/*
 * Parses every line of a file and teaches nothing: one object for each physical line, blank ones too, with "line" (from 1) before
 * the members above. Lines that belong to no record of their format have event 0. Errors: IO, INPUT, CANCELLED.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_miner_parse_file(
    birchlog_miner *miner, const char *path, birchlog_lines_callback callback, void *context);

/* The templates as JSON Lines, the most frequent first: event, template, count, example (null where none is kept), parameters (types). */
BIRCHLOG_CHECKED birchlog_status birchlog_miner_templates(const birchlog_miner *miner, birchlog_text **json_lines);

/* Counts as a JSON object: lines, blank, templates, forgotten_templates, merged ([[event, final event],…]). */
BIRCHLOG_CHECKED birchlog_status birchlog_miner_statistics(const birchlog_miner *miner, birchlog_text **json);

void birchlog_miner_free(birchlog_miner *miner);

/* ---- Clustering ----------------------------------------------------------------------------------------------- */

/*
 * The engine behind the kinds, on its own: BIRCH (Zhang, Ramakrishnan & Livny 1996) with the numerically sound features of BETULA
 * (Lang & Schubert 2020). A clusterer takes any number of points in one pass and bounded memory; its clusters are found when
 * asked for. docs/clustering.md says what each option does.
 */
typedef struct birchlog_clusterer birchlog_clusterer; /* a tree of clustering features; one thread at a time */
typedef struct birchlog_clusters birchlog_clusters;   /* clusters as of one moment; immutable, shared between threads */

/*
 * An empty clusterer for points of `dimension` columns. Options (defaults):
 *   "threshold"      a length: an entry absorbs a point while its radius stays within it (null: a tenth of the radius of the first points)
 *   "memory"         bytes of the tree at most (64 MiB; null: no limit); the threshold grows to keep within it
 *   "branching", "leaf_capacity" (50, 50), "distance" ("d0"; to "d4", "pooled"), "absorption" ("radius", "diameter")
 *   "reach"          thresholds that a point may lie from the centroid that absorbs it (2; null: no limit, as in 1996)
 *   "merging_refinement", "delay_split" (true, true), "outlier_fraction" (0.25), "outlier_memory" (0.1), "warm_up" (1000)
 *   "half_life"      insertions after which what came before weighs half (null: never)
 * Errors: OPTION, LIMIT (dimension above 2^20 or 0).
 */
BIRCHLOG_CHECKED birchlog_status birchlog_clusterer_create(
    const char *options, size_t dimension, birchlog_clusterer **clusterer);

/*
 * Inserts `count` points, row by row; `weights` holds one for each, or is NULL for 1. All are checked before the first is taken.
 * The same points in the same order give the same tree, in however many calls. Errors: INPUT (NaN, an infinity, a magnitude
 * above 1e100, a weight outside 1e-50 to 1e50).
 */
BIRCHLOG_CHECKED birchlog_status birchlog_clusterer_insert_float(
    birchlog_clusterer *clusterer, const float *points, size_t count, const double *weights);
BIRCHLOG_CHECKED birchlog_status birchlog_clusterer_insert_double(
    birchlog_clusterer *clusterer, const double *points, size_t count, const double *weights);

/*
 * Inserts `count` clustering features: weight n, sum of squared deviations S, and mean, `means` row by row. In the terms of 1996
 * N = n, LS = n * mean, SS = S + n * |mean|^2. Errors: INPUT.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_clusterer_insert_features(
    birchlog_clusterer *clusterer, const double *weights, const double *deviations, const double *means, size_t count);

/* Multiplies the weight of everything held by `factor`, above 0 and at most 1; constant time. Errors: OPTION. */
BIRCHLOG_CHECKED birchlog_status birchlog_clusterer_age(birchlog_clusterer *clusterer, double factor);

/* Adds everything that `other` holds, which stays as it is. A fixed order of merging gives the same bytes. Errors: ARGUMENT. */
BIRCHLOG_CHECKED birchlog_status birchlog_clusterer_merge(birchlog_clusterer *clusterer, const birchlog_clusterer *other);

/* Ends a pass: places points held back, and tries outliers once more. Points may be inserted afterwards. */
BIRCHLOG_CHECKED birchlog_status birchlog_clusterer_finish(birchlog_clusterer *clusterer);

/*
 * Copies the leaf entries and the outliers, as birchlog_clusterer_insert_features takes them; any array may be NULL. `count` receives
 * how many there are; nothing is copied when that is above `capacity`.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_clusterer_features(
    const birchlog_clusterer *clusterer, double *weights, double *deviations, double *means, size_t capacity, size_t *count);

/* Counts, threshold and bytes as a JSON object. */
BIRCHLOG_CHECKED birchlog_status birchlog_clusterer_statistics(const birchlog_clusterer *clusterer, birchlog_text **json);

/* The exact tree as bytes (a birchlog_text that is no text), and back: the restored one goes on as if it had never stopped.
 * Errors: MODEL, LIMIT. */
BIRCHLOG_CHECKED birchlog_status birchlog_clusterer_serialise(const birchlog_clusterer *clusterer, birchlog_text **bytes);
BIRCHLOG_CHECKED birchlog_status birchlog_clusterer_restore(
    const uint8_t *bytes, size_t length, birchlog_clusterer **clusterer);

void birchlog_clusterer_free(birchlog_clusterer *clusterer);

/*
 * Finds the clusters of what the clusterer holds, which stays as it is. (One that is not finished is copied first.) Clusters that
 * continue one of `previous`, which may be NULL, keep its id. Options (defaults):
 *   "method"         "average" linkage, "ward", "complete" or "kmeans"
 *   "entry_weights"  what an entry counts in the method: "count", its points; "one", all the same; "log", the logarithm of 1 + its points
 *   "clusters"       "auto", or how many; fewer where there are fewer entries
 *   "cut"            instead: a merge height; what is farther apart stays apart
 *   "max_entries"    features that the method works on (4096); more entries than that are condensed first
 *   "max_clusters"   up to which number the curve behind "auto" is computed (40; beyond, the five widest gaps up to 512)
 *   "refine"         passes that move entries to their nearest centroid afterwards (0)
 *   "shuffles", "restarts", "seed" (5, 4, 0)   subsets by which stability is measured, starts of kmeans, and their randomness
 * Errors: OPTION, ARGUMENT (previous clusters of another dimension), LIMIT ("complete" above 12,000 entries).
 */
BIRCHLOG_CHECKED birchlog_status birchlog_clusterer_cluster(
    const birchlog_clusterer *clusterer, const char *options, const birchlog_clusters *previous, birchlog_clusters **clusters);

size_t birchlog_clusters_count(const birchlog_clusters *clusters);

/*
 * Copies each cluster's id, weight, sum of squared deviations and mean, the heaviest cluster first; any array may be NULL. `count`
 * receives how many there are; nothing is copied when that is above `capacity`.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_clusters_features(
    const birchlog_clusters *clusters, int32_t *ids, double *weights, double *deviations, double *means, size_t capacity,
    size_t *count);

/* The clusters, the curve behind their number (merge height, gap, silhouette, stability), and how they continue earlier ones (kept,
 * splits, merges, retired, born), as a JSON object. */
BIRCHLOG_CHECKED birchlog_status birchlog_clusters_describe(const birchlog_clusters *clusters, birchlog_text **json);

/*
 * For each point the id of the cluster of its nearest entry, -1 where it is near none, and the distance to that entry's mean; either
 * output may be NULL. Options (defaults): "search" ("exact"; "descent" looks into the nearest cells only: faster, now and then
 * the second nearest), "limit" (null: every point is near one; a distance from the entry; or "auto": two thresholds from the
 * entry, or three radii from the centroid of its cluster). Errors: OPTION, INPUT.
 */
BIRCHLOG_CHECKED birchlog_status birchlog_clusters_predict_float(
    const birchlog_clusters *clusters, const float *points, size_t count, const char *options, int32_t *ids, double *distances);
BIRCHLOG_CHECKED birchlog_status birchlog_clusters_predict_double(
    const birchlog_clusters *clusters, const double *points, size_t count, const char *options, int32_t *ids, double *distances);

/* Clusters as bytes, and back. Errors: MODEL, LIMIT. */
BIRCHLOG_CHECKED birchlog_status birchlog_clusters_serialise(const birchlog_clusters *clusters, birchlog_text **bytes);
BIRCHLOG_CHECKED birchlog_status birchlog_clusters_restore(const uint8_t *bytes, size_t length, birchlog_clusters **clusters);

void birchlog_clusters_free(birchlog_clusters *clusters);

/*
 * For pictures: places `count` points of `dimension` columns in the plane so that near ones stay near (t-SNE, van der Maaten & Hinton
 * 2008). The same points give the same `places`, [count, 2]. Time and memory grow with the square of `count`. Errors: LIMIT
 * (above 4096 points), INPUT (a value that is not finite).
 */
BIRCHLOG_CHECKED birchlog_status birchlog_embed(const float *points, size_t count, size_t dimension, double *places);

#ifdef __cplusplus
}
#endif

#endif
