/** Where somebody lives or an order goes, as tau2 writes it. */
export interface Address {
  address1: string
  address2: string
  city: string
  country: string
  state: string
  zip: string
}

/** A credit card, a PayPal account, or a gift card, which alone has a balance in dollars. */
export interface PaymentMethod {
  source: 'credit_card' | 'paypal' | 'gift_card'
  id: string
  brand?: string
  last_four?: string
  balance?: number
}

/** A customer. */
export interface User {
  user_id: string
  name: { first_name: string; last_name: string }
  address: Address
  email: string
  payment_methods: Record<string, PaymentMethod>
  orders: string[]
}

/** What a product comes in. `price` is in dollars. */
export interface Variant {
  item_id: string
  options: Record<string, string>
  available: boolean
  price: number
}

/** A product with its variants by item id. */
export interface Product {
  name: string
  product_id: string
  variants: Record<string, Variant>
}

/** One piece of an order; two of a kind are two entries. */
export interface OrderItem {
  name: string
  product_id: string
  item_id: string
  price: number
  options: Record<string, string>
}

/** Money in or out, in dollars. */
export interface Payment {
  transaction_type: 'payment' | 'refund'
  amount: number
  payment_method_id: string
}

/** An order; the fields that may be left out are there after the change that they tell of. */
export interface Order {
  order_id: string
  user_id: string
  address: Address
  items: OrderItem[]
  /** `pending`, `pending (item modified)`, `processed`, `delivered`, `cancelled`, `return requested`, … */
  status: string
  fulfillments: { tracking_id: string[]; item_ids: string[] }[]
  payment_history: Payment[]
  cancel_reason?: string
  exchange_items?: string[]
  exchange_new_items?: string[]
  exchange_payment_method_id?: string
  exchange_price_difference?: number
  return_items?: string[]
  return_payment_method_id?: string
}

/** Everything that the shop knows, by id. */
export interface Records {
  products: Record<string, Product>
  users: Record<string, User>
  orders: Record<string, Order>
}

/** Of {@link Records}, what is not as it was, whole. */
export interface Changes {
  users?: Record<string, User>
  orders?: Record<string, Order>
}
