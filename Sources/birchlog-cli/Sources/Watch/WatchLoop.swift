import Glibc

/// Reads lines, hands out findings, keeps snapshot and counts up to date, until it is told to stop.
///
/// One thread does one thing after the other: it reads no further than the reader of its findings
/// allows, so nothing piles up.
final class WatchLoop {
  /// Files that are written; nil for none.
  struct Files {
    var state: String?
    var output: String?
    var statistics: String?
    var prometheus: String?
  }

  private let model: WatchedModel
  private var stream: Stream
  private let follower: LineFollower
  private let sink: any FindingsSink
  private let files: Files
  private let interval: Double
  /// Silence after which every open session has been idle for long enough; 0 for never.
  private var idleSeconds: Double
  private var endsWithFile: Bool
  /// Replacements of the file that were seen to.
  private var rotations = 0
  private var drift: DriftNotice
  private var findingsFile: FindingsFile?
  private var counts = WatchCounts()
  private var lastWriting = WatchLoop.now
  private var lastLine = WatchLoop.now
  private var hasOpenLines = false
  /// Lines since what was found was looked at.
  private var pending = 0

  /// Lines between two looks at what was found.
  private static let batch = 64

  init(
    model: WatchedModel, loaded: Model, follower: LineFollower, sink: any FindingsSink,
    files: Files, interval: Double, drift: DriftNotice
  ) throws {
    self.model = model
    stream = try model.stream(loaded)
    idleSeconds = try model.idleSeconds(loaded)
    endsWithFile = try model.endsWithFile(loaded)
    self.follower = follower
    self.sink = sink
    self.files = files
    self.interval = interval
    self.drift = drift
  }

  func run(fromEnd: Bool) throws {
    WatchSignals.listen()
    var lock: FileLock?
    if let state = files.state {
      lock = try FileLock.beside(
        state,
        refusal: "\(state) is in use by another watch; give each a file of its own with --state.")
    }
    defer { withExtendedLifetime(lock) {} }
    let mark = try restore()
    if let output = files.output {
      let opened = try FindingsFile.open(output, earlier: mark?.findings)
      findingsFile = opened.file
      if let warning = opened.warning { warn(warning) }
    }
    try follower.open(at: mark?.place, fromEnd: fromEnd && mark == nil)
    try endReplaced()
    // From here on a later run knows which findings it would make again, however soon this one dies.
    if mark == nil, files.state != nil { try write() }
    var isOver = false
    while !WatchSignals.hasStop {
      let step = try follower.step { try self.take($0) }
      try handOver()
      try endReplaced()
      if step == .end {
        isOver = true
        break
      }
      if step == .nothing {
        try endIdle()
        follower.pause()
      }
      let isAsked = WatchSignals.takeHangUp()
      if isAsked || Self.now - lastWriting >= interval {
        try write()
        if isAsked { try reopen() }
        if isAsked || model.hasChanged { try takeOver() }
      }
    }
    // Where a later run can go on, what is open stays open.
    if isOver || files.state == nil {
      if isOver, endsWithFile { try stream.flush() } else { try stream.finish() }
      try stream.poll { try sink.take($0) }
    }
    sink.finish()
    try write()
  }

  private func take(_ line: UnsafeRawBufferPointer) throws {
    if try !stream.push(line) {
      counts.refusedLines += 1
      if counts.refusedLines == 1 {
        let reason = stream.lastError
        let json = try stream.statisticsJSON()
        if try Documents.decode(StatisticsDocument.self, from: json).refused {
          throw CommandFailure(.input, reason)
        }
        warn("A line was left out (\(reason)) Others like it are counted only.")
      }
    }
    hasOpenLines = true
    lastLine = Self.now
    pending += 1
    if pending >= Self.batch { try handOver() }
  }

  private func handOver() throws {
    guard pending > 0 else { return }
    pending = 0
    try stream.poll { try sink.take($0) }
  }

  /// Where a session is a file, it ends when the file is replaced: all its lines have been taken, and none of the next.
  private func endReplaced() throws {
    guard follower.rotations != rotations else { return }
    rotations = follower.rotations
    guard endsWithFile else { return }
    hasOpenLines = false
    try stream.flush()
    try stream.poll { try sink.take($0) }
  }

  /// Lines come in order: when none came for so long, all open sessions have been idle for that
  /// long.
  private func endIdle() throws {
    guard hasOpenLines, idleSeconds > 0, Self.now - lastLine > idleSeconds else { return }
    hasOpenLines = false
    try stream.flush()
    try stream.poll { try sink.take($0) }
  }

  /// Goes on from the snapshot there is; one that cannot be used is put aside.
  private func restore() throws -> WatchMark? {
    guard let path = files.state, access(path, F_OK) == 0 else { return nil }
    let (text, reason) = try stream.restore(from: path)
    if let text {
      guard let mark = WatchMark(text) else {
        throw CommandFailure(.input, "\(path) is the snapshot of another program; name a new file.")
      }
      hasOpenLines = true
      return mark
    }
    var aside = "\(path).damaged"
    var number = 1
    while access(aside, F_OK) == 0, number < 1000 {
      number += 1
      aside = "\(path).damaged-\(number)"
    }
    guard rename(path, aside) == 0 else {
      throw CommandFailure(
        .input, "\(path) cannot be put aside: \(String(cString: strerror(errno))).")
    }
    warn("\(reason) It is put aside as \(aside), and the log is read from its beginning.")
    return nil
  }

  /// Snapshot and counts. Findings are safe before the snapshot says that they were made.
  private func write() throws {
    lastWriting = Self.now
    StandardOutput.shared.flush()
    if let path = files.state {
      let mark = WatchMark(place: follower.place, findings: findingsFile?.place())
      try stream.snapshot(to: path, mark: mark.text)
      counts.snapshots += 1
    }
    let json = try stream.statisticsJSON()
    let document = try Documents.decode(StatisticsDocument.self, from: json)
    if let text = document.drift.flatMap({ drift.text(of: $0) }) { warn(text) }
    guard files.statistics != nil || files.prometheus != nil else { return }
    counts.cutLines = follower.cutLines
    counts.lag = follower.lag
    counts.rotations = follower.rotations
    if let path = files.statistics {
      // The library's object with the command's own counts as further members.
      try OutputFile.write(json.dropLast() + ",\"watch\":{" + counts.json + "}}\n", to: path)
    }
    if let path = files.prometheus {
      try OutputFile.write(PrometheusText(document, watch: counts).text, to: path)
    }
  }

  /// Takes up the file of findings anew where rotation has renamed it.
  private func reopen() throws {
    guard let output = files.output, let file = findingsFile, !file.isInPlace else { return }
    findingsFile = try FindingsFile.open(output, earlier: nil).file
  }

  /// Goes over to the model that its file holds now, with all that is open.
  private func takeOver() throws {
    do {
      let loaded = try model.load()
      let next = try model.stream(loaded)
      let folder = try TemporaryFolder()
      let path = "\(folder.path)/stream"
      try stream.snapshot(to: path, mark: "")
      guard try next.restore(from: path).mark != nil else {
        return warn(
          "\(model.path) holds a model now whose events are other ones; the one before it is kept. Start watch anew to use it."
        )
      }
      idleSeconds = try model.idleSeconds(loaded)
      endsWithFile = try model.endsWithFile(loaded)
      stream = next
      warn("\(model.path) was read anew; its names and marks count from here on.")
    } catch let failure as CommandFailure {
      warn("\(model.path) cannot be taken over, the model before it is kept: \(failure.message)")
    }
  }

  private func warn(_ text: String) { StandardError.warn(text) }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
