/** What is kept of somebody's account, as he may have it. */
import { type Queryable, sql } from '@databases/pg'

export interface AccountDetails {
  readonly name: string
  /** Null where nobody signs in as this rider: he only ever comes with a key or a token. */
  readonly account: {
    readonly email: string
    /** By the provider that he signs in with. */
    readonly emailIsVerified: boolean
    /** Milliseconds since 1970. */
    readonly createdAt: number
    readonly signsInWith: readonly ('password' | 'provider')[]
    /** Where he is signed in. */
    readonly sessions: readonly { readonly createdAt: number; readonly expiresAt: number }[]
  } | null
}

/** Undefined where there is no such rider. */
export async function accountOf(database: Queryable, riderId: string): Promise<AccountDetails | undefined> {
  const [row] = await database.query(sql`
    select r.name, case when a.id is not null then json_build_object(
             'email', a.email, 'emailIsVerified', a.email_verified, 'createdAt', ${milliseconds('a', 'created_at')},
             'signsInWith', array(select case m.provider_id when 'credential' then 'password' else 'provider' end
                                    from sign_in_methods m where m.user_id = a.id order by 1),
             'sessions', array(select json_build_object('createdAt', ${milliseconds('s', 'created_at')},
                                                        'expiresAt', ${milliseconds('s', 'expires_at')})
                                 from sessions s where s.user_id = a.id and s.expires_at > now() order by s.created_at)) end as account
      from riders r left join accounts a on a.id = r.rider_id where r.rider_id = ${riderId}`)
  return row as AccountDetails | undefined
}

function milliseconds(table: string, column: string) {
  return sql`floor(extract(epoch from ${sql.ident(table, column)}) * 1000)`
}
