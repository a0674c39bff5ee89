/** What is the matter, said where it was asked for. */
import type { Complaint } from './complaint.ts'

export function ComplaintLine({ complaint }: { complaint: Complaint }) {
  if (complaint === undefined) return null
  return (
    <p className="complaint" role="alert">
      {complaint}
    </p>
  )
}
