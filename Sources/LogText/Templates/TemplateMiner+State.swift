extension TemplateMiner {
  /// A miner as plain values, to be stored by the caller.
  public struct State: Sendable, Equatable {
    /// A template, its pattern in a form of its own that keeps every byte.
    public struct StoredTemplate: Sendable, Equatable {
      public var id: Int32
      public var pattern: String
      public var count: Int

      public init(id: Int32, pattern: String, count: Int) {
        self.id = id
        self.pattern = pattern
        self.count = count
      }
    }

    /// A form of line whose template is not the one that a search would find.
    public struct StoredException: Sendable, Equatable {
      public var pattern: String
      public var id: Int32

      public init(pattern: String, id: Int32) {
        self.pattern = pattern
        self.id = id
      }
    }

    /// The lines of the user's template file.
    public var userTemplates: [String]
    /// Mined templates by ascending id.
    public var templates: [StoredTemplate]
    /// Exceptions in the order they were seen.
    public var exceptions: [StoredException]
    /// Events whose template was merged into that of an earlier event, and that event.
    public var merged: [Int32: Int32]
    /// The event of the next new template.
    public var nextID: Int32
    /// The first event of each later generation of templates, ascending.
    public var generations: [Int32]

    public init(
      userTemplates: [String], templates: [StoredTemplate], exceptions: [StoredException],
      merged: [Int32: Int32] = [:], nextID: Int32, generations: [Int32] = []
    ) {
      self.generations = generations
      self.userTemplates = userTemplates
      self.templates = templates
      self.exceptions = exceptions
      self.merged = merged
      self.nextID = nextID
    }
  }

  /// The miner as plain values: restored, it gives every remembered line the same event.
  public var state: State {
    let mined = slotOfID.sorted { $0.key < $1.key }.map { _, slot in
      State.StoredTemplate(
        id: slots[Int(slot)].id, pattern: ByteText.escaped(slots[Int(slot)].skeleton),
        count: uses[Int(slot)].count)
    }
    var exceptions: [State.StoredException] = []
    for table in [earlier, recent] {
      for entry in table.entries {
        let id = finalID(of: entry.value.id)
        guard slotOfID[id] != nil else { continue }
        table.withSkeleton(of: entry) { skeleton in
          guard fittingSlot(skeleton).map({ slots[Int($0)].id }) != id else { return }
          exceptions.append(.init(pattern: ByteText.escaped(Array(skeleton)), id: id))
        }
      }
    }
    return State(
      userTemplates: userTemplates.lines,
      templates: mined, exceptions: exceptions, merged: mergedEvents, nextID: nextID,
      generations: generations)
  }

  /// This miner with the templates of an overlay as a later generation: every line that it takes keeps
  /// its event, and a line of the overlay keeps the one it had there.
  ///
  /// - Throws: `invalidState` when the overlay belongs to another miner.
  public func adding(_ overlay: UnseenTemplates) throws(LogTextError) -> TemplateMiner {
    let added = overlay.state
    guard added.nextID > nextID else { return self }
    var state = state
    state.templates += added.templates
    state.exceptions += added.exceptions
    state.merged.merge(added.merged) { own, _ in own }
    state.generations.append(state.nextID)
    state.nextID = added.nextID
    return try TemplateMiner(state: state, limits: limits)
  }

  /// Restores a miner.
  ///
  /// - Throws: `invalidState` when the values are not those of a miner.
  public init(state: State, limits: Limits = Limits()) throws(LogTextError) {
    var limits = limits
    limits.templates = max(limits.templates, state.templates.count)
    // What was stored stays, whatever the bounds are now; only a new line may push a template out.
    let templateLimit = limits.templateBytes
    limits.templateBytes = Int.max
    limits.skeletons = max(limits.skeletons, 2 * state.exceptions.count + 2)
    self.init(limits: limits, userTemplates: UserTemplates(lines: state.userTemplates))
    var last = Int32(truncatingIfNeeded: userTemplates.count)
    for template in state.templates {
      guard template.id > last, template.id < state.nextID || state.nextID == .max else {
        throw .invalidState(reason: "template \(template.id) is out of order")
      }
      last = template.id
      guard let skeleton = ByteText.bytes(unescaping: template.pattern), template.count >= 0 else {
        throw .invalidState(reason: "template \(template.id) has a malformed pattern")
      }
      let tokens = skeleton.withUnsafeBytes { Skeleton.tokens(of: $0) }
      _ = insert(
        id: template.id, skeleton: skeleton, tokens: tokens, group: Skeleton.group(of: tokens),
        count: template.count)
    }
    guard state.nextID > last || state.nextID == .max else {
      throw .invalidState(reason: "the next event is \(state.nextID), after \(last)")
    }
    nextID = state.nextID
    for (event, earlier) in state.merged {
      // Towards lower events only: no chain of them is endless.
      guard earlier > 0, earlier < event, event < nextID || nextID == .max else {
        throw .invalidState(reason: "event \(event) cannot have been merged into \(earlier)")
      }
    }
    mergedEvents = state.merged
    guard zip(state.generations, state.generations.dropFirst()).allSatisfy({ $0 < $1 }),
      state.generations.last ?? 0 <= nextID
    else { throw .invalidState(reason: "the generations of templates are out of order") }
    generations = state.generations
    self.limits.templateBytes = max(templateLimit, templateBytes)
    for exception in state.exceptions {
      guard let slot = slotOfID[exception.id],
        let skeleton = ByteText.bytes(unescaping: exception.pattern)
      else {
        throw .invalidState(reason: "an exception names the unknown event \(exception.id)")
      }
      skeleton.withUnsafeBytes { remember($0, hash: Skeleton.hash($0), slot: slot) }
    }
  }
}
