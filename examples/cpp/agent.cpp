// A log agent in C++17: reads lines from standard input and prints every anomaly as soon as a line has made its session
// anomalous ("final":false) and when the session has ended ("final":true).
//
//     c++ -std=c++17 agent.cpp -o agent $(pkg-config --cflags --libs birchlog)
//     tail -F service.log | ./agent service.birchlog '{"idle_seconds":30}'
//
// The end of the input, SIGINT and SIGTERM end all open sessions, whose verdicts are printed before the program ends.
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <string>
#include <system_error>

#include "birchlog.hpp"

namespace {

volatile sig_atomic_t stopped = 0;

// Without SA_RESTART a signal interrupts the wait for input.
void stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { stopped = 1; };
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

// Cuts standard input into lines. The streams of the standard library would go on waiting after a signal.
class LineReader {
 public:
  // Whether there was another line; the last one needs no newline.
  bool next(std::string &line) {
    for (;;) {
      const auto end = pending_.find('\n', begin_);
      if (end != std::string::npos) {
        line.assign(pending_, begin_, end - begin_);
        begin_ = end + 1;
        return true;
      }
      pending_.erase(0, begin_);
      begin_ = 0;
      if (!read_more()) {
        line.swap(pending_);
        pending_.clear();
        return !line.empty();
      }
    }
  }

 private:
  bool read_more() {
    std::array<char, 65536> buffer;
    const ssize_t length = stopped ? 0 : ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (length < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "standard input");
    if (length <= 0) return false;
    pending_.append(buffer.data(), static_cast<std::size_t>(length));
    return true;
  }

  std::string pending_;
  std::size_t begin_ = 0;
};

void print_anomalies(const birchlog::Findings &findings) {
  for (std::size_t index = 0; index < findings.size(); index++) {
    const birchlog_finding finding = findings[index];
    if (!finding.anomalous) continue;
    std::cout << finding.session << " is " << finding.kind;
    if (finding.name != nullptr) std::cout << " (" << finding.name << ")";
    std::cout << ", score " << finding.score << " above " << finding.threshold;
    if (finding.first_line > 0) std::cout << ", lines " << finding.first_line << "-" << finding.last_line;
    std::cout << std::endl;
  }
}

int run(const std::string &path, const std::optional<std::string> &options) {
  birchlog::Stream stream(birchlog::Model::load(path), options);
  stop_on_signals();
  LineReader reader;
  std::string line;
  while (reader.next(line)) {
    try {
      stream.push(line);
    } catch (const birchlog::Error &error) {
      if (error.status() != BIRCHLOG_ERROR_INPUT && error.status() != BIRCHLOG_ERROR_LIMIT) throw;
      std::cerr << "agent: line left out: " << error.what() << "\n";
    }
    print_anomalies(stream.poll());
  }
  stream.flush();
  print_anomalies(stream.poll());
  std::cerr << "agent: " << stream.statistics() << "\n";
  return std::cout ? 0 : 3;
}

}  // namespace

int main(int count, char **arguments) {
  if (count < 2 || count > 3) {
    std::cerr << "usage: agent MODEL [OPTIONS] < LOG\n";
    return 2;
  }
  try {
    return run(arguments[1], count == 3 ? std::optional<std::string>(arguments[2]) : std::nullopt);
  } catch (const std::exception &error) {
    std::cerr << "agent: " << error.what() << "\n";
    return 3;
  }
}
