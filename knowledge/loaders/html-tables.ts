import type TurndownService from 'turndown'
import type { HtmlElement } from './html-element.ts'

const CELL = '\u0001'
const SPANS = '\u0002'
const CELL_END = '\u0003'
const ROW = '\u0004'
const WIDEST = 50

/**
 * Tables become Markdown tables whose first row is the header; a cell that spans others is repeated in each of them,
 * so that every row can be read by itself. A table of one column is layout: its cells become paragraphs.
 */
export function addTableRules(service: TurndownService): void {
  service.addRule('cell', {
    filter: ['td', 'th'],
    replacement(content, node) {
      const spans = ['rowspan', 'colspan'].map((name) => spanOf((node as HtmlElement).getAttribute(name)))
      return `${CELL}${spans.join()}${SPANS}${content.trim()}${CELL_END}`
    },
  })
  service.addRule('row', { filter: 'tr', replacement: (content) => `${ROW}${content}` })
  service.addRule('table', { filter: 'table', replacement: (content) => `\n\n${tableOf(content)}\n\n` })
}

function spanOf(given: string | null): number {
  const span = Number(given ?? 1)
  return Number.isInteger(span) && span > 0 ? Math.min(span, WIDEST) : 1
}

function tableOf(content: string): string {
  const [before = '', ...lines] = content.split(ROW)
  const rows = grid(lines.map(cellsOf)).filter((row) => row.some((cell) => cell !== ''))
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const caption = before.replaceAll(CELL, '').replace(/\s+/g, ' ').trim()
  const parts = caption === '' ? [] : [caption]
  if (columns < 2 || rows.length < 2) {
    // A definition in one row, or layout.
    parts.push(...rows.flatMap((row) => [...new Set(row)].filter((cell) => cell !== '')))
    return parts.join('\n\n')
  }
  const line = (row: string[]) => {
    const cells = Array.from({ length: columns }, (_, column) => inCell(row[column] ?? ''))
    return `| ${cells.join(' | ')} |`
  }
  const [header = [], ...body] = rows
  const rule = `| ${Array.from({ length: columns }, () => '---').join(' | ')} |`
  parts.push([line(header), rule, ...body.map(line)].join('\n'))
  return parts.join('\n\n')
}

interface Cell {
  rows: number
  columns: number
  text: string
}

function cellsOf(line: string): Cell[] {
  return line
    .split(CELL)
    .slice(1)
    .map((cell) => {
      const [spans = '', rest = ''] = cell.split(SPANS)
      const [rows = 1, columns = 1] = spans.split(',').map(Number)
      return { rows, columns, text: rest.split(CELL_END)[0] ?? '' }
    })
}

function grid(lines: Cell[][]): string[][] {
  const rows: string[][] = lines.map(() => [])
  for (const [index, cells] of lines.entries()) {
    let column = 0
    for (const { rows: down, columns: across, text } of cells) {
      while (rows[index]?.[column] !== undefined) column += 1
      for (const row of rows.slice(index, index + down)) {
        for (let at = column; at < Math.min(column + across, WIDEST); at += 1) row[at] = text
      }
      column += across
    }
  }
  return rows.map((row) => Array.from(row, (cell) => cell ?? ''))
}

function inCell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|')
}
