import type { Device, Diagnosis } from '../../../graphs/systems.ts'
import type { ShopTables } from '../../database/shop.ts'

/** How a fault shows, by kind of device. */
const SYMPTOMS: Record<Device['kind'], string> = {
  router: 'The router drops the connection to the internet again and again.',
  camera: 'The camera loses its Wi-Fi again and again.',
  speaker: 'The speaker loses its Wi-Fi again and again.',
  tablet: 'The tablet hangs and restarts by itself.',
  headphones: 'The headphones lose the Bluetooth connection again and again.',
  plug: 'The plug does not answer the app.',
}

/**
 * Reads a device's state: the same rows give the same diagnosis. A fault of the settings and one of the hardware look
 * alike until a reset: the first is gone after it, the second is not.
 */
export function diagnose(device: ShopTables['shop_devices'], lastResetAt: number | null, now: number): Diagnosis {
  const { findings, advice } = read(device, lastResetAt)
  return {
    deviceId: device.id,
    at: new Date(now).toISOString(),
    healthy: findings.length === 0,
    findings,
    advice,
    lastResetAt: lastResetAt === null ? null : new Date(lastResetAt).toISOString(),
  }
}

function read(device: ShopTables['shop_devices'], lastResetAt: number | null): Pick<Diagnosis, 'findings' | 'advice'> {
  const symptom = SYMPTOMS[device.kind as Device['kind']]
  const wasReset = lastResetAt !== null && lastResetAt >= (device.fault_since ?? 0)
  const outdated = device.firmware !== device.latest_firmware
  const versions = `It runs version ${device.firmware}, and ${device.latest_firmware} is available.`
  if (device.fault === 'hardware' && wasReset)
    return {
      findings: [symptom, 'The fault is still there after a reset, so it is in the hardware.'],
      advice: 'replace',
    }
  if (device.fault === 'hardware' || (device.fault === 'config' && !wasReset))
    return {
      findings: [symptom, 'The check finds no answer from its settings.', ...(outdated ? [versions] : [])],
      advice: 'reset',
    }
  if (outdated) return { findings: [versions], advice: 'update' }
  if (device.online === 0)
    return { findings: ['It cannot be reached: it has no power or no connection.'], advice: 'none' }
  return { findings: [], advice: 'none' }
}
