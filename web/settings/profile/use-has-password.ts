/** Whether who is signed in has a password here. Null until it is known. */
import { useEffect, useState } from 'react'
import { useApp } from '../../app/app.ts'
import { backoffMs } from '../../graphql/backoff.ts'

export function useHasPassword(): boolean | null {
  const { sessions, server } = useApp()
  const [hasPassword, setHasPassword] = useState<boolean | null>(null)
  useEffect(() => {
    let isGone = false
    async function insist(): Promise<void> {
      for (let attempt = 0; !isGone; attempt++) {
        const answer = await sessions.hasPassword().catch(() => null)
        if (isGone) return
        if (answer !== null) return setHasPassword(answer)
        await server.socket.pause(backoffMs(attempt, Math.random()))
      }
    }
    void insist()
    return () => {
      isGone = true
    }
  }, [sessions, server])
  return hasPassword
}
