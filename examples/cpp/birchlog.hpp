// Small owning wrappers over the C interface of Birchlog: a starting point to copy, not a part of the installed library.
#ifndef BIRCHLOG_EXAMPLE_HPP
#define BIRCHLOG_EXAMPLE_HPP

#include <birchlog.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace birchlog {

// A call that failed.
class Error : public std::runtime_error {
 public:
  explicit Error(birchlog_status status) : std::runtime_error(birchlog_last_error()), status_(status) {}
  birchlog_status status() const noexcept { return status_; }

 private:
  birchlog_status status_;
};

inline void check(birchlog_status status) {
  if (status != BIRCHLOG_OK) throw Error(status);
}

template <auto Free>
struct Deleter {
  template <typename Handle>
  void operator()(Handle *handle) const noexcept {
    Free(handle);
  }
};

template <typename Handle, auto Free>
using Owned = std::unique_ptr<Handle, Deleter<Free>>;

using Text = Owned<birchlog_text, birchlog_text_free>;

// A text of the library as a string of its own.
inline std::string to_string(birchlog_text *text) {
  Text owner(text);
  return {birchlog_text_data(owner.get()), birchlog_text_length(owner.get())};
}

// Verdicts; a `birchlog_finding` points into them and must not outlive them.
class Findings {
 public:
  explicit Findings(birchlog_findings *findings) : findings_(findings) {}

  std::size_t size() const noexcept { return birchlog_findings_count(findings_.get()); }

  birchlog_finding operator[](std::size_t index) const {
    birchlog_finding finding{};
    finding.struct_size = sizeof finding;
    check(birchlog_findings_get(findings_.get(), index, &finding));
    return finding;
  }

  std::string json(std::size_t index) const {
    birchlog_text *text = nullptr;
    check(birchlog_findings_json(findings_.get(), index, &text));
    return to_string(text);
  }

 private:
  Owned<birchlog_findings, birchlog_findings_free> findings_;
};

// What was learned; copies share it.
class Model {
 public:
  static Model load(const std::string &path) {
    birchlog_model *model = nullptr;
    check(birchlog_model_load(path.c_str(), &model));
    return Model(model);
  }

  Model(const Model &other) : model_(birchlog_model_retain(other.get())) {}
  Model(Model &&other) noexcept = default;
  Model &operator=(Model other) noexcept {
    std::swap(model_, other.model_);
    return *this;
  }

  birchlog_model *get() const noexcept { return model_.get(); }

 private:
  explicit Model(birchlog_model *model) : model_(model) {}
  Owned<birchlog_model, birchlog_model_free> model_;
};

// Lines in, findings out.
class Stream {
 public:
  explicit Stream(const Model &model, const std::optional<std::string> &options = std::nullopt) {
    birchlog_stream *stream = nullptr;
    check(birchlog_stream_create(model.get(), options ? options->c_str() : nullptr, &stream));
    stream_.reset(stream);
  }

  void push(std::string_view line) { check(birchlog_stream_push(stream_.get(), line.data(), line.size())); }

  Findings poll() {
    birchlog_findings *findings = nullptr;
    check(birchlog_stream_poll(stream_.get(), &findings));
    return Findings(findings);
  }

  void flush() { check(birchlog_stream_flush(stream_.get())); }

  std::string statistics() const {
    birchlog_text *text = nullptr;
    check(birchlog_stream_statistics(stream_.get(), &text));
    return to_string(text);
  }

 private:
  Owned<birchlog_stream, birchlog_stream_free> stream_;
};

}  // namespace birchlog

#endif
