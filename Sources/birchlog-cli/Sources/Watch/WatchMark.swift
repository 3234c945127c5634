import FoundationEssentials

/// What a snapshot of `watch` knows beside the stream itself: where to go on reading and writing.
struct WatchMark: Codable {
  var device: UInt64
  var file: UInt64
  var offset: Int64
  /// The file of findings; nil when they went elsewhere.
  var findings: FindingsFile.Place?

  init(place: LineFollower.Place, findings: FindingsFile.Place?) {
    (device, file, offset) = (place.device, place.file, place.offset)
    self.findings = findings
  }

  var place: LineFollower.Place { .init(device: device, file: file, offset: offset) }

  var text: String {
    let data = (try? JSONEncoder().encode(self)) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  init?(_ text: String) {
    guard let mark = try? JSONDecoder().decode(WatchMark.self, from: Data(text.utf8)),
      mark.offset >= 0, mark.findings?.length ?? 0 >= 0
    else { return nil }
    self = mark
  }
}
