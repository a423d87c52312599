import { z } from 'zod'
import { defineReadTool, type Tool } from '../../graphs/tool.ts'
import type { Shop } from './shop.ts'

const anybody = { assurance: 'anonymous', timeoutMs: 5_000 } as const

/** A product with all that it comes in. */
export function getProductDetails(shop: Shop): Tool {
  return defineReadTool({
    ...anybody,
    name: 'get_product_details',
    description: 'The variants of a product with options, prices and availability, by product id (not item id).',
    schema: z.strictObject({ product_id: z.string() }),
    logs: ['product_id'],
    async run({ product_id }) {
      const product = shop.product(product_id)
      if (!product) return { say: 'I cannot find that product.', data: null }
      return { say: `${product.name} comes in ${Object.keys(product.variants).length} variants.`, data: product }
    },
  })
}

/** One variant. */
export function getItemDetails(shop: Shop): Tool {
  return defineReadTool({
    ...anybody,
    name: 'get_item_details',
    description: 'The options, price and availability of one variant, by item id (not product id).',
    schema: z.strictObject({ item_id: z.string() }),
    logs: ['item_id'],
    async run({ item_id }) {
      const item = shop.item(item_id)
      if (!item) return { say: 'I cannot find that item.', data: null }
      return { say: `Item ${item_id} is ${item.available ? '' : 'not '}available.`, data: item }
    },
  })
}

/** What the shop sells. */
export function listAllProductTypes(shop: Shop): Tool {
  return defineReadTool({
    ...anybody,
    name: 'list_all_product_types',
    description: 'The names of all products with their product ids.',
    schema: z.strictObject({}),
    logs: [],
    async run() {
      const products = shop.products().sort((a, b) => (a.name < b.name ? -1 : 1))
      const ids = Object.fromEntries(products.map(({ name, product_id }) => [name, product_id]))
      return { say: `We have ${products.length} kinds of products.`, data: ids }
    },
  })
}
