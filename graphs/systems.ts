/** An amount of money. */
export interface Money {
  /** Integer minor units, such as cents. */
  minor: number
  /** ISO 4217, such as `EUR`. */
  currency: string
}

/**
 * The business systems that tools act on. Every method takes the customer first and sees only what is theirs: what is
 * not theirs reads as not there (`null`, or left out of a list). Instants are ISO strings, days `YYYY-MM-DD`.
 *
 * A method that changes something takes a `key` and does it at most once a key: the same key again gives the first
 * result. It throws a {@link Refusal} when the system says no for good; any other error leaves open whether it was
 * done, and `settled(key)` tells.
 */
export interface Systems {
  customers: Customers
  orders: Orders
  billing: Billing
  returns: Returns
  devices: Devices
  tickets: Tickets
}

/** A business system's definite no: nothing was changed, and asking again will not help. */
export class Refusal extends Error {
  readonly code: string

  /**
   * @param code `area.problem`
   * @param message a sentence that may be told to the customer
   */
  constructor(code: string, message: string) {
    super(message)
    this.name = 'Refusal'
    this.code = code
  }
}

export interface Customer {
  id: string
  name: string
  email: string
  /** BCP 47, such as `en-IE`. */
  locale: string
  /** Day. */
  since: string
}

export interface Customers {
  find(customerId: string): Promise<Customer | null>
  /** For sending a one-time code to the address on file; never shown to who asked. Case does not matter. */
  findByEmail(email: string): Promise<Customer | null>
}

export interface OrderItem {
  sku: string
  title: string
  /** Size or colour; empty where there is none. */
  variant: string
  quantity: number
  /** Of one piece. */
  price: Money
}

export interface Order {
  /** As customers know it, such as `LF-10234`. */
  number: string
  placedAt: string
  status: 'processing' | 'shipped' | 'delivered' | 'cancelled'
  /** Day; null until then. */
  deliveredOn: string | null
  items: OrderItem[]
  total: Money
  carrier: string | null
  trackingNumber: string | null
}

export interface Orders {
  /** The latest first. */
  list(customerId: string, limit: number): Promise<Order[]>
  find(customerId: string, number: string): Promise<Order | null>
  /** Before it is sent. Refuses with `orders.sent`. */
  cancel(customerId: string, number: string, key: string): Promise<OrderCancellation>
  settled(key: string): Promise<OrderCancellation | null>
}

export interface OrderCancellation {
  number: string
  refund: Money
}

export interface Charge {
  id: string
  at: string
  /** What it was for, such as `Larkfield Plus, November`. */
  description: string
  amount: Money
  /** What went back so far. */
  refunded: Money
  status: 'pending' | 'paid' | 'failed'
  /** Such as `Visa ending in 4242`. */
  method: string
  orderNumber: string | null
  subscriptionId: string | null
}

export interface Invoice {
  number: string
  issuedOn: string
  total: Money
  status: 'open' | 'paid'
  /** Where the customer, signed in, gets the document. */
  url: string
  chargeId: string | null
}

export interface Subscription {
  id: string
  plan: string
  price: Money
  period: 'month' | 'year'
  status: 'active' | 'cancelled'
  /** The day until which it is paid; it renews then, or ends if it is cancelled. */
  paidUntil: string
}

export interface Refund {
  id: string
  chargeId: string
  amount: Money
  method: string
  /** The day by which it is with the customer. */
  expectedBy: string
}

export interface SubscriptionCancellation {
  subscriptionId: string
  plan: string
  endsOn: string
}

export interface Billing {
  /** The latest first. */
  charges(customerId: string, limit: number): Promise<Charge[]>
  charge(customerId: string, id: string): Promise<Charge | null>
  /** The latest first. */
  invoices(customerId: string, limit: number): Promise<Invoice[]>
  subscriptions(customerId: string): Promise<Subscription[]>
  /** Refuses with `billing.over_remainder` or `billing.not_paid`. */
  refund(customerId: string, request: { chargeId: string; amount: Money; reason: string; key: string }): Promise<Refund>
  /** At the end of what is paid. Refuses with `billing.already_cancelled`. */
  cancelSubscription(customerId: string, subscriptionId: string, key: string): Promise<SubscriptionCancellation>
  settled(key: string): Promise<Refund | SubscriptionCancellation | null>
}

/** Whether an item may go back, judged for the day the customer asks. */
export interface Eligibility {
  eligible: boolean
  /** The last day on which it may; null where it never may. */
  until: string | null
  /** A sentence for the customer. */
  why: string
}

export interface ReturnAuthorization {
  /** Return merchandise authorization, such as `RMA-20417`. */
  rma: string
  orderNumber: string
  sku: string
  quantity: number
  labelUrl: string
  sendBy: string
  refund: Money
}

export interface Exchange {
  rma: string
  orderNumber: string
  sku: string
  newSku: string
  newVariant: string
  labelUrl: string
  sendBy: string
}

/** What else an item comes in. */
export interface ItemVariant {
  sku: string
  variant: string
  inStock: number
}

export type ReturnReason = 'changed_mind' | 'damaged' | 'faulty' | 'wrong_item' | 'does_not_fit'

export interface Returns {
  eligibility(
    customerId: string,
    item: { orderNumber: string; sku: string; reason: ReturnReason; on: string },
  ): Promise<Eligibility | null>
  /** Refuses with `returns.not_eligible` or `returns.already_returned`. */
  create(
    customerId: string,
    request: { orderNumber: string; sku: string; quantity: number; reason: ReturnReason; on: string; key: string },
  ): Promise<ReturnAuthorization>
  variants(sku: string): Promise<ItemVariant[]>
  /** Refuses with `returns.not_eligible`, `returns.already_returned` or `returns.out_of_stock`. */
  exchange(
    customerId: string,
    request: { orderNumber: string; sku: string; newSku: string; reason: ReturnReason; on: string; key: string },
  ): Promise<Exchange>
  settled(key: string): Promise<ReturnAuthorization | Exchange | null>
}

export interface Device {
  id: string
  model: string
  kind: 'router' | 'camera' | 'speaker' | 'tablet' | 'headphones' | 'plug'
  serial: string
  firmware: string
  latestFirmware: string
  online: boolean
}

export interface Diagnosis {
  deviceId: string
  at: string
  healthy: boolean
  /** Each a sentence for the customer. */
  findings: string[]
  /** What would help; `replace` where nothing else does. */
  advice: 'none' | 'update' | 'reset' | 'replace'
  /** When it was last reset; null if never. */
  lastResetAt: string | null
}

export interface DeviceReset {
  deviceId: string
  at: string
}

export interface Outage {
  service: string
  region: string
  since: string
  /** A sentence for the customer. */
  note: string
}

export interface Devices {
  list(customerId: string): Promise<Device[]>
  diagnose(customerId: string, deviceId: string): Promise<Diagnosis | null>
  reset(customerId: string, deviceId: string, key: string): Promise<DeviceReset>
  /** What is down at the moment; the same for everybody. */
  outages(): Promise<Outage[]>
  settled(key: string): Promise<DeviceReset | null>
}

export interface Ticket {
  number: string
  subject: string
  openedAt: string
}

export interface Tickets {
  open(customerId: string, request: { subject: string; detail: string; key: string }): Promise<Ticket>
  settled(key: string): Promise<Ticket | null>
}
