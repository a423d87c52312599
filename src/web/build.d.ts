/** Where the built pages are; the server serves this folder. */
export const pagesDir: string

/**
 * Builds the pages into `pagesDir` unless they already are what the sources and the installed packages make.
 * Rejects with an Error whose message says what to do; the pages built before stay in place then.
 */
export function buildPagesIfStale(options?: { log?: (words: string) => void }): Promise<{ built: boolean }>
