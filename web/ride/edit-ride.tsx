/**
 * Title and description of one's own ride. What is sent says which version it was written on, so that what somebody else, or one
 * oneself in another window, has written meanwhile is not written over unseen.
 */
import { useId, useState } from 'react'
import { useApp } from '../app/app.ts'
import { type Complaint, complaintAbout } from '../forms/complaint.ts'
import { Field, Form, textOf } from '../forms/form.tsx'
import { type Opened, Opener } from '../forms/opener.tsx'
import { editRideMutation, type Ride } from './documents.ts'
import { editedFields } from './edited-fields.ts'

export function EditRide({ ride }: { ride: Ride }) {
  return (
    <Opener label="Edit" name="Edit title and description" className="button-small">
      {(opened) => <EditForm ride={ride} opened={opened} />}
    </Opener>
  )
}

export const conflict =
  'The ride was changed meanwhile, perhaps in another window of yours. The ride as it is now is shown above. Save again to replace it with yours, or cancel.'

function EditForm({ ride, opened }: { ride: Ride; opened: Opened }) {
  const { server, announcements } = useApp()
  /** What the page had when somebody last saw what he writes over. */
  const [seen, setSeen] = useState<Pick<Ride, 'title' | 'description'>>(ride)
  const [version, setVersion] = useState(0)
  const id = useId()

  async function save(fields: FormData): Promise<Complaint> {
    if (seen.title !== ride.title || seen.description !== ride.description) {
      setSeen(ride)
      return conflict
    }
    const edited = editedFields(seen, textOf(fields, 'title').trim(), textOf(fields, 'description').trim())
    if (Object.keys(edited).length === 0) {
      opened.close()
      return undefined
    }
    const answer = await server.mutate(editRideMutation, {
      input: {
        rideId: ride.id,
        ...edited,
        // While it goes on it has another version every few seconds.
        expectedVersion: ride.status === 'FINISHED' ? Math.max(version, ride.version) : null,
      },
    })
    const result = answer.ok ? answer.data.editRide : null
    if (result?.__typename === 'EditRidePayload') {
      announcements.say('The ride is saved.')
      opened.close()
      return undefined
    }
    if (result?.__typename !== 'VersionConflictError') return complaintAbout(result)
    setVersion(result.actualVersion)
    return conflict
  }

  return (
    <Form action="Save" submit={save} cancel={opened.goBack}>
      <Field label="Title" name="title" defaultValue={ride.title} maxLength={200} autoComplete="off" />
      <div className="field">
        <label htmlFor={id}>Description</label>
        <textarea
          id={id}
          name="description"
          rows={4}
          maxLength={10_000}
          defaultValue={ride.description ?? ''}
        />
      </div>
    </Form>
  )
}
