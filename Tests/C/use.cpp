// Uses the library from C++17 as a log agent would: trains on lines, streams others, and shares the model between threads. Ends with 0 when
// all is well. Takes the path of an empty folder to write into.
#include <birchlog.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "check.h"
#include "logs.h"

namespace {

template <auto Free>
struct Deleter {
  template <typename Handle>
  void operator()(Handle *handle) const {
    Free(handle);
  }
};

using Model = std::unique_ptr<birchlog_model, Deleter<birchlog_model_free>>;
using Stream = std::unique_ptr<birchlog_stream, Deleter<birchlog_stream_free>>;
using Trainer = std::unique_ptr<birchlog_trainer, Deleter<birchlog_trainer_free>>;
using Findings = std::unique_ptr<birchlog_findings, Deleter<birchlog_findings_free>>;

void require(birchlog_status status) {
  if (status != BIRCHLOG_OK) throw std::runtime_error(birchlog_last_error());
}

std::string lines_of(std::uint32_t seed, bool with_faults) {
  std::size_t length = 0;
  std::unique_ptr<char, Deleter<std::free>> text(make_lines(seed, with_faults, &length));
  return {text.get(), length};
}

Model train() {
  birchlog_trainer *raw = nullptr;
  require(birchlog_trainer_create(QUICK_LINES, &raw));
  const Trainer trainer(raw);
  const std::string normal = lines_of(1, false), mixed = lines_of(2, true);
  require(birchlog_trainer_add_lines(trainer.get(), normal.data(), normal.size(), BIRCHLOG_ROLE_NORMAL));
  require(birchlog_trainer_add_lines(trainer.get(), mixed.data(), mixed.size(), BIRCHLOG_ROLE_MIXED));
  std::vector<std::string> stages;
  const auto note = [](const birchlog_progress *progress, void *context) -> std::int32_t {
    auto &names = *static_cast<std::vector<std::string> *>(context);
    if (names.empty() || names.back() != progress->stage) names.emplace_back(progress->stage);
    return 0;
  };
  birchlog_model *model = nullptr;
  require(birchlog_trainer_run(trainer.get(), note, &stages, &model));
  Model owner(model);
  if (stages.empty()) throw std::runtime_error("training reported no progress");
  return owner;
}

// How many units of the lines a stream of its own finds anomalous, as text that two runs can compare.
std::string stream_lines(birchlog_model *model, const std::string &lines) {
  birchlog_stream *raw = nullptr;
  require(birchlog_stream_create(model, nullptr, &raw));
  const Stream stream(raw);
  std::string verdicts;
  const auto take = [&] {
    birchlog_findings *list = nullptr;
    require(birchlog_stream_poll(stream.get(), &list));
    const Findings findings(list);
    for (std::size_t index = 0; index < birchlog_findings_count(findings.get()); index++) {
      birchlog_finding finding{};
      finding.struct_size = sizeof finding;
      require(birchlog_findings_get(findings.get(), index, &finding));
      if (finding.anomalous) verdicts += std::string(finding.session) + "=" + finding.kind + " ";
    }
  };
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = lines.find('\n', begin);
    require(birchlog_stream_push(stream.get(), lines.data() + begin, end - begin));
    take();
    begin = end + 1;
  }
  require(birchlog_stream_flush(stream.get()));
  take();
  return verdicts;
}

int share(const Model &model) {
  const std::string lines = lines_of(3, true);
  std::string verdicts[2];
  std::vector<std::thread> threads;
  std::atomic<int> failures{0};
  for (auto &own : verdicts) {
    threads.emplace_back([&] {
      try {
        own = stream_lines(model.get(), lines);
      } catch (const std::exception &) {
        failures++;
      }
    });
  }
  for (auto &thread : threads) thread.join();
  CHECK(failures == 0 && !verdicts[0].empty() && verdicts[0] == verdicts[1]);
  return 0;
}

// A training that another thread cancels ends early.
int cancel_from_another_thread() {
  birchlog_trainer *raw = nullptr;
  CHECK_OK(birchlog_trainer_create("{\"hidden_size\":64,\"epochs\":10000,\"patience\":10000}", &raw));
  const Trainer trainer(raw);
  session_list sessions = make_sessions(1, 0);
  CHECK_OK(birchlog_trainer_add_sessions(trainer.get(), sessions.events, sessions.offsets, sessions.count, BIRCHLOG_ROLE_NORMAL));
  free_sessions(sessions);
  std::atomic<bool> learning{false};
  const auto note = [](const birchlog_progress *progress, void *context) -> std::int32_t {
    if (std::string(progress->stage) == "normal") *static_cast<std::atomic<bool> *>(context) = true;
    return 0;
  };
  std::thread canceller([&] {
    while (!learning) std::this_thread::yield();
    birchlog_trainer_cancel(trainer.get());
  });
  birchlog_model *model = nullptr;
  const birchlog_status status = birchlog_trainer_run(trainer.get(), note, &learning, &model);
  learning = true;
  canceller.join();
  CHECK_STATUS(status, BIRCHLOG_ERROR_CANCELLED);
  CHECK(model == nullptr);
  return 0;
}

int run(const std::string &folder) {
  const Model trained = train();
  const std::string path = folder + "/cpp.birchlog";
  CHECK_OK(birchlog_model_save(trained.get(), path.c_str()));
  birchlog_model *raw = nullptr;
  CHECK_OK(birchlog_model_load(path.c_str(), &raw));
  const Model loaded(raw);
  const std::string lines = lines_of(4, true);
  CHECK(stream_lines(trained.get(), lines) == stream_lines(loaded.get(), lines));
  CHECK_PART(share(loaded));
  CHECK_PART(cancel_from_another_thread());
  return 0;
}

}  // namespace

int main(int count, char **arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: use FOLDER\n");
    return 2;
  }
  try {
    return run(arguments[1]);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "use.cpp: %s\n", error.what());
    return 1;
  }
}
