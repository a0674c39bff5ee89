/**
 * Which of a route's marks are drawn, so that none lies on another: every kilometre, or every second, fifth, tenth …
 *
 * Pure.
 */
interface MarkOnScreen {
  x: number
  y: number
  label: string
}

const steps = [1, 2, 5, 10, 20, 50, 100]
/** From one to the next along the route. */
const apartPx = 56
/** Two that the route brings near each other, as where it comes back. */
const clearPx = 26

export function thinMarks(marks: readonly MarkOnScreen[]): MarkOnScreen[] {
  const step = steps.find((candidate) => stride(marks) * candidate >= apartPx) ?? marks.length
  const shown: MarkOnScreen[] = []
  for (let index = step - 1; index < marks.length; index += step) {
    const mark = marks[index]
    if (mark === undefined) continue
    if (shown.every(({ x, y }) => Math.hypot(x - mark.x, y - mark.y) >= clearPx)) shown.push(mark)
  }
  return shown
}

/** How far one is from the next, on average. */
function stride(marks: readonly MarkOnScreen[]): number {
  let sum = 0
  marks.forEach((mark, index) => {
    const before = marks[index - 1]
    if (before !== undefined) sum += Math.hypot(mark.x - before.x, mark.y - before.y)
  })
  return marks.length < 2 ? apartPx : sum / (marks.length - 1)
}
