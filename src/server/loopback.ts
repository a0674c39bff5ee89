/** Whether a server that listens to this address can be reached from its own machine only. */
export function isLoopback(host: string): boolean {
  return ['127.0.0.1', 'localhost', '::1'].includes(host)
}

/** Whether it listens to every address of its machine. */
export function isEverywhere(host: string): boolean {
  return ['0.0.0.0', '::'].includes(host)
}
