/** The write road: commands, the commits that they go into together, and what waits for one. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export interface WriteRoad {
  /** A command was answered. */
  command(type: string, outcome: string, seconds: number): void
  /** Of uploads that were accepted. */
  positions(count: number): void
  /** A group was sent to the log as one statement, whatever became of it. */
  commit(commit: Commit): void
  /** What waits, as it is when Prometheus asks. */
  watch(waiting: () => Waiting): void
  head(partition: number, position: number): void
}

export interface Commit {
  readonly outcome: 'committed' | 'unavailable' | 'failed'
  readonly events: number
  readonly seconds: number
}

export interface Waiting {
  /** Of commands that are not answered yet. */
  readonly commandBytes: number
  /** Of events that wait for the commit before theirs to be done. */
  readonly appendBytes: number
}

/** From what an idle server takes to what is given up. */
const commandBuckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const commitBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** Up to the largest group. */
const groupBuckets = [1, 2, 5, 10, 20, 50, 100, 200, 500]

export function writeRoadMetrics(registry: Registry): WriteRoad {
  const registers = [registry]
  const commands = new Counter({
    name: 'slipstream_commands_total',
    help: 'Commands that were answered, by what became of them.',
    labelNames: ['command', 'outcome'],
    registers,
  })
  const durations = new Histogram({
    name: 'slipstream_command_duration_seconds',
    help: 'From a command to its answer, in this process.',
    labelNames: ['command'],
    buckets: commandBuckets,
    registers,
  })
  const positions = new Counter({
    name: 'slipstream_positions_recorded_total',
    help: 'Positions of uploads that were accepted. What is sent again counts again.',
    registers,
  })
  const commits = new Counter({
    name: 'slipstream_log_commits_total',
    help: 'Groups of events that were sent to the log as one commit, by what became of them.',
    labelNames: ['outcome'],
    registers,
  })
  const commitDurations = new Histogram({
    name: 'slipstream_log_commit_duration_seconds',
    help: 'How long the database took for a commit, with the way there and back.',
    buckets: commitBuckets,
    registers,
  })
  const groups = new Histogram({
    name: 'slipstream_log_group_events',
    help: 'How many events went into a commit.',
    buckets: groupBuckets,
    registers,
  })
  const head = new Gauge({
    name: 'slipstream_log_head_position',
    help: "The position of a partition's newest event.",
    labelNames: ['partition'],
    registers,
  })
  let waiting = (): Waiting => ({ commandBytes: 0, appendBytes: 0 })
  new Gauge({
    name: 'slipstream_command_queue_bytes',
    help: 'What commands that are not answered yet hold on to, about.',
    registers,
    collect() {
      this.set(waiting().commandBytes)
    },
  })
  new Gauge({
    name: 'slipstream_log_queue_bytes',
    help: 'Events that wait for the commit before theirs to be done.',
    registers,
    collect() {
      this.set(waiting().appendBytes)
    },
  })

  return {
    command(type, outcome, seconds) {
      commands.inc({ command: type, outcome })
      durations.observe({ command: type }, seconds)
    },
    positions: (count) => positions.inc(count),
    commit({ outcome, events, seconds }) {
      commits.inc({ outcome })
      commitDurations.observe(seconds)
      groups.observe(events)
    },
    watch(look) {
      waiting = look
    },
    head: (partition, position) => head.set({ partition: String(partition) }, position),
  }
}
