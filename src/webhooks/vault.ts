/**
 * Secrets at rest. They have to be read again to sign with, so they are encrypted and not hashed. Where AUTH_SECRET is set the
 * key is made of it: it lives outside of the database, so that a dump or a stolen backup signs nothing. Without it (a server
 * for its own machine) the key is made of the log's hash key, which stands in the same database and keeps out no more than a
 * glance. What was sealed before AUTH_SECRET was set is read all the same.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { Log } from '#log/log.ts'

export interface Vault {
  /** `of` is what the secret belongs to: sealed for one, it is not opened for another. */
  seal(secret: string, of: string): string
  /** Undefined where it was sealed with another key. */
  open(sealed: string, of: string): string | undefined
}

const algorithm = 'aes-256-gcm'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

export function openVault(log: Pick<Log, 'hash'>, authSecret: string | undefined): Vault {
  const keys: Record<string, Buffer | undefined> = {
    auth: authSecret === undefined ? undefined : derived(authSecret),
    log: derived(log.hash('webhook secrets')),
  }
  const newest = keys['auth'] === undefined ? 'log' : 'auth'
  return {
    seal(secret, of) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv(algorithm, keys[newest]!, nonce).setAAD(Buffer.from(of))
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return `${newest}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`
    },
    open(sealed, of) {
      const [name = '', written = ''] = sealed.split('.')
      const key = keys[name]
      if (key === undefined) return undefined
      const bytes = Buffer.from(written, 'base64url')
      const tag = bytes.subarray(nonceBytes, nonceBytes + tagBytes)
      try {
        const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes))
        decipher.setAAD(Buffer.from(of)).setAuthTag(tag)
        const text = bytes.subarray(nonceBytes + tagBytes)
        return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')
      } catch {
        // Another key, or another's secret: the library says no more.
        return undefined
      }
    },
  }
}

function derived(from: string): Buffer {
  return Buffer.from(hkdfSync('sha256', from, '', 'slipstream webhook secrets', keyBytes))
}
