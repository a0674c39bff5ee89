/**
 * Randomness that a seed repeats. Not for secrets.
 */

export interface Random {
  /** From 0 to below 1. */
  (): number
  /** From the standard normal distribution. */
  readonly normal: () => number
}

/** Marsaglia's 32-bit xorshift (Journal of Statistical Software 8/14, 2003). */
export function randomFrom(seed: number): Random {
  // Neighbouring seeds are spread apart (Knuth's multiplicative hash); the state must not be 0.
  let state = Math.imul(seed | 0, 0x9e37_79b1) || 0x9e37_79b1
  const uniform = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  for (let warmUp = 0; warmUp < 8; warmUp++) uniform()
  // Box and Muller: two uniform numbers make a normal one.
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  return Object.assign(uniform, { normal })
}
