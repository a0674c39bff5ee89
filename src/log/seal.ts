/** What is given away and must come back as it was: encrypted, so that nobody reads it, and nobody makes or changes one but us. */
import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Log } from './log.ts'

export interface Seal {
  /** The same content is the same text: whoever compares two learns whether they are the same, and nothing else. */
  seal(content: Buffer): string
  /** Undefined where it is none of ours. */
  open(sealed: Buffer): Buffer | undefined
}

type HashingLog = Pick<Log, 'hash'>

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** By how many bytes what is sealed is longer than its content. */
export const sealBytes = nonceBytes + tagBytes

const seals = new WeakMap<HashingLog['hash'], Map<string, Seal>>()

/**
 * @param what each has keys of its own, made of the log's, so that all processes have the same. They are kept as keys, and not as
 * their bytes: with these a cursor takes 6 µs, a quarter of the time.
 */
export function sealOf({ hash }: HashingLog, what: string): Seal {
  const known = seals.get(hash) ?? new Map<string, Seal>()
  seals.set(hash, known)
  const made = known.get(what) ?? createSeal(keyOf(hash, `key of ${what}`), keyOf(hash, `nonces of ${what}`))
  known.set(what, made)
  return made
}

function createSeal(key: KeyObject, naming: KeyObject): Seal {
  return {
    seal(content) {
      // Of the content, so that no other content ever has it (a synthetic initialisation vector, as in RFC 5297).
      const nonce = createHmac('sha256', naming).update(content).digest().subarray(0, nonceBytes)
      const cipher = createCipheriv(algorithm, key, nonce)
      return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]).toString(
        'base64url',
      )
    },
    open(sealed) {
      if (sealed.length < sealBytes) return undefined
      const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes))
      decipher.setAuthTag(sealed.subarray(-tagBytes))
      const content = decipher.update(sealed.subarray(nonceBytes, -tagBytes))
      try {
        decipher.final()
      } catch {
        return undefined
      }
      return content
    },
  }
}

function keyOf(hash: HashingLog['hash'], name: string): KeyObject {
  return createSecretKey(Buffer.from(hash(`${name}, 1`) + hash(`${name}, 2`), 'hex'))
}
