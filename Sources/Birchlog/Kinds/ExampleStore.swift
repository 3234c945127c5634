/// Chooses the distinct units that a model remembers, so that a refit has what the kinds came from.
enum ExampleStore {
  /// Distinct units, and events in all of them, at most.
  private static let unitLimit = 8_192
  private static let eventLimit = 1 << 20

  /// The units of each kind in turn, the most frequent first, until the limits are reached: rare
  /// kinds keep theirs.
  static func select(_ members: [KindFit.Member], kinds: Int) -> [KindExample] {
    choose(members, kinds: kinds).map { index in
      let member = members[index]
      return KindExample(
        unit: member.input.unit, count: member.input.count, kind: member.kind,
        session: member.input.session, firstLine: member.input.firstLine)
    }
  }

  /// Their indices, ascending.
  static func choose(_ members: [KindFit.Member], kinds: Int) -> [Int] {
    var queues = [[Int]](repeating: [], count: kinds)
    for index in members.indices { queues[members[index].kind].append(index) }
    for kind in queues.indices {
      queues[kind].sort {
        let (left, right) = (members[$0].input.count, members[$1].input.count)
        return left != right ? left > right : $0 < $1
      }
    }
    var chosen: [Int] = []
    var events = 0
    var rank = 0
    let deepest = queues.map(\.count).max() ?? 0
    while rank < deepest, chosen.count < unitLimit {
      for queue in queues where rank < queue.count && chosen.count < unitLimit {
        let size = members[queue[rank]].input.unit.events.count
        guard events + size <= eventLimit else { continue }
        events += size
        chosen.append(queue[rank])
      }
      rank += 1
    }
    return chosen.sorted()
  }
}
