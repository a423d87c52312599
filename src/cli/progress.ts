import { SingleBar } from 'cli-progress'

/** A bar on stderr; silent where nobody watches. */
export function progressBar(label: string) {
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total}`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: false,
  })
  let started = false
  return {
    update({ done, total }: { done: number; total: number }): void {
      if (!process.stderr.isTTY || total === 0) return
      if (!started) bar.start(total, 0)
      started = true
      bar.update(done)
    },
    stop(): void {
      if (started) bar.stop()
    },
  }
}
