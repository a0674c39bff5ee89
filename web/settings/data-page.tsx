/** `/settings/data`: everything that there is of a rider, to take away, and to delete. */
import { NotSignedIn } from '../account/notices.tsx'
import { useApp } from '../app/app.ts'
import { useTitle } from '../app/page.tsx'
import { CopyButton } from '../forms/copy-button.tsx'
import { useCell } from '../state/use-cell.ts'
import { DeleteAccount } from './data/delete-account.tsx'
import { ExportSection } from './data/export-section.tsx'
import { OfRider, SettingsPage } from './settings-page.tsx'

export function DataPage() {
  const session = useCell(useApp().sessions.session)
  useTitle('Your data')
  return (
    <SettingsPage>
      <OfRider notSignedIn={<NotSignedIn />}>
        <header className="settings-head">
          <h1>Your data</h1>
          <p className="settings-about">What you record is yours. Download it, or delete it.</p>
        </header>
        <ExportSection />
        {session.status === 'rider' && <DeleteAccount session={session} />}
        {session.status === 'none' && <OfLocalRider />}
      </OfRider>
    </SettingsPage>
  )
}

/** By the id of the only rider that there is where nobody signs in. */
const forgetLocalRider = 'npm run forget -- 00000000-0000-4000-8000-000000000001'

/** A page that anybody on the machine can open is no place for it. */
function OfLocalRider() {
  return (
    <section aria-labelledby="delete-heading">
      <h2 id="delete-heading">Delete everything</h2>
      <p className="settings-about">
        This server has no accounts, so there is none to delete. You can delete each ride on its page.
      </p>
      <details className="settings-more">
        <summary>For whoever runs the server: delete all rides at once</summary>
        <p className="settings-about">
          Run this where the server is installed. It lists what it would delete; with <code>--yes</code> added
          it deletes it.
        </p>
        <pre className="command">{forgetLocalRider}</pre>
        <CopyButton text={() => forgetLocalRider} what="the command" className="button button-small">
          Copy the command
        </CopyButton>
      </details>
    </section>
  )
}
