/**
 * How a connection begins: encryption is declined (the socket is a file that only its owner can open), any
 * user and database are welcome, and settings are refused that the shared session cannot take, rather than
 * ignored. Time-outs of statements and locks are taken and have no effect: WebAssembly cannot be interrupted,
 * and nothing waits for a lock.
 */
import { int32, message, type Refusal, startupCode, startupParameters } from './protocol.ts'

export type StartupAnswer =
  /** Say this and expect a startup message again. */
  | { readonly kind: 'again'; readonly say: Buffer }
  | {
      readonly kind: 'welcome'
      readonly say: Buffer
      readonly idleInTransactionTimeoutMs: number | undefined
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** A statement cannot be interrupted; the protocol has no answer to this. */
  | { readonly kind: 'cancel' }

export function answerStartup(first: Buffer): StartupAnswer {
  const code = first.length < 8 ? 0 : first.readInt32BE(4)
  if (code === startupCode.ssl || code === startupCode.gssEncryption) {
    return { kind: 'again', say: Buffer.from('N') }
  }
  if (code === startupCode.cancel) return { kind: 'cancel' }
  if (code >> 16 !== startupCode.version3) {
    return {
      kind: 'refused',
      refusal: { code: '0A000', message: 'Only version 3 of the protocol is spoken.' },
    }
  }
  const parameters = startupParameters(first)
  const extensions: string[] = []
  for (const [name, value] of parameters) {
    if (name.startsWith('_pq_.')) extensions.push(name)
    else if (!accepted[name]?.(value)) return { kind: 'refused', refusal: notTaken(name) }
  }
  // "NegotiateProtocolVersion: Int32 newest minor version, Int32 number of options, their names"
  const negotiation =
    (code & 0xffff) > 0 || extensions.length > 0
      ? message('v', int32(0), int32(extensions.length), ...extensions)
      : Buffer.alloc(0)
  const timeout = Number(parameters.get('idle_in_transaction_session_timeout') ?? 0)
  return {
    kind: 'welcome',
    say: Buffer.concat([negotiation, message('R', int32(0))]),
    idleInTransactionTimeoutMs: timeout > 0 ? timeout : undefined,
  }
}

const any = () => true

/** Settings that a client may send when it connects, and which values of them. */
const accepted: Readonly<Record<string, ((value: string) => boolean) | undefined>> = {
  user: any,
  database: any,
  application_name: any,
  fallback_application_name: any,
  extra_float_digits: any,
  statement_timeout: any,
  lock_timeout: any,
  transaction_timeout: any,
  idle_in_transaction_session_timeout: (value) => /^\d+$/.test(value),
  client_encoding: (value) => /^'?utf-?8'?$/i.test(value),
  DateStyle: (value) => /^iso\b/i.test(value),
  datestyle: (value) => /^iso\b/i.test(value),
  options: (value) => value.trim() === '',
}

function notTaken(name: string): Refusal {
  return {
    code: '0A000',
    message: `The embedded database cannot set ${name} for one connection: all share one session.`,
    hint: 'Leave it out of the connection settings, or set DATABASE_URL to use a PostgreSQL server.',
  }
}
