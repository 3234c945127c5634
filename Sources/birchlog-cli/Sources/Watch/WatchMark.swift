import FoundationEssentials

/// What a snapshot of `watch` knows beside the stream itself: where to go on reading and writing.
struct WatchMark: Codable {
  var device: UInt64
  var file: UInt64
  var offset: Int64
  /// Bytes of the file of findings; nil when they went elsewhere.
  var output: Int64?

  init(place: LineFollower.Place, output: Int64?) {
    (device, file, offset) = (place.device, place.file, place.offset)
    self.output = output
  }

  var place: LineFollower.Place { .init(device: device, file: file, offset: offset) }

  var text: String {
    let data = (try? JSONEncoder().encode(self)) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  init?(_ text: String) {
    guard let mark = try? JSONDecoder().decode(WatchMark.self, from: Data(text.utf8)),
      mark.offset >= 0, mark.output ?? 0 >= 0
    else { return nil }
    self = mark
  }
}
