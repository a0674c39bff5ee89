/** A password that is to be, by the rules that the server has for them. */
import { Field } from '../forms/form.tsx'
import { shortestPassword } from './session.ts'

export function NewPasswordField({
  label,
  name,
  advice = '',
}: {
  label: string
  name: string
  advice?: string
}) {
  return (
    <Field
      label={label}
      name={name}
      type="password"
      autoComplete="new-password"
      minLength={shortestPassword}
      maxLength={128}
      required
      hint={`At least ${shortestPassword} characters. ${advice}`}
    />
  )
}
