/** Says that a newer version of the app is there. It is loaded when somebody says so: he may be in the middle of something. */
import { useState } from 'react'
import { useApp } from '../app/app.ts'
import { useCell } from '../state/use-cell.ts'

export function VersionNotice() {
  const { newVersion } = useApp()
  const isThere = useCell(newVersion.isThere)
  const [isLater, setLater] = useState(false)
  return (
    <div className="version-place" role="status">
      {isThere && !isLater && (
        <div className="version-notice">
          <p>A new version is available.</p>
          <button type="button" className="button button-small" onClick={newVersion.load}>
            Load it
          </button>
          <button type="button" className="button button-small" onClick={() => setLater(true)}>
            Later
          </button>
        </div>
      )}
    </div>
  )
}
