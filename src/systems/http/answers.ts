import { z } from 'zod'
import type {
  Charge,
  Customer,
  Device,
  DeviceReset,
  Diagnosis,
  Eligibility,
  Exchange,
  Invoice,
  ItemVariant,
  Money,
  Order,
  OrderCancellation,
  Outage,
  Refund,
  ReturnAuthorization,
  Subscription,
  SubscriptionCancellation,
  Ticket,
} from '../../../graphs/systems.ts'

const text = z.string().min(1)
const instant = z.iso.datetime({ offset: true })
const day = z.iso.date()
const count = z.int().min(0)
const money: z.ZodType<Money> = z.object({ minor: count, currency: z.string().regex(/^[A-Z]{3}$/) })

export const customer: z.ZodType<Customer> = z.object({
  id: text,
  name: text,
  email: z.email(),
  locale: text,
  since: day,
})

export const order: z.ZodType<Order> = z.object({
  number: text,
  placedAt: instant,
  status: z.enum(['processing', 'shipped', 'delivered', 'cancelled']),
  deliveredOn: day.nullable(),
  items: z.array(z.object({ sku: text, title: text, variant: z.string(), quantity: z.int().min(1), price: money })),
  total: money,
  carrier: z.string().nullable(),
  trackingNumber: z.string().nullable(),
})

export const orderCancellation: z.ZodType<OrderCancellation> = z.object({ number: text, refund: money })

export const charge: z.ZodType<Charge> = z.object({
  id: text,
  at: instant,
  description: text,
  amount: money,
  refunded: money,
  status: z.enum(['pending', 'paid', 'failed']),
  method: text,
  orderNumber: text.nullable(),
  subscriptionId: text.nullable(),
})

export const invoice: z.ZodType<Invoice> = z.object({
  number: text,
  issuedOn: day,
  total: money,
  status: z.enum(['open', 'paid']),
  url: z.url({ protocol: /^https?$/ }),
  chargeId: text.nullable(),
})

export const subscription: z.ZodType<Subscription> = z.object({
  id: text,
  plan: text,
  price: money,
  period: z.enum(['month', 'year']),
  status: z.enum(['active', 'cancelled']),
  paidUntil: day,
})

export const refund: z.ZodType<Refund> = z.object({
  id: text,
  chargeId: text,
  amount: money,
  method: text,
  expectedBy: day,
})

export const subscriptionCancellation: z.ZodType<SubscriptionCancellation> = z.object({
  subscriptionId: text,
  plan: text,
  endsOn: day,
})

export const eligibility: z.ZodType<Eligibility> = z.object({ eligible: z.boolean(), until: day.nullable(), why: text })

const sentBack = { rma: text, orderNumber: text, sku: text, labelUrl: z.url({ protocol: /^https?$/ }), sendBy: day }

export const returnAuthorization: z.ZodType<ReturnAuthorization> = z.object({
  ...sentBack,
  quantity: z.int().min(1),
  refund: money,
})

export const exchange: z.ZodType<Exchange> = z.object({ ...sentBack, newSku: text, newVariant: z.string() })

export const itemVariant: z.ZodType<ItemVariant> = z.object({ sku: text, variant: z.string(), inStock: count })

export const device: z.ZodType<Device> = z.object({
  id: text,
  model: text,
  kind: z.enum(['router', 'camera', 'speaker', 'tablet', 'headphones', 'plug']),
  serial: z.string(),
  firmware: z.string(),
  latestFirmware: z.string(),
  online: z.boolean(),
})

export const diagnosis: z.ZodType<Diagnosis> = z.object({
  deviceId: text,
  at: instant,
  healthy: z.boolean(),
  findings: z.array(text),
  advice: z.enum(['none', 'update', 'reset', 'replace']),
  lastResetAt: instant.nullable(),
})

export const deviceReset: z.ZodType<DeviceReset> = z.object({ deviceId: text, at: instant })

export const outage: z.ZodType<Outage> = z.object({ service: text, region: z.string(), since: instant, note: text })

export const ticket: z.ZodType<Ticket> = z.object({ number: text, subject: z.string(), openedAt: instant })
