/** What is said first in an archive: what is in it, and how it is read. */

export function readme(at: Date): string {
  return `All that Slipstream has of you, as it was on ${at.toISOString()}.

account.json
    Your name, your e-mail and how you sign in, your privacy zones, your API keys and your webhooks. Keys,
    secrets and passwords themselves are not in it: of keys and passwords only hashes are kept. Of a privacy
    zone there is the circle that is hidden, which was moved by chance; the place that you chose is kept nowhere.
    Your e-mail and how you sign in are there only where you were signed in when you fetched the archive: a
    program with a key is not told them.

rides/
    Your rides, the newest first, each called by the day on which it began and its title.

    … .gpx
        The route with all that the sensors measured (GPX 1.1). Most programs read it, and
        Slipstream takes it back as it was: import it.
    … .json
        What the ride is called, who may see it, its times, distance and statistics, and its share links
        (not what makes them links).
    … .events.ndjson
        All that was recorded of it, in order, a JSON object a line: what was sent, when, and every position as
        the device took it, also those that are left out of the route.

    A ride that is not finished yet has no .gpx.

Times are in UTC (RFC 3339). Distances are in metres, times in seconds, speeds in metres per second, places in
degrees (WGS 84).
`
}
