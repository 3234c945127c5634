import Glibc
import SequenceModel

// Our side of the benchmark: reads a command a line and answers with numbers, so that both sides can
// take turns on one machine. Files are raw little-endian arrays.
//
//     windows PATH LENGTH VOCABULARY        what the commands below work on
//     threads N
//     train TARGETS BATCH                   seconds of one pass of training
//     infer BATCH                           seconds of the base network over all windows
//     classify BATCH FEATURES KINDS         seconds of the classifier over all windows
//     cold COUNT FEATURES KINDS             p50 and p99 of one window at a time, microseconds
//     stage1 TARGETS WEIGHTS WINDOWS TARGETS WEIGHTS BATCH EPOCHS RATE SEED
//                                           seconds and validation loss after each epoch

var bench = Bench()
print("ready \(instructionSet)")
fflush(nil)
while let line = readLine() {
  let words = line.split(separator: " ").map(String.init)
  do {
    print(try bench.answer(words))
  } catch {
    print("error \(error)")
  }
  fflush(nil)
}
