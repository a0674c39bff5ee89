/** `/settings/data`: everything that there is of a rider, to take away, and to delete. */
import { NotSignedIn } from '../account/notices.tsx'
import { useApp } from '../app/app.ts'
import { useTitle } from '../app/page.tsx'
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
          <p className="settings-about">What you record is yours: take it with you, or have it deleted.</p>
        </header>
        <ExportSection />
        {session.status === 'rider' && <DeleteAccount session={session} />}
        {session.status === 'none' && <OfLocalRider />}
      </OfRider>
    </SettingsPage>
  )
}

/** A page that anybody on the machine can open is no place for it. */
function OfLocalRider() {
  return (
    <section aria-labelledby="delete-heading">
      <h2 id="delete-heading">Delete everything</h2>
      <p className="settings-about">
        There is no account on this server. A ride is deleted on its page, and all of them at once on the
        machine itself, where the command says first what it would do:
      </p>
      <pre className="command">npm run forget -- 00000000-0000-4000-8000-000000000001</pre>
    </section>
  )
}
