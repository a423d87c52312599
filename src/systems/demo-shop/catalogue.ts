import type { Device } from '../../../graphs/systems.ts'
import type { ShopTables } from '../../database/shop.ts'

/** One thing the shop sells. */
interface Product {
  id: string
  title: string
  /** Cents. */
  price: number
  /** SKU to size or colour; one with an empty name where there is no choice. */
  variants: Record<string, string>
  /** What of it is not in stock. */
  soldOut?: string[]
  personalised?: boolean
  /** What the customer links in the app once it is delivered. */
  device?: { kind: Device['kind']; firmware: string; before: string }
}

/** What the articles speak of. */
export const CATALOGUE: Product[] = [
  {
    id: 'mesh-6',
    title: 'Mesh 6 router',
    price: 17_900,
    variants: { MESH6: '' },
    device: { kind: 'router', firmware: '6.4.2', before: '6.3.0' },
  },
  { id: 'mesh-6-satellite', title: 'Mesh 6 satellite', price: 9_900, variants: { 'MESH6-SAT': '' } },
  {
    id: 'porch-cam',
    title: 'Porch Cam',
    price: 12_900,
    variants: { 'PORCHCAM-WHT': 'white', 'PORCHCAM-BLK': 'black' },
    device: { kind: 'camera', firmware: '3.1.7', before: '3.0.9' },
  },
  {
    id: 'slate-10',
    title: 'Slate 10 tablet',
    price: 42_900,
    variants: { 'SLATE10-128': '128 GB' },
    device: { kind: 'tablet', firmware: '12.2', before: '12.0' },
  },
  {
    id: 'quiet-2',
    title: 'Quiet 2 headphones',
    price: 19_900,
    variants: { 'QUIET2-BLK': 'black', 'QUIET2-SND': 'sand', 'QUIET2-BLU': 'blue' },
    soldOut: ['QUIET2-BLU'],
    device: { kind: 'headphones', firmware: '2.8.1', before: '2.7.4' },
  },
  { id: 'volt-20', title: 'Volt 20 power bank', price: 4_490, variants: { VOLT20: '' } },
  {
    id: 'smart-plug',
    title: 'Smart plug',
    price: 2_490,
    variants: { PLUG: '' },
    device: { kind: 'plug', firmware: '1.9.3', before: '1.8.0' },
  },
  {
    id: 'rain-jacket',
    title: 'Rain jacket',
    price: 11_900,
    variants: {
      'JACKET-BLK-S': 'black, S',
      'JACKET-BLK-M': 'black, M',
      'JACKET-BLK-L': 'black, L',
      'JACKET-BLK-XL': 'black, XL',
      'JACKET-GRN-M': 'green, M',
      'JACKET-GRN-L': 'green, L',
    },
    soldOut: ['JACKET-BLK-XL'],
  },
  {
    id: 'backpack-24',
    title: 'Backpack 24 l',
    price: 8_900,
    variants: { 'PACK24-BLU': 'blue', 'PACK24-BLK': 'black', 'PACK24-GRN': 'green' },
    soldOut: ['PACK24-BLU'],
  },
  {
    id: 'duffel-40',
    title: 'Duffel 40 l',
    price: 9_900,
    variants: { 'DUFFEL40-BLK': 'black', 'DUFFEL40-GRN': 'green' },
  },
  { id: 'tent-2', title: 'Tent for two', price: 24_900, variants: { TENT2: '' } },
  {
    id: 'bottle',
    title: 'Drinking bottle 0.75 l',
    price: 2_400,
    variants: { 'BOTTLE-GRY': 'grey', 'BOTTLE-BLU': 'blue' },
  },
  { id: 'base-layer', title: 'Base layer', price: 4_900, variants: { 'BASE-S': 'S', 'BASE-M': 'M', 'BASE-L': 'L' } },
  { id: 'luggage-tag', title: 'Engraved luggage tag', price: 1_490, variants: { TAG: '' }, personalised: true },
]

/** The catalogue as rows, with plenty in stock of what is not sold out. */
export function variantRows(): ShopTables['shop_variants'][] {
  return CATALOGUE.flatMap(({ id, title, price, variants, soldOut = [], personalised = false }) =>
    Object.entries(variants).map(([sku, variant]) => ({
      sku,
      product: id,
      title,
      variant,
      price,
      stock: soldOut.includes(sku) ? 0 : 40,
      personalised: personalised ? 1 : 0,
    })),
  )
}

/** The product that a SKU is a variant of. */
export function productOf(sku: string): Product {
  const product = CATALOGUE.find(({ variants }) => sku in variants)
  if (!product) throw new RangeError(`nothing is called ${sku}`)
  return product
}
