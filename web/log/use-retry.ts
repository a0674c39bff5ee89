/** Something that is done at a click, and is not done twice at a time. */
import { useState } from 'react'
import type { Complaint } from '../forms/complaint.ts'

export interface Retrying {
  readonly isUnderWay: boolean
  /** Of the last time. */
  readonly complaint: Complaint
  go(): void
}

export function useRetry(act: () => Promise<Complaint>): Retrying {
  const [isUnderWay, setUnderWay] = useState(false)
  const [complaint, setComplaint] = useState<Complaint>()
  async function go(): Promise<void> {
    if (isUnderWay) return
    setUnderWay(true)
    setComplaint(undefined)
    const answer = await act()
    setUnderWay(false)
    setComplaint(answer)
  }
  return { isUnderWay, complaint, go: () => void go() }
}
