import type { Tool } from '../../graphs/tool.ts'
import { modifyPendingOrderAddress, modifyUserAddress } from './addresses.ts'
import { cancelPendingOrder } from './cancellations.ts'
import { getItemDetails, getProductDetails, listAllProductTypes } from './catalogue.ts'
import type { Entrance } from './entrance.ts'
import { exchangeDeliveredOrderItems, modifyPendingOrderItems } from './items.ts'
import { calculate, transferToHumanAgents } from './office.ts'
import { getOrderDetails } from './orders.ts'
import { modifyPendingOrderPayment } from './payments.ts'
import { findUserByEmail, findUserByNameZip, getUserDetails } from './people.ts'
import { returnDeliveredOrderItems } from './returns.ts'
import type { Shop } from './shop.ts'

/** The 16 retail tools of tau2 for one conversation, by the names that they have there. */
export function createTools(shop: Shop, entrance: Entrance): Map<string, Tool> {
  const tools = [
    findUserByNameZip(shop, entrance),
    findUserByEmail(shop, entrance),
    getUserDetails(shop),
    getOrderDetails(shop),
    getProductDetails(shop),
    getItemDetails(shop),
    listAllProductTypes(shop),
    transferToHumanAgents(),
    cancelPendingOrder(shop),
    modifyPendingOrderAddress(shop),
    modifyPendingOrderItems(shop),
    modifyPendingOrderPayment(shop),
    modifyUserAddress(shop),
    returnDeliveredOrderItems(shop),
    exchangeDeliveredOrderItems(shop),
  ]
  // The only one whose name there is one word, which ours may not be.
  return new Map([...tools.map((tool): [string, Tool] => [tool.name, tool]), ['calculate', calculate()]])
}
