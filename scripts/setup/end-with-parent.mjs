/**
 * Loaded into the command that run.mjs runs: when run.mjs is gone without a word (killed, and no signal came from
 * it), the command is asked to end, as by a service manager.
 */

// What the command forks may load this too, but has another parent.
if (process.env.SLIPSTREAM_STARTED_BY === String(process.ppid) && process.channel !== undefined) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  // Waiting for that keeps no process running.
  process.channel.unref()
}
