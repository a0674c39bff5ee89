/**
 * Google's encoded polyline, precision 5: each coordinate times 1e5, rounded, as the difference from the one
 * before; shifted left by one, inverted where negative; five bits a character, lowest first, 0x20 set on all
 * but the last, 63 added. Source: "Encoded Polyline Algorithm Format", Google Maps documentation.
 */
export function encodePolyline(line: readonly (readonly [longitude: number, latitude: number])[]): string {
  let text = ''
  let north = 0
  let east = 0
  for (const [longitude, latitude] of line) {
    const nextNorth = Math.round(latitude * 1e5)
    const nextEast = Math.round(longitude * 1e5)
    text += encodeNumber(nextNorth - north) + encodeNumber(nextEast - east)
    north = nextNorth
    east = nextEast
  }
  return text
}

function encodeNumber(number: number): string {
  let bits = number < 0 ? ~(number << 1) : number << 1
  let text = ''
  while (bits >= 0x20) {
    text += String.fromCharCode((0x20 | (bits & 0x1f)) + 63)
    bits >>>= 5
  }
  return text + String.fromCharCode(bits + 63)
}
