import type { Order, ReturnReason, Subscription } from '../../graphs/systems.ts'

/**
 * The tables of the demo shop. Instants are epoch milliseconds, days `YYYY-MM-DD`, amounts cents in EUR, flags 0 or 1.
 * Rows that a request made carry its `request_key`, which is there only once.
 */
export interface ShopTables {
  shop_customers: {
    id: string
    name: string
    /** In lower case. */
    email: string
    locale: string
    /** Where parcels go: ISO 3166, such as `IE`. */
    country: string
    since: string
  }
  shop_variants: {
    sku: string
    /** What one is exchanged within, such as `rain-jacket`. */
    product: string
    title: string
    variant: string
    price: number
    stock: number
    /** 1 where it was made for this customer and is never taken back because they changed their mind. */
    personalised: number
  }
  shop_orders: {
    number: string
    customer_id: string
    placed_at: number
    status: Order['status']
    delivered_on: string | null
    delivery_fee: number
    carrier: string | null
    tracking_number: string | null
    /** 1 where the customer was a member on the day of the order. */
    plus: number
  }
  shop_order_items: { order_number: string; sku: string; quantity: number; price: number }
  shop_order_cancellations: { order_number: string; request_key: string; at: number; refund: number }
  shop_subscriptions: {
    id: string
    customer_id: string
    plan: string
    price: number
    period: Subscription['period']
    status: Subscription['status']
    paid_until: string
    cancel_key: string | null
  }
  shop_charges: {
    id: string
    customer_id: string
    at: number
    description: string
    amount: number
    /** The sum of its refunds. */
    refunded: number
    status: 'pending' | 'paid' | 'failed'
    method: string
    order_number: string | null
    subscription_id: string | null
  }
  shop_refunds: {
    id: string
    request_key: string
    charge_id: string
    at: number
    amount: number
    reason: string
    expected_by: string
  }
  shop_invoices: {
    number: string
    customer_id: string
    issued_on: string
    total: number
    status: 'open' | 'paid'
    charge_id: string | null
  }
  shop_returns: {
    rma: string
    request_key: string
    order_number: string
    sku: string
    quantity: number
    reason: ReturnReason
    registered_on: string
    send_by: string
    refund: number
    /** The part of `refund` that is the delivery fee. */
    delivery_refund: number
    /** The refund made once the parcel was checked; null until then. */
    refund_id: string | null
  }
  shop_exchanges: {
    rma: string
    request_key: string
    order_number: string
    sku: string
    new_sku: string
    reason: ReturnReason
    registered_on: string
    send_by: string
  }
  shop_devices: {
    id: string
    customer_id: string
    model: string
    kind: string
    serial: string
    firmware: string
    latest_firmware: string
    online: number
    /** A reset heals `config` and nothing else does anything about `hardware`. */
    fault: 'none' | 'config' | 'hardware'
    fault_since: number | null
  }
  shop_device_resets: { request_key: string; device_id: string; at: number }
  shop_outages: {
    id: string
    service: string
    region: string
    since: number
    /** Null as long as it lasts. */
    ended_at: number | null
    note: string
  }
  shop_tickets: {
    number: string
    request_key: string
    customer_id: string
    subject: string
    detail: string
    opened_at: number
  }
  /** The last number given to a return, a refund or a ticket. */
  shop_counters: { name: string; value: number }
}
