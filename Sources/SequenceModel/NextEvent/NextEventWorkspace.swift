/// What one chunk of windows leaves behind in a `NextEventModel`.
final class NextEventWorkspace: Workspace {
  let lstm: LSTMWorkspace
  /// Of each leaf, `[leaves, vocabulary]`.
  let logits: FloatBuffer

  init(_ shape: NextEventShape, capacity: ChunkCapacity, length: Int) {
    lstm = LSTMWorkspace(shape: shape.lstm, capacity: capacity, length: length, training: false)
    logits = FloatBuffer(capacity.rows * shape.lstm.vocabularySize)
  }

  var length: Int { lstm.length }
  var capacity: ChunkCapacity { lstm.capacity }
  var floatCount: Int { lstm.floatCount + logits.count }
}
