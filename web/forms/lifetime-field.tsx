/** How long something is to be good. */
import { useId } from 'react'
import type { Lifetime } from './lifetime.ts'

export function LifetimeField({
  label,
  lifetimes,
  usual,
}: {
  label: string
  lifetimes: readonly Lifetime[]
  usual: Lifetime['value']
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} name="lifetime" defaultValue={usual}>
        {lifetimes.map(({ value, label: words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  )
}
