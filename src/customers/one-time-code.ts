import { createHmac, timingSafeEqual } from 'node:crypto'

/** Makes and recognises one-time codes of six digits, keyed with a secret of the installation. */
export interface OneTimeCodes {
  /**
   * The code of a turn, always the same one. It is computed, not drawn: the code is stored nowhere, and a turn that
   * runs again after a crash has to mail the same code with the same Message-ID, so that the mail the customer may have
   * got already stays good. Without the secret it is as hard to guess as a random one.
   */
  of(turnId: string): { id: string; code: string }
  /** A keyed hash, in hex; from it nobody without the secret gets back to what went in. */
  hash(purpose: 'code' | 'email', ...parts: string[]): string
  matches(hash: string, id: string, typed: string): boolean
}

const BYTES = 6

/** @param secret of this installation, for this purpose alone */
export function createOneTimeCodes(secret: string): OneTimeCodes {
  const keyed = (...parts: string[]) => createHmac('sha256', secret).update(JSON.stringify(parts)).digest()
  const hash: OneTimeCodes['hash'] = (purpose, ...parts) => keyed(purpose, ...parts).toString('hex')
  return {
    hash,
    of(turnId) {
      // 48 bits onto a million codes: none is likelier than another by more than one in 280 million.
      const number = keyed('draw', turnId).readUIntBE(0, BYTES) % 1_000_000
      return { id: keyed('id', turnId).toString('hex').slice(0, 32), code: String(number).padStart(6, '0') }
    },
    matches(expected, id, typed) {
      const given = hash('code', id, typed.replace(/\D/g, ''))
      return timingSafeEqual(Buffer.from(expected), Buffer.from(given))
    },
  }
}
