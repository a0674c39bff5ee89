/** What the address of the page of webhooks says: of which one the log is open. */
export interface WebhooksSearch {
  log?: string
}

export function webhooksSearch(raw: Record<string, unknown>): WebhooksSearch {
  const { log } = raw
  return typeof log === 'string' && /^[0-9a-f-]{36}$/.test(log) ? { log } : {}
}
