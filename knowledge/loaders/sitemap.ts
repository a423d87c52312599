import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readUpTo, sourceOf } from './folder.ts'
import type { Problem } from './loader.ts'
import { decodeText } from './text.ts'

const LARGEST = 16 * 2 ** 20
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

/** Whether a path is read as a sitemap. */
export function isSitemap(path: string): boolean {
  return path.toLowerCase().endsWith('.xml')
}

/**
 * The files that a sitemap lists, also through the sitemaps that it lists, each once and in order. An entry is a path
 * relative to the sitemap, an absolute path or a `file:` URL; nothing is fetched from anywhere. What cannot be followed
 * is in `problems`.
 */
export async function filesOfSitemap(
  path: string,
  seen = new Set<string>(),
): Promise<{ files: string[]; problems: Problem[] }> {
  seen.add(path)
  const source = sourceOf(path)
  const fail = (problem: string) => ({ files: [], problems: [{ source, problem }] })
  let entries: string[]
  try {
    const xml = decodeText(await readUpTo(path, LARGEST)).replace(/<!--[\s\S]*?-->/g, '')
    if (!/<(?:\w+:)?(?:urlset|sitemapindex)\b/.test(xml))
      return fail('it is not a sitemap: no urlset and no sitemapindex')
    entries = [...xml.matchAll(/<(?:\w+:)?loc\s*>([^<]*)<\/(?:\w+:)?loc\s*>/g)].map(([, loc = '']) =>
      withoutEntities(loc),
    )
  } catch (error) {
    return fail((error as Error).message)
  }
  if (entries.length === 0) return fail('the sitemap lists nothing')
  const files: string[] = []
  const problems: Problem[] = []
  for (const entry of entries) {
    const file = localPath(entry, dirname(path))
    if (file === undefined) problems.push({ source, problem: `${entry} is not a local file; nothing is fetched` })
    else if (seen.has(file)) continue
    else if (isSitemap(file)) {
      const listed = await filesOfSitemap(file, seen)
      files.push(...listed.files)
      problems.push(...listed.problems)
    } else {
      seen.add(file)
      files.push(file)
    }
  }
  return { files, problems }
}

function localPath(entry: string, folder: string): string | undefined {
  if (/^file:/i.test(entry)) {
    try {
      return fileURLToPath(entry)
    } catch {
      return undefined
    }
  }
  return entry === '' || /^[a-z][a-z\d+.-]*:|^\/\//i.test(entry) ? undefined : resolve(folder, entry)
}

function withoutEntities(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => ENTITIES[entity] ?? '').trim()
}
