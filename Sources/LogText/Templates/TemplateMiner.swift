/// Finds the templates of log lines as they stream by, and recognises them again.
///
/// Values are masked by their form, which makes a line's skeleton. Every skeleton that no template takes is a
/// template at first. Templates that are equal but for a word or two are merged when the words at these places turn out to be
/// values (``SlotEvidence``): what says too little at first sight is decided after the fact. Templates only ever
/// merge, and ``finalID(of:)`` tells where an event went. Drain (He et al. 2017) decides by the likeness of the first two lines
/// and cannot take it back.
///
/// Every skeleton that was seen keeps its template: a line that was learned finds its template again whatever was learned
/// after it, at the price of one look-up. Memory is bounded by ``Limits``. A miner is a value: a copy that is no longer taught
/// is frozen, and threads may share it.
public struct TemplateMiner: Sendable {
  /// What bounds a miner.
  public struct Limits: Sendable, Equatable {
    /// Templates kept; beyond them the one unused for longest is forgotten, and its id not used again.
    public var templates: Int
    /// Bytes of those templates, likewise.
    public var templateBytes: Int
    /// Distinct skeletons whose template is remembered.
    public var skeletons: Int
    /// Bytes of those skeletons.
    public var skeletonBytes: Int

    public init(
      templates: Int = 65_536, templateBytes: Int = 64 << 20, skeletons: Int = 262_144,
      skeletonBytes: Int = 32 << 20
    ) {
      self.templates = max(1, templates)
      self.templateBytes = max(1, templateBytes)
      self.skeletons = max(2, skeletons)
      self.skeletonBytes = max(2, skeletonBytes)
    }
  }

  /// A template as the miner holds it.
  struct Cluster: Sendable {
    var id: Int32
    var skeleton: [UInt8]
    var tokens: [Skeleton.Token]
    var group: UInt64
    var count: Int
    /// Over all tokens; see ``Skeleton/sum(_:)``.
    var sum: UInt64
    /// Under which a line that fits finds the template.
    var key: UInt64
    /// Of the places of its wildcards.
    var pattern: UInt64
    /// Neighbours in the order of use.
    var older = TemplateMiner.none
    var newer = TemplateMiner.none

    /// Bytes the template takes, roughly.
    var size: Int { skeleton.count + tokens.count * MemoryLayout<Skeleton.Token>.stride + 160 }
  }

  static let none: Int32 = -1
  /// Merges that are remembered; beyond them templates stay apart.
  static let mostMerged = 1 << 18

  /// The bounds.
  public internal(set) var limits: Limits
  /// Templates that the user gave; their events come first.
  public let userTemplates: UserTemplates
  /// The event of the next new template.
  public internal(set) var nextID: Int32
  /// The first event of each later generation, ascending: a line that an earlier generation takes
  /// keeps its event, whatever was learned since.
  var generations: [Int32] = []
  /// How many templates were forgotten because there were too many.
  public internal(set) var evictedTemplates = 0
  /// Events whose template was merged into that of another event.
  public internal(set) var mergedEvents: [Int32: Int32] = [:]

  /// Lines that user templates took.
  var userCounts: [Int32: Int] = [:]
  var templateBytes = 0
  var slots: [Cluster] = []
  var freeSlots: [Int32] = []
  var slotOfID: [Int32: Int32] = [:]
  var slotOfKey: [UInt64: Int32] = [:]
  var groups: [UInt64: TemplateGroup] = [:]
  var oldest = Self.none
  var newest = Self.none
  /// Skeletons seen lately, and those before them: the older half is dropped when the newer is full.
  var recent = SkeletonTable()
  var earlier = SkeletonTable()
  private var scanner = LineScanner()

  /// An empty miner.
  ///
  /// - Parameters:
  ///   - userTemplates: win over mining; event N is line N of them.
  ///   - firstID: the first mined event; never below the number of user templates plus one.
  public init(
    limits: Limits = Limits(), userTemplates: UserTemplates = UserTemplates(lines: []),
    firstID: Int32 = 1
  ) {
    self.limits = limits
    self.userTemplates = userTemplates
    nextID = max(firstID, Int32(truncatingIfNeeded: userTemplates.count) + 1)
  }

  /// The templates that lines can be given, by ascending id; user templates first, empty ones left out.
  public var templates: [Template] {
    let mined = slotOfID.values.map { slots[Int($0)] }.sorted { $0.id < $1.id }
    return userTemplates.templates.map {
      Template(id: $0.id, text: $0.text, count: userCounts[$0.id] ?? 0)
    }
      + mined.map { Template(id: $0.id, text: Skeleton.text($0.skeleton), count: $0.count) }
  }

  /// The number of templates that lines can be given.
  public var templateCount: Int { slotOfID.count + userTemplates.templates.count }

  /// The template of an event, or nil when there is none or it was forgotten.
  public func template(_ id: Int32) -> Template? {
    let id = finalID(of: id)
    guard let slot = slotOfID[id] else { return userTemplates.template(id) }
    let cluster = slots[Int(slot)]
    return Template(id: id, text: Skeleton.text(cluster.skeleton), count: cluster.count)
  }

  /// Learns a line and returns its event, which ``finalID(of:)`` may change while more is learned.
  ///
  /// - Parameter content: the line without its header.
  /// - Complexity: linear in the line's bytes when its skeleton is known.
  public mutating func learn(_ content: UnsafeRawBufferPointer) -> Int32 {
    if let id = userTemplates.match(content) {
      userCounts[id, default: 0] += 1
      return id
    }
    scanner.scan(content)
    let scanner = scanner
    return scanner.withSkeleton { learn(skeleton: $0, hash: Skeleton.hash($0), count: 1) }
  }

  /// Learns lines of one skeleton.
  mutating func learn(skeleton: UnsafeRawBufferPointer, hash: UInt64, count: Int) -> Int32 {
    if let entry = recent.find(skeleton, hash: hash), isLive(entry) {
      slots[Int(entry.slot)].count += count
      touch(entry.slot)
      return entry.id
    }
    let slot = knownSlot(skeleton, hash: hash) ?? assign(skeleton)
    remember(skeleton, hash: hash, slot: slot)
    slots[Int(slot)].count += count
    touch(slot)
    return slots[Int(slot)].id
  }

  /// The event of a line, or nil when no template fits it exactly; learns nothing.
  public func match(_ content: UnsafeRawBufferPointer) -> Int32? {
    var scanner = LineScanner()
    return match(content, using: &scanner)
  }

  /// The event of a line, or nil when no template fits it exactly; learns nothing, and saves allocations by the caller's scanner.
  public func match(_ content: UnsafeRawBufferPointer, using scanner: inout LineScanner) -> Int32? {
    if let id = userTemplates.match(content) { return id }
    return slot(of: content, using: &scanner).map { slots[Int($0)].id }
  }

  /// The slot of the mined template that a line fits; its skeleton stays in the scanner.
  func slot(of content: UnsafeRawBufferPointer, using scanner: inout LineScanner) -> Int32? {
    scanner.scan(content)
    return scanner.withSkeleton { knownSlot($0, hash: Skeleton.hash($0)) ?? fittingSlot($0) }
  }

  /// The slot of a skeleton's template where the skeleton was seen; nil also where the template was forgotten.
  private func knownSlot(_ skeleton: UnsafeRawBufferPointer, hash: UInt64) -> Int32? {
    guard let entry = recent.find(skeleton, hash: hash) ?? earlier.find(skeleton, hash: hash) else {
      return nil
    }
    return isLive(entry) ? entry.slot : slotOfID[finalID(of: entry.id)]
  }

  private func isLive(_ entry: SkeletonTable.Entry) -> Bool {
    let slot = Int(entry.slot)
    return slot < slots.count && slots[slot].id == entry.id
  }

  mutating func remember(_ skeleton: UnsafeRawBufferPointer, hash: UInt64, slot: Int32) {
    if recent.count >= limits.skeletons / 2 || recent.size >= limits.skeletonBytes / 2 {
      earlier = recent
      recent = SkeletonTable()
    }
    recent.set(skeleton, hash: hash, slot: slot, id: slots[Int(slot)].id)
  }
}
