/** The guides as pages: what stands in docs/*.md, for whoever has a server's address and not its source. */
import { Marked } from 'marked'
import { getHeadingList, gfmHeadingId } from 'marked-gfm-heading-id'
import { Html, html } from './html.ts'
import { type DocsPaths, layoutOf } from './layout.ts'

export interface GuideOptions {
  readonly paths: DocsPaths
  /** Where other files of docs/ are shown: `limits.md` is at `/docs/limits`. */
  readonly others: Readonly<Record<string, string>>
}

/** @param markdown trusted as a part of this program: HTML in it is kept. */
export function guideOf(markdown: string, { paths, others }: GuideOptions): string {
  const marked = new Marked(gfmHeadingId(), {
    walkTokens(token) {
      if (token.type !== 'link') return
      const [file = '', place] = String(token.href).split('#')
      const page = others[file]
      if (page !== undefined) token.href = place === undefined ? page : `${page}#${place}`
    },
    hooks: {
      // Wide tables are scrolled by themselves, like long lines.
      postprocess: (text) =>
        text
          .replaceAll('<table>', '<div class="wide" tabindex="0"><table>')
          .replaceAll('</table>', '</table></div>'),
    },
    renderer: {
      // Long lines are scrolled, also by whoever has no mouse.
      code: ({ text }) => html`<pre tabindex="0"><code>${text}</code></pre>`.text,
    },
  })
  const text = marked.parse(markdown, { async: false })
  const headings = getHeadingList()
  const [title] = headings
  return layoutOf({
    title: `${title?.raw ?? 'Guide'} · Slipstream`,
    description: 'How programs record rides, show them, and keep a copy of them.',
    paths,
    contents: headings
      .filter(({ level }) => level === 2)
      .map(({ id, raw }) => html`<p><a href="#${id}">${raw}</a></p>`),
    main: html`<div class="guide">${new Html(text)}</div>`,
  })
}
