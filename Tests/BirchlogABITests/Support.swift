import CBirchlog
import Testing

/// Sessions that a small service might log, with faults of three kinds; deterministic.
enum Simulation {
  /// Normal sessions: open, a few reads, sometimes a write, close.
  static func normal(_ count: Int) -> [[Int32]] {
    (0..<count).map { index in
      [1, 2] + [Int32](repeating: 3, count: 1 + index % 4) + (index % 3 == 0 ? [4, 5] : [5]) + [6]
    }
  }

  /// Mixed sessions and the kind of each: normal, a new event, a cut end, a loop.
  static func mixed(_ count: Int) -> [(events: [Int32], kind: String)] {
    (0..<count).map { index in
      let normal = normal(count)[index]
      return switch index % 8 {
      case 0: (Array(normal.dropLast(2)) + [7, 8], "crash")
      case 1: (Array(normal.prefix(3)), "cut")
      case 2: ([1, 2] + [Int32](repeating: 3, count: 20 + index % 5) + [5, 6], "loop")
      default: (normal, "normal")
      }
    }
  }
}

/// Sessions as the header lays them out.
struct FlatSessions {
  var events: [Int32] = []
  var offsets: [Int] = [0]

  init(_ sessions: [[Int32]]) {
    for session in sessions {
      events += session
      offsets.append(events.count)
    }
  }

  var count: Int { offsets.count - 1 }
}

let quickOptions = #"{"hidden_size":16,"layers":1,"attention_heads":2,"epochs":20,"threads":2}"#

func lastError() -> String { String(cString: birchlog_last_error()) }

/// A trainer with the simulated sessions added.
func trainer(options: String = quickOptions) throws -> OpaquePointer {
  var trainer: OpaquePointer?
  try #require(birchlog_trainer_create(options, &trainer) == BIRCHLOG_OK, "\(lastError())")
  let handle = try #require(trainer)
  let normal = FlatSessions(Simulation.normal(200))
  let mixed = FlatSessions(Simulation.mixed(200).map(\.events))
  try #require(
    birchlog_trainer_add_sessions(
      handle, normal.events, normal.offsets, normal.count, BIRCHLOG_ROLE_NORMAL) == BIRCHLOG_OK)
  try #require(
    birchlog_trainer_add_sessions(
      handle, mixed.events, mixed.offsets, mixed.count, BIRCHLOG_ROLE_MIXED) == BIRCHLOG_OK)
  return handle
}

/// A small trained model.
func trainedModel(options: String = quickOptions) throws -> OpaquePointer {
  let trainer = try trainer(options: options)
  defer { birchlog_trainer_free(trainer) }
  var model: OpaquePointer?
  try #require(birchlog_trainer_run(trainer, nil, nil, &model) == BIRCHLOG_OK, "\(lastError())")
  return try #require(model)
}

/// The text of a `birchlog_text`, which is freed.
func take(_ text: OpaquePointer?) -> String {
  defer { birchlog_text_free(text) }
  return String(cString: birchlog_text_data(text))
}
