/** What is in a ZIP, read by its list at the end, as every program does: each file once, its length and checksum as it says. */
import { crc32, inflateRawSync } from 'node:zlib'

export function unzip(archive: Buffer): Map<string, string> {
  const files = new Map<string, string>()
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end < 0) throw new Error('This is no ZIP, or not all of one')
  const count = archive.readUInt16LE(end + 10)
  let place = archive.readUInt32LE(end + 16)
  for (let index = 0; index < count; index++) {
    if (archive.readUInt32LE(place) !== 0x02014b50) throw new Error('The list of the ZIP is broken')
    const [checksum, packed, length] = [16, 20, 24].map((offset) => archive.readUInt32LE(place + offset))
    const [name = 0, extra = 0, comment = 0] = [28, 30, 32].map((offset) =>
      archive.readUInt16LE(place + offset),
    )
    const path = archive.toString('utf8', place + 46, place + 46 + name)
    const start = archive.readUInt32LE(place + 42)
    const from = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28)
    const content = inflateRawSync(archive.subarray(from, from + packed!))
    if (content.length !== length || crc32(content) !== checksum) throw new Error(`${path} is broken`)
    if (files.has(path)) throw new Error(`${path} is there twice`)
    files.set(path, content.toString())
    place += 46 + name + extra + comment
  }
  return files
}
