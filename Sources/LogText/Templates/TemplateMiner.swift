import SIMDKernels

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
      self.skeletonBytes = min(max(2, skeletonBytes), SkeletonTable<Place>.largestSize)
    }
  }

  /// A template as the miner holds it.
  struct Cluster: Sendable {
    var id: Int32
    var skeleton: [UInt8]
    var tokens: [Skeleton.Token]
    var group: UInt64
    /// Over all tokens; see ``Skeleton/sum(_:)``.
    var sum: UInt64
    /// Under which a line that fits finds the template.
    var key: UInt64
    /// Of the places of its wildcards.
    var pattern: UInt64

    /// Bytes the template takes, roughly.
    var size: Int { skeleton.count + tokens.count * MemoryLayout<Skeleton.Token>.stride + 160 }
  }

  /// What every line of a template changes, apart from the template, so that little memory is gone through.
  struct Use: Sendable {
    /// The template of the slot; 0 where it is free.
    var id: Int32 = 0
    /// Lines.
    var count = 0
    /// When a line came last, by ``TemplateMiner/clock``.
    var last: UInt64 = 0
  }

  /// Where a skeleton's template is: its slot, and the id it had there.
  struct Place: Sendable {
    var slot: Int32
    var id: Int32
  }

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
  /// For each slot.
  var uses: [Use] = []
  /// Counts every use.
  var clock: UInt64 = 0
  /// Slots that may be unused for longest, the first of them last, and when each was used.
  var unused: [(slot: Int32, last: UInt64)] = []
  var freeSlots: [Int32] = []
  var slotOfID: [Int32: Int32] = [:]
  var slotOfKey: [UInt64: Int32] = [:]
  var groups: [UInt64: TemplateGroup] = [:]
  /// Skeletons seen lately, and those before them: the older half is dropped when the newer is full.
  var recent = SkeletonTable<Place>()
  var earlier = SkeletonTable<Place>()
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
    let mined = slotOfID.sorted { $0.key < $1.key }.map { _, slot in minedTemplate(slot) }
    return userTemplates.templates.map {
      Template(id: $0.id, text: $0.text, count: userCounts[$0.id] ?? 0)
    } + mined
  }

  private func minedTemplate(_ slot: Int32) -> Template {
    let cluster = slots[Int(slot)]
    return Template(
      id: cluster.id, text: Skeleton.text(cluster.skeleton), count: uses[Int(slot)].count)
  }

  /// The number of templates that lines can be given.
  public var templateCount: Int { slotOfID.count + userTemplates.templates.count }

  /// The template of an event, or nil when there is none or it was forgotten.
  public func template(_ id: Int32) -> Template? {
    let id = finalID(of: id)
    guard let slot = slotOfID[id] else { return userTemplates.template(id) }
    return minedTemplate(slot)
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
    if let place = recent.find(skeleton, hash: hash), isLive(place) {
      use(place.slot, by: count)
      return place.id
    }
    let slot = knownSlot(skeleton, hash: hash) ?? assign(skeleton)
    remember(skeleton, hash: hash, slot: slot)
    use(slot, by: count)
    return slots[Int(slot)].id
  }

  /// Counts lines of a template, which is the one used last now.
  @inline(__always)
  private mutating func use(_ slot: Int32, by count: Int) {
    clock &+= 1
    uses.withUnsafeMutableBufferPointer {
      $0[Int(slot)].count += count
      $0[Int(slot)].last = clock
    }
  }

  /// Asks for the memory of a slot's use.
  @inline(__always)
  func prefetchUse(_ slot: Int32) {
    uses.withUnsafeBufferPointer {
      simd_prefetch($0.baseAddress.unsafelyUnwrapped + Int(slot))
    }
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
    guard let place = recent.find(skeleton, hash: hash) ?? earlier.find(skeleton, hash: hash) else {
      return nil
    }
    return isLive(place) ? place.slot : slotOfID[finalID(of: place.id)]
  }

  @inline(__always)
  private func isLive(_ place: Place) -> Bool {
    let slot = Int(place.slot)
    return slot < uses.count && uses[slot].id == place.id
  }

  mutating func remember(_ skeleton: UnsafeRawBufferPointer, hash: UInt64, slot: Int32) {
    if recent.count >= limits.skeletons / 2 || recent.size >= limits.skeletonBytes / 2 {
      earlier = recent
      recent = SkeletonTable()
    }
    recent.set(skeleton, hash: hash, to: Place(slot: slot, id: slots[Int(slot)].id))
  }
}
