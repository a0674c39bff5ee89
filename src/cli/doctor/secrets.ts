/** What the environment holds and nobody is to read in a report, which may be sent to others. */

const bearingSecrets = /SECRET|TOKEN|PASSWORD/
const bearingPasswords = /URL|ENDPOINT/

/** Takes out of a text whatever of the environment is secret: tokens, secrets, and passwords that stand in addresses. */
export function withoutSecrets(env: NodeJS.ProcessEnv): (text: string) => string {
  const secrets = Object.entries(env)
    .flatMap(([name, value = '']) => {
      if (bearingSecrets.test(name)) return [value]
      return bearingPasswords.test(name) ? passwordsIn(value) : []
    })
    .filter((secret) => secret !== '')
    .sort((one, other) => other.length - one.length)
  return (text) => secrets.reduce((left, secret) => without(left, secret), text)
}

/**
 * In an address always. By itself only where it is no word that may stand there for something else: a password that is the name of
 * the database, or a letter, is found everywhere.
 */
function without(text: string, secret: string): string {
  const left = text.replaceAll(`:${secret}@`, ':…@')
  return secret.length < shortestAlone || /^[a-z]+$/.test(secret) ? left : left.replaceAll(secret, '…')
}

const shortestAlone = 6

/** As it is written, and as it is meant. */
function passwordsIn(address: string): string[] {
  const [, written] = /^[a-z]+:\/\/[^@/]*?:(.*)@/i.exec(address) ?? []
  if (written === undefined) return []
  try {
    return [written, decodeURIComponent(written)]
  } catch {
    return [written]
  }
}
