import { countOf } from './log-words.ts'

/** JSON as somebody reads it: what is large is folded, and opens when it is wanted. */
export function JsonView({ value, name, depth = 0 }: { value: unknown; name?: string; depth?: number }) {
  const label = name === undefined ? null : <span className="json-name">{name}</span>
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="json-line">
        {label}
        <Leaf value={value} />
      </div>
    )
  }
  const entries = Object.entries(value)
  const isList = Array.isArray(value)
  if (entries.length === 0) {
    return (
      <div className="json-line">
        {label}
        <span className="json-soft">{isList ? '[]' : '{}'}</span>
      </div>
    )
  }
  if (isList && value.every((each) => typeof each !== 'object' || each === null)) {
    return <Numbers label={label} values={value} />
  }
  return (
    <details className="json-object" open={depth < 3}>
      <summary>
        {label}
        <span className="json-soft">
          {isList ? countOf(entries.length, 'item') : countOf(entries.length, 'field')}
        </span>
      </summary>
      {entries.map(([key, each]) => (
        <JsonView key={key} name={key} value={each} depth={depth + 1} />
      ))}
    </details>
  )
}

const mostInLine = 8

/** A list of numbers or texts, as columns of positions are. */
function Numbers({ label, values }: { label: React.ReactNode; values: readonly unknown[] }) {
  if (values.length <= mostInLine) {
    return (
      <div className="json-line">
        {label}
        <code>{JSON.stringify(values)}</code>
      </div>
    )
  }
  return (
    <details className="json-object">
      <summary>
        {label}
        <code className="json-cut">{JSON.stringify(values.slice(0, 4)).slice(0, -1)}, …</code>
        <span className="json-soft">{values.length} values</span>
      </summary>
      <code className="json-values">{JSON.stringify(values).replaceAll(',', ', ')}</code>
    </details>
  )
}

function Leaf({ value }: { value: unknown }) {
  if (value === 'withheld') return <span className="json-withheld">withheld</span>
  return <code data-kind={value === null ? 'null' : typeof value}>{JSON.stringify(value)}</code>
}
