/// A stream as a file: what a process that takes its place needs to go on.
extension LogStream {
  /// Writes all that the stream holds, in one step.
  ///
  /// - Parameter mark: the caller's own, given back by ``restore(from:)``.
  /// - Throws: `argument` while units wait for ``poll()``, `io` when the file cannot be written.
  public func snapshot(to path: String, mark: [UInt8]) throws(BirchlogError) {
    guard assembler.readyCount == 0 else {
      throw .argument("Verdicts wait to be taken; poll the stream before it is written.")
    }
    let writer = try SnapshotWriter(path: path)
    writer.write(mark)
    lineage.write(to: writer)
    counts.write(to: writer)
    drift.write(to: writer)
    writer.write(Array((interpreter.newTemplates ?? "").utf8))
    writer.write(knowsFormat ? 1 : 0)
    writer.write(json == nil ? 0 : 1)
    writer.write(joiner?.held?.text ?? [])
    writer.write(joiner?.held?.line ?? 0)
    try assembler.write(to: writer)
    try writer.commit()
  }

  /// Goes on from a snapshot; on any error the stream is as it was.
  ///
  /// - Returns: the mark.
  /// - Throws: `argument` when lines were pushed, `io`, `input` for a damaged snapshot, `model` for
  ///   one of another model.
  public func restore(from path: String) throws(BirchlogError) -> [UInt8] {
    guard counts.lines == 0 else {
      throw .argument("A snapshot is for a new stream; this one has taken lines.")
    }
    var reader = try SnapshotReader(path: path)
    let mark = try reader.run()
    let before = try TemplateLineage(&reader)
    guard before.leads(to: model.lines) else {
      throw .model(
        "\(path) belongs to another model, whose events are not those of this one; start without it."
      )
    }
    let counts = try StreamStatistics(&reader)
    var drift = drift
    try drift.restore(&reader)
    let newTemplates = try reader.run()
    let knowsFormat = try reader.unsigned() != 0
    let readsJSON = try reader.unsigned() != 0
    let heldText = try reader.run()
    let heldLine = try reader.unsigned()
    // Events that were new to the model of then have no number in an updated one.
    let isSameModel = before.next == lineage.next
    var assembler = assembler
    try assembler.restore(&reader, eventLimit: isSameModel ? nil : before.next)
    guard reader.remaining == 0 else { throw reader.damaged }
    let json = readsJSON ? try self.reader.jsonParser(.jsonLines) : nil
    if isSameModel, !newTemplates.isEmpty {
      guard interpreter.restore(newTemplates: String(decoding: newTemplates, as: UTF8.self)) else {
        throw reader.damaged
      }
    }
    self.drift = drift
    (self.counts, self.knowsFormat, self.json) = (counts, knowsFormat, json)
    self.assembler = assembler
    if heldLine > 0 { joiner?.resume(text: heldText, line: heldLine) }
    return mark
  }
}
