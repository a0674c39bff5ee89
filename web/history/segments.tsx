/** A few choices beside each other, one of which is made. */
import { useId } from 'react'

export function Segments<Value extends string>({
  label,
  choices,
  chosen,
  choose,
}: {
  label: string
  choices: readonly { readonly value: Value; readonly words: string }[]
  chosen: Value
  choose: (value: Value) => void
}) {
  const name = useId()
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">{label}</legend>
      {choices.map(({ value, words }) => (
        <label key={value} className="segment">
          <input
            type="radio"
            className="visually-hidden"
            name={name}
            checked={value === chosen}
            onChange={() => choose(value)}
          />
          {words}
        </label>
      ))}
    </fieldset>
  )
}
