import { AIMessage, BaseMessage, HumanMessage, RemoveMessage } from '@langchain/core/messages'
import { DeltaSnapshot, JsonPlusSerializer, type SerializerProtocol } from '@langchain/langgraph-checkpoint'

/**
 * LangGraph's JSON with messages as small plain records. Two reasons: the stock form revives each message through
 * LangChain's loader, which is most of the cost of opening a long thread; and a loader that builds whatever class the
 * stored JSON names is not what customers' text should meet. Here only customers' and repliers' text messages come back.
 */
export function createMessageSerde(): SerializerProtocol {
  return new MessageSerializer()
}

interface MessageRecord {
  lc: 2
  type: 'message'
  of: 'human' | 'ai' | 'remove'
  id?: string
  name?: string
  text: string
  kwargs?: Record<string, unknown>
  metadata?: Record<string, unknown>
}

class MessageSerializer extends JsonPlusSerializer {
  protected override _dumps(value: unknown): Uint8Array {
    const found = { foreign: false }
    const encoded = encode(value, found)
    // What only LangGraph's own form can hold goes through it; its search for cycles costs more than the rest together.
    return found.foreign ? super._dumps(encoded) : Buffer.from(JSON.stringify(encoded) ?? 'null')
  }

  protected override async _loads(data: string): Promise<unknown> {
    const pending: Promise<void>[] = []
    const holder = { value: JSON.parse(data) as unknown }
    const revive = (record: unknown, put: (value: unknown) => void) =>
      void pending.push(super._loads(JSON.stringify(record)).then(put))
    holder.value = decode(holder.value, revive, (value) => {
      holder.value = value
    })
    await Promise.all(pending)
    return holder.value
  }
}

type Put = (value: unknown) => void

function encode(value: unknown, found: { foreign: boolean }): unknown {
  if (value === undefined) return UNDEFINED
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => encode(item, found))
  const prototype = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) {
    const record: Record<string, unknown> = {}
    for (const key of Object.keys(value)) record[key] = encode((value as Record<string, unknown>)[key], found)
    return record
  }
  if (value instanceof DeltaSnapshot) return { lc: 2, type: 'delta_snapshot', value: encode(value.value, found) }
  const message = BaseMessage.isInstance(value) ? messageRecord(value) : undefined
  if (!message) found.foreign = true
  return message ?? value
}

const UNDEFINED = { lc: 2, type: 'undefined' }

function messageRecord(message: BaseMessage): MessageRecord | undefined {
  const of = ({ human: 'human', ai: 'ai', remove: 'remove' } as const)[message.getType() as string]
  if (of === 'remove') return { lc: 2, type: 'message', of, id: message.id ?? '', text: '' }
  if (!of || typeof message.content !== 'string') return undefined
  if (AIMessage.isInstance(message) && message.tool_calls?.length) return undefined
  return {
    lc: 2,
    type: 'message',
    of,
    text: message.content,
    ...(message.id !== undefined && { id: message.id }),
    ...(message.name !== undefined && { name: message.name }),
    ...(Object.keys(message.additional_kwargs).length > 0 && { kwargs: message.additional_kwargs }),
    ...(Object.keys(message.response_metadata).length > 0 && { metadata: message.response_metadata }),
  }
}

/** Mends what `JSON.parse` made, in place; LangGraph's own constructor records go through `revive`, later. */
function decode(value: unknown, revive: (record: unknown, put: Put) => void, put: Put): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1)
      value[i] = decode(value[i], revive, (revived) => {
        value[i] = revived
      })
    return value
  }
  const record = value as Record<string, unknown>
  if (record.lc === 2) {
    if (record.type === 'message') return reviveMessage(value as MessageRecord)
    if (record.type === 'undefined') return undefined
    if (record.type === 'delta_snapshot') {
      const snapshot = new DeltaSnapshot(record.value)
      snapshot.value = decode(record.value, revive, (revived) => {
        snapshot.value = revived
      })
      return snapshot
    }
    if (record.type === 'constructor') revive(record, put)
    return record
  }
  for (const key in record)
    record[key] = decode(record[key], revive, (revived) => {
      record[key] = revived
    })
  return record
}

function reviveMessage({ of, id, name, text, kwargs, metadata }: MessageRecord): BaseMessage {
  if (of === 'remove') return new RemoveMessage({ id: id ?? '' })
  const fields = {
    content: text,
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name }),
    additional_kwargs: kwargs ?? {},
    response_metadata: metadata ?? {},
  }
  return of === 'human' ? new HumanMessage(fields) : new AIMessage(fields)
}
