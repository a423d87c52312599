import type { Money } from '../../graphs/systems.ts'
import type { Assurance } from '../../graphs/tool.ts'
import { formatMoney } from './money.ts'
import type { PolicyRule, PolicyVersion } from './policy-file.ts'

/** An effect as a policy sees it. The amounts of the past do not have this one in them. */
export interface PolicyQuestion {
  /** The policy's name. */
  name: string
  assurance: Assurance
  /** What it moves; null when it moves no money. */
  amount: Money | null
  /** What is left of the business object; null when it does not say. */
  remainder: Money | null
  /** Minor units that this policy moved for this customer in the last 30 days. */
  customerLast30Days: number
  /** Minor units that moved for anybody, by any policy, in the last hour. */
  lastHour: number
  /** How often this customer had an effect of this policy in the last 24 hours. */
  countLastDay: number
  /** Epoch milliseconds. */
  now: number
}

/** What a policy says, and which version of it. */
export type PolicyDecision = { policyVersion: string } & (
  | { decision: 'allow' }
  /** So many different agents have to agree. `reason` is for them. */
  | { decision: 'approve'; approvals: 1 | 2; reason: string }
  /** `message` is a sentence for the customer. */
  | { decision: 'deny'; code: string; message: string }
)

const NOT_ALLOWED = 'I am not able to do this here.'
const SURENESS: Assurance[] = ['anonymous', 'claimed', 'verified']

/**
 * Decides by the version in force. Pure. What no version names, and what does not fit, is denied; more money, for this
 * effect or before it, never needs fewer people.
 */
export function decide(versions: PolicyVersion[], question: PolicyQuestion): PolicyDecision {
  const version = versions.findLast(({ validFrom }) => validFrom <= question.now)
  const policyVersion = version?.version ?? 'none'
  const rule = version && Object.hasOwn(version.policies, question.name) ? version.policies[question.name] : undefined
  return { policyVersion, ...(rule ? decideBy(rule, question) : deny('policy.unknown', NOT_ALLOWED)) }
}

type Verdict =
  | { decision: 'allow' }
  | { decision: 'approve'; approvals: 1 | 2; reason: string }
  | { decision: 'deny'; code: string; message: string }

function decideBy(rule: PolicyRule, question: PolicyQuestion): Verdict {
  const { assurance, amount, countLastDay } = question
  if (!isSureEnough(assurance, rule.assurance))
    return deny('policy.assurance', 'I have to be sure who you are before I can do this.')
  if (rule.perDay !== undefined && countLastDay >= rule.perDay)
    return deny('policy.too_often', 'This was done as often as it may be in one day. Please try again tomorrow.')
  if (rule.money) return amount ? decideMoney(rule.money, amount, question) : deny('policy.amount', NOT_ALLOWED)
  if (amount) return deny('policy.amount', NOT_ALLOWED)
  return people(rule.approvals ?? 0, 'This always needs a person.')
}

function decideMoney(
  { tiers, hour, withinRemainder }: NonNullable<PolicyRule['money']>,
  amount: Money,
  { remainder, customerLast30Days, lastHour }: PolicyQuestion,
): Verdict {
  const { minor } = amount
  const currency = currencyOf(tiers, hour?.above)
  const known = [minor, customerLast30Days, lastHour, remainder?.minor ?? 0]
  if (!known.every(Number.isSafeInteger) || minor <= 0 || customerLast30Days < 0 || lastHour < 0)
    return deny('policy.amount', NOT_ALLOWED)
  if (amount.currency !== currency || (remainder && remainder.currency !== currency))
    return deny('policy.currency', `I can only do this in ${currency}.`)
  if (withinRemainder && !remainder) return deny('policy.remainder', NOT_ALLOWED)
  if (remainder && minor > remainder.minor)
    return deny(
      'policy.over_remainder',
      remainder.minor > 0
        ? `That is more than what is left: ${formatMoney(remainder)}.`
        : 'Nothing of it is left to pay back.',
    )
  const total = customerLast30Days + minor
  const fits = ({ upTo, customerUpTo }: (typeof tiers)[number]) =>
    minor <= (upTo?.minor ?? minor) && total <= (customerUpTo?.minor ?? total)
  const at = tiers.findIndex(fits)
  const tier = tiers[at]
  if (!tier) return deny('policy.over_limit', 'That is more than what I may do.')
  const inHour = lastHour + minor
  if (hour && inHour > hour.above.minor && hour.approvals > tier.approvals)
    return people(hour.approvals, `${formatMoney({ minor: inHour, currency })} within an hour`)
  const before = tiers[at - 1]
  const own = minor > (before?.upTo?.minor ?? minor)
  const reason = own
    ? `${formatMoney(amount)} is above ${formatMoney({ minor: before?.upTo?.minor ?? 0, currency })}`
    : `${formatMoney({ minor: total, currency })} for this customer within 30 days`
  return people(tier.approvals, reason)
}

function currencyOf(tiers: NonNullable<PolicyRule['money']>['tiers'], hour: Money | undefined): string {
  return [...tiers.flatMap(({ upTo, customerUpTo }) => [upTo, customerUpTo]), hour].find(Boolean)?.currency ?? ''
}

/** Whether who the customer is is known as surely as is asked. */
export function isSureEnough(assurance: Assurance, needed: Assurance): boolean {
  return SURENESS.indexOf(assurance) >= SURENESS.indexOf(needed)
}

function people(approvals: 0 | 1 | 2, reason: string): Verdict {
  return approvals === 0 ? { decision: 'allow' } : { decision: 'approve', approvals, reason }
}

function deny(code: string, message: string): Verdict {
  return { decision: 'deny', code, message }
}
