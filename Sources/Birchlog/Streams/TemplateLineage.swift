/// Which templates a stream's events stand for, so that a snapshot is not read by a model to which
/// the same numbers mean other lines.
struct TemplateLineage: Equatable {
  /// The first event that the model has no template for; 0 where it learned from event numbers.
  let next: Int32
  /// CRC-32 of the templates below.
  private let checksum: UInt64

  init(_ lines: LineModel) {
    self.init(lines, below: lines.miner?.nextID ?? 0)
  }

  private init(_ lines: LineModel, below next: Int32) {
    self.next = next
    var checksum: UInt = 0
    for template in lines.miner?.templates ?? [] where template.id < next {
      checksum = snapshotChecksum(checksum, Array("\(template.id) \(template.text)\n".utf8)[...])
    }
    self.checksum = UInt64(checksum)
  }

  /// Whether a model knows the same templates by the same numbers; it may know more.
  func leads(to lines: LineModel) -> Bool {
    (lines.miner?.nextID ?? 0) >= next && Self(lines, below: next) == self
  }

  func write(to writer: SnapshotWriter) {
    writer.write(Int64(next))
    writer.write(checksum)
  }

  init(_ reader: inout SnapshotReader) throws(BirchlogError) {
    next = try reader.int32()
    checksum = try reader.unsigned()
  }
}
