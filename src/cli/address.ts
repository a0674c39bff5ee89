/** `https://host/base` and `graphql` → `https://host/base/graphql` */
export function addressBelow(service: URL, path: string): URL {
  const isFolder = service.pathname.endsWith('/')
  return new URL(path, isFolder ? service : `${service.origin}${service.pathname}/`)
}
