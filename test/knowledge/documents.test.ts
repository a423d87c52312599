import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, deflateSync } from 'node:zlib'
import { Document, HeadingLevel, ImageRun, Packer, Paragraph, Table, TableCell, TableRow, TextRun } from 'docx'
import PDFDocument from 'pdfkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDocumentReader } from '../../knowledge/loaders/document-reader.ts'
import { loadFile } from '../../knowledge/loaders/folder.ts'

const documents = openDocumentReader()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-documents-'))
})
afterAll(async () => {
  await documents.close()
  await rm(folder, { recursive: true })
})

const load = async (name: string, content: string | Uint8Array, reader = documents) => {
  const path = join(folder, name)
  await writeFile(path, content)
  return loadFile(path, { id: `returns/${name.split('.')[0]}`, source: name, documents: reader })
}
const articleOf = async (name: string, content: string | Uint8Array) => {
  const { articles, problems } = await load(name, content)
  expect(problems).toEqual([])
  return articles[0]
}
const problemOf = async (name: string, content: string | Uint8Array) => {
  const { articles, problems } = await load(name, content)
  expect(articles).toEqual([])
  return problems[0]?.problem
}

describe('the HTML loader', { timeout: 30_000 }, () => {
  it('keeps what a page says and drops what is around it', async () => {
    const article = await articleOf(
      'page.html',
      `<!doctype html><html lang="de-AT"><head><title>Help | Larkfield</title><style>p{color:red}</style></head><body>
      <header><h1>Larkfield</h1></header><nav><a href="/">Home</a></nav>
      <main><header><h1>Return policy</h1></header>
        <p>Within <b>30&nbsp;days</b> &amp; a receipt, see <a href="/terms">the terms</a> or <a href="https://a.example/t">these</a>.</p>
        <h2>Costs</h2><ul><li>Label: &euro;4.90</li><li>Box: <em>free</em></li></ul>
        <script>document.write('never')</script><p hidden>secret</p><form><p>Your e-mail</p></form>
        <img src="label.png" alt="The label">
        <details><summary>May I open it?</summary><p>Yes.</p></details>
      </main><aside>Also bought</aside><footer>© Larkfield</footer></body></html>`,
    )
    expect(article).toMatchObject({ id: 'returns/page', scope: 'returns', title: 'Return policy', language: 'de-AT' })
    expect(article?.text).toBe(
      [
        '# Return policy',
        'Within **30 days** & a receipt, see the terms or [these](https://a.example/t).',
        '## Costs',
        '- Label: €4.90\n- Box: _free_',
        'The label',
        '#### May I open it?',
        'Yes.',
      ]
        .join('\n\n')
        .replaceAll('\\\\n', '\\n'),
    )
  })

  it('takes the title of a page without one heading, and what its meta tags say', async () => {
    const article = await articleOf(
      'meta.html',
      `<title>Returns &lt;EU&gt;</title><meta name="scope" content="billing"><meta name="validFrom" content="2026-01-01">
      <meta name="validto" content="2026-12-31"><meta name="region" content="DE, at"><meta name="plan" content="plus">
      <meta name="aliases" content="send back, bring back"><meta name="questions" content="How long, if at all?">
      <meta name="reviewBy" content="2026-06-30"><meta name="description" content="not a field"><p>Text.</p>`,
    )
    expect(article).toMatchObject({
      title: 'Returns <EU>',
      scope: 'billing',
      validFrom: '2026-01-01',
      validTo: '2026-12-31',
      regions: ['de', 'at'],
      plans: ['plus'],
      aliases: ['send back', 'bring back'],
      questions: ['How long, if at all?'],
      reviewBy: '2026-06-30',
      text: 'Text.',
    })
    expect(await problemOf('meta.html', '<title>A</title><meta name="validFrom" content="soon"><p>Text.')).toBe(
      'validFrom: must be a date as 2026-01-31',
    )
  })

  it('keeps tables readable, whatever they span', async () => {
    const article = await articleOf(
      'table.html',
      `<h1>Delivery</h1><table><tr><th>Kind</th><th>Time</th><th>Price</th></tr>
      <tr><td rowspan="2">Express</td><td>1 day</td><td>EUR 9.90</td></tr><tr><td>2 days</td><td>7 | 8</td></tr>
      <tr><td colspan="2">Pick-up</td><td><p>free</p><p>always</p></td></tr></table>
      <table><tr><td><p>Only layout.</p></td></tr></table>`,
    )
    expect(article?.text.split('\n')).toEqual([
      '# Delivery',
      '',
      '| Kind | Time | Price |',
      '| --- | --- | --- |',
      '| Express | 1 day | EUR 9.90 |',
      '| Express | 2 days | 7 \\| 8 |',
      '| Pick-up | Pick-up | free always |',
      '',
      'Only layout.',
    ])
  })

  it('reads the encoding that a page declares', async () => {
    const page = Buffer.from('<meta charset="iso-8859-1"><h1>Rückgabe</h1><p>Größe</p>', 'latin1')
    expect(await articleOf('latin.html', page)).toMatchObject({ title: 'Rückgabe', text: '# Rückgabe\n\nGröße' })
  })

  it('fetches nothing that a page names', async () => {
    let asked = 0
    const server = createServer((_, response) => {
      asked += 1
      response.end()
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await articleOf(
      'fetch.html',
      `<base href="${base}"><link rel="stylesheet" href="${base}/a.css"><script src="${base}/a.js"></script><h1>A</h1>
      <img src="${base}/a.png"><iframe src="${base}"></iframe><object data="${base}"></object><p>Text.</p>`,
    )
    await new Promise((resolve) => server.close(resolve))
    expect(asked).toBe(0)
  })

  it('says that a page without a word has no text', async () => {
    expect(await problemOf('empty.html', '<title>A</title><nav>Home</nav>')).toBe('the article has no text')
  })
})

describe('the PDF loader', { timeout: 30_000 }, () => {
  it('reads title, headings and paragraphs, without page numbers', async () => {
    const pdf = await pdfOf({ info: { Title: 'Return policy' } }, (document) => {
      for (const page of [1, 2, 3, 4]) {
        if (page > 1) document.addPage()
        document.fontSize(9).text('Larkfield terms', 72, 30).text(`Page ${page} of 4`, 72, 50)
        document.fontSize(18).text(`Part ${page}`, 72, 100)
        document
          .fontSize(11)
          .text(`Goods of part ${page} can be returned within 30 days of deli-\nvery of it, part ${page}.`, 72, 140)
        document.text(`• With receipt ${page}`, 72, 200)
      }
    })
    const article = await articleOf('policy.pdf', pdf)
    expect(article).toMatchObject({ title: 'Return policy', scope: 'returns', language: 'en' })
    expect(article?.text.split('\n\n').slice(0, 4)).toEqual([
      '# Part 1',
      'Goods of part 1 can be returned within 30 days of delivery of it, part 1.',
      '- With receipt 1',
      '# Part 2',
    ])
    expect(article?.text).not.toMatch(/Page|Larkfield terms/)
  })

  it('takes the first line for a title where there is none, and makes no headings of it', async () => {
    const pdf = await pdfOf({ info: { Title: 'Microsoft Word - policy.docx' } }, (document) => {
      document.fontSize(11).text('Return policy').moveDown().text('Goods can be returned within 30 days.')
    })
    const article = await articleOf('plain.pdf', pdf)
    expect(article).toMatchObject({
      title: 'Return policy',
      text: 'Return policy\n\nGoods can be returned within 30 days.',
    })
  })

  it('takes what a file beside it says', async () => {
    await writeFile(join(folder, 'noted.pdf.yaml'), 'title: Returns\nvalidFrom: 2026-01-01\nregion: eu\n')
    const pdf = await pdfOf({}, (document) => document.text('Goods can be returned within 30 days.'))
    expect(await articleOf('noted.pdf', pdf)).toMatchObject({
      title: 'Returns',
      validFrom: '2026-01-01',
      regions: ['eu'],
    })
  })

  it('says what is wrong with one that is protected, damaged or a scan', async () => {
    const text = (document: PDFKit.PDFDocument) => document.text('Secret.')
    expect(await problemOf('locked.pdf', await pdfOf({ userPassword: 'x', ownerPassword: 'y' }, text))).toBe(
      'it is protected by a password',
    )
    const whole = await pdfOf({}, text)
    expect(await problemOf('cut.pdf', whole.subarray(0, 200))).toMatch(/^the file is damaged/)
    const scan = await pdfOf({}, (document) => document.rect(10, 10, 100, 100).fill('black'))
    expect(await problemOf('scan.pdf', scan)).toContain('no text')
  })
})

describe('the DOCX loader', { timeout: 30_000 }, () => {
  it('reads title, headings, lists and tables, and no pictures', async () => {
    const article = await articleOf('policy.docx', await docxOf({ title: 'Return policy & more' }))
    expect(article).toMatchObject({ title: 'Return policy & more', scope: 'returns' })
    expect(article?.text).toBe(
      `# The policy

Goods can be returned within **30 days**.

## Costs

- A label
- A box

| Kind | Price |
| --- | --- |
| Label | EUR 4.90 |`,
    )
  })

  it('takes the first heading for a title where there is no other', async () => {
    expect(await articleOf('untitled.docx', await docxOf({}))).toMatchObject({ title: 'The policy' })
  })

  it('says what is wrong with an archive that is damaged or something else', async () => {
    const whole = await docxOf({})
    expect(await problemOf('cut.docx', whole.subarray(0, whole.length / 2))).toMatch(/^the file is damaged/)
    expect(await problemOf('other.docx', zipOf({ 'a.xml': Buffer.from('<a/>') }))).toContain('not a Word document')
  })
})

describe('a document made to exhaust the machine', { timeout: 60_000 }, () => {
  it('is refused when it unpacks to too much, whatever it says of its size', async () => {
    const bomb = zipOf({
      '[Content_Types].xml': Buffer.from('<Types/>'),
      'word/document.xml': Buffer.alloc(64 * 2 ** 20, ' '),
    })
    expect(bomb.length).toBeLessThan(100_000)
    expect(await problemOf('bomb.docx', bomb)).toBe('it unpacks to more than 48 MB')
  })

  it('is given up when it takes too long or too much memory, and the next one is read', async () => {
    const reader = openDocumentReader({ ms: 2500, heapMb: 64, growthMb: 60 })
    const endless = await load('endless.html', '<div>'.repeat(200_000), reader)
    expect(endless.problems[0]?.problem).toMatch(/within 3 seconds|more memory/)
    const huge = await load('huge.pdf', pdfBomb(), reader)
    expect(huge.problems[0]?.problem).toMatch(/more memory|within 3 seconds/)
    expect((await load('good.html', '<h1>A</h1><p>Text.', reader)).articles).toHaveLength(1)
    await reader.close()
  })
})

function pdfOf(options: PDFKit.PDFDocumentOptions, draw: (document: PDFKit.PDFDocument) => unknown): Promise<Buffer> {
  const document = new PDFDocument(options)
  const parts: Buffer[] = []
  const whole = new Promise<Buffer>((resolve) => document.on('end', () => resolve(Buffer.concat(parts))))
  document.on('data', (part: Buffer) => parts.push(part))
  draw(document)
  document.end()
  return whole
}

/** One page whose content is 256 MB of blanks. */
function pdfBomb(): Buffer {
  const content = deflateSync(Buffer.alloc(2 ** 28, ' '))
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>',
  ].map((body, index) => Buffer.from(`${index + 1} 0 obj${body}endobj\n`))
  return Buffer.concat([
    Buffer.from('%PDF-1.4\n'),
    ...objects,
    Buffer.from(`4 0 obj<</Length ${content.length}/Filter/FlateDecode>>stream\n`),
    content,
    Buffer.from('\nendstream endobj\ntrailer<</Root 1 0 R>>\n'),
  ])
}

function docxOf({ title }: { title?: string }): Promise<Buffer> {
  const cells = (texts: string[]) =>
    new TableRow({ children: texts.map((text) => new TableCell({ children: [new Paragraph(text)] })) })
  const pixel = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const document = new Document({
    ...(title && { title }),
    sections: [
      {
        children: [
          new Paragraph({ text: 'The policy', heading: HeadingLevel.HEADING_1 }),
          new Paragraph({
            children: [
              new TextRun('Goods can be returned within '),
              new TextRun({ text: '30 days', bold: true }),
              new TextRun('.'),
            ],
          }),
          new Paragraph({
            children: [new ImageRun({ type: 'png', data: pixel, transformation: { width: 1, height: 1 } })],
          }),
          new Paragraph({ text: 'Costs', heading: HeadingLevel.HEADING_2 }),
          new Paragraph({ text: 'A label', bullet: { level: 0 } }),
          new Paragraph({ text: 'A box', bullet: { level: 0 } }),
          new Table({ rows: [cells(['Kind', 'Price']), cells(['Label', 'EUR 4.90'])] }),
        ],
      },
    ],
  })
  return Packer.toBuffer(document)
}

/** An archive that lies about the sizes of its parts. */
function zipOf(parts: Record<string, Buffer>): Buffer {
  const locals: Buffer[] = []
  const entries: Buffer[] = []
  let at = 0
  for (const [name, content] of Object.entries(parts)) {
    const packed = deflateRawSync(content)
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(8, 4)
    head.writeUInt32LE(packed.length, 14)
    head.writeUInt32LE(10, 18)
    head.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), head, Buffer.from(name), packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(at, 10)
    entries.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), head, place, Buffer.from(name)]))
    locals.push(local)
    at += local.length
  }
  const directory = Buffer.concat(entries)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006', 'latin1'), end])
}
