import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { ArticleText } from './article-file.ts'

/** An article that says what it is about with the same words as a draft. */
export interface ArticleConflict {
  articleId: string
  title: string
  because: 'title' | 'question'
  /** The title or the question that both have. */
  text: string
}

/**
 * The articles that have a draft's title, or one of its questions, as their title, alias or question, whatever the case
 * and the punctuation. @param except the draft's own article
 */
export async function conflictsOf(
  db: Kysely<Tables>,
  draft: ArticleText,
  except: string | null,
): Promise<ArticleConflict[]> {
  const rows = await db
    .selectFrom('articles')
    .select(['id', 'title', 'aliases', 'questions'])
    .where('removed', '=', 0)
    .where('id', '!=', except ?? '')
    .orderBy('id')
    .execute()
  const title = plain(draft.title)
  const questions = new Set(draft.questions.map(plain))
  return rows.flatMap((row): ArticleConflict[] => {
    const about = { articleId: row.id, title: row.title }
    if (plain(row.title) === title) return [{ ...about, because: 'title', text: row.title }]
    const labels: string[] = [row.title, ...JSON.parse(row.questions), ...JSON.parse(row.aliases)]
    const same = labels.find((label) => questions.has(plain(label)))
    return same === undefined ? [] : [{ ...about, because: 'question', text: same }]
  })
}

function plain(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ')
}
