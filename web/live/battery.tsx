/** How full the battery is of what records the ride; a low one stands out by more than its colour. */
const low = 0.2

export function Battery({ charge }: { charge: number | null | undefined }) {
  if (typeof charge !== 'number' || !Number.isFinite(charge)) return null
  const share = Math.min(1, Math.max(0, charge))
  const percent = Math.round(share * 100)
  const isLow = share <= low
  return (
    <span className="battery" data-low={isLow} title={isLow ? 'Its battery is low' : 'Its battery'}>
      <svg viewBox="0 0 20 12" width="20" height="12" aria-hidden="true">
        <rect className="battery-case" x="0.75" y="0.75" width="15.5" height="10.5" rx="2.5" />
        <rect className="battery-end" x="17.5" y="4" width="2" height="4" rx="1" />
        <rect
          className="battery-charge"
          x="2.5"
          y="2.5"
          width={Math.max(1.5, 12 * share)}
          height="7"
          rx="1"
        />
      </svg>
      <span className="visually-hidden">{isLow ? 'Battery low: ' : 'Battery: '}</span>
      {percent} %
    </span>
  )
}
