import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'

/** What an article's file is made from. */
export interface ArticleText {
  title: string
  scope: string
  questions: string[]
  /** Markdown. */
  text: string
}

/** An article's file: where it is, and the id that the store gives it. */
export interface ArticleFile {
  path: string
  articleId: string
}

const MOST_NAMES = 100
const NAME_CHARACTERS = 60

/**
 * Writes an article into the folder of its scope under a name made from its title. Whole or not at all, and never over
 * another file: a name that is taken gets a number. The same article again is the file that is there.
 */
export async function writeArticle(folder: string, article: ArticleText): Promise<ArticleFile> {
  const scope = nameOf(article.scope)
  const name = nameOf(article.title)
  const content = contentOf(article)
  await mkdir(join(folder, scope), { recursive: true })
  for (let n = 1; n <= MOST_NAMES; n += 1) {
    const numbered = n === 1 ? name : `${name}-${n}`
    const path = join(folder, scope, `${numbered}.md`)
    if (await put(path, content)) return { path, articleId: `${scope}/${numbered}` }
  }
  throw new Error(`${MOST_NAMES} articles in ${folder}/${scope} are called ${name} already`)
}

/** @returns false when the file is there with another content */
async function put(path: string, content: string): Promise<boolean> {
  // The loader skips names that begin with a dot: nobody reads half a file.
  const draft = join(path, '..', `.${randomUUID()}.tmp`)
  try {
    const file = await open(draft, 'wx')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    // A link, not a rename: it fails where there is a file.
    await link(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return (await readFile(path, 'utf8').catch(() => undefined)) === content
  } finally {
    await rm(draft, { force: true })
  }
}

/** A part of a path that no file system minds and nothing can climb out with. */
function nameOf(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, NAME_CHARACTERS)
    .replace(/^-+|-+$/g, '')
  // The loader takes a README for no article.
  return plain === '' || /^readme(-|$)/.test(plain) ? `article${plain && `-${plain}`}` : plain
}

function contentOf({ title, scope, questions, text }: ArticleText): string {
  const front = stringify({ title, scope, ...(questions.length > 0 && { questions }) }, { lineWidth: 0 })
  return `---\n${front}---\n${text.trim()}\n`
}
