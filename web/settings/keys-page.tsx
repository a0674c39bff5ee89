/** `/settings/keys`: what programs bring in place of their rider. */
import { NotSignedIn } from '../account/notices.tsx'
import { useTitle } from '../app/page.tsx'
import { ApiKeys } from './keys/api-keys.tsx'
import { OfRider, SettingsPage } from './settings-page.tsx'

export function KeysPage() {
  useTitle('API keys')
  return (
    <SettingsPage>
      <OfRider notSignedIn={<NotSignedIn />}>
        <ApiKeys />
      </OfRider>
    </SettingsPage>
  )
}
