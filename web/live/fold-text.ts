/** Text as it is searched: `Žoga` is found by `zoga`. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLocaleLowerCase('en')
    .replace(/[ßøłđ]/g, (letter) => plain[letter] ?? letter)
}

/** What has no mark that could be taken off. */
const plain: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd' }

/** Whether each word of what is sought stands somewhere in a folded text. */
export function finder(sought: string): (folded: string) => boolean {
  const words = foldText(sought)
    .split(/\s+/)
    .filter((word) => word !== '')
  return (folded) => words.every((word) => folded.includes(word))
}
