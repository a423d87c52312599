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

// LangGraph's own way looks for cycles in everything, which costs more than the rest together; a state has none.
class MessageSerializer extends JsonPlusSerializer {
  protected override _dumps(value: unknown): Uint8Array {
    return Buffer.from(JSON.stringify(encode(value)) ?? 'null')
  }

  protected override async _loads(data: string): Promise<unknown> {
    return decode(JSON.parse(data))
  }
}

const UNDEFINED = { lc: 2, type: 'undefined' }

function encode(value: unknown): unknown {
  if (value === undefined) return UNDEFINED
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return encodeItems(value)
  const prototype = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) {
    const plain = encodeFields(value)
    // Data that looks like one of these records must come back as the data it is.
    return 'lc' in plain ? { lc: 2, type: 'plain', value: plain } : plain
  }
  if (BaseMessage.isInstance(value)) return messageRecord(value)
  if (value instanceof DeltaSnapshot) return { lc: 2, type: 'delta_snapshot', value: encode(value.value) }
  return instanceRecord(value) ?? value
}

// Most of a state is plain already and is written as it stands: a copy of it costs more than its JSON.
function encodeItems(items: unknown[]): unknown[] {
  const encoded = items.map(encode)
  return encoded.every((item, at) => item === items[at]) ? items : encoded
}

function encodeFields(value: object): Record<string, unknown> {
  const fields = value as Record<string, unknown>
  let encoded: Record<string, unknown> | undefined
  for (const key of Object.keys(fields)) {
    const item = encode(fields[key])
    if (item === fields[key]) continue
    // Without a prototype, or a key `__proto__` would set it.
    encoded ??= Object.assign(Object.create(null), fields) as Record<string, unknown>
    encoded[key] = item
  }
  return encoded ?? fields
}

/** The closed set that LangGraph writes too; anything else is written as JSON sees it. */
function instanceRecord(value: object): unknown {
  const record = (name: string, ...args: unknown[]) => ({ lc: 2, type: 'constructor', id: [name], args })
  if (value instanceof Set) return record('Set', [...value].map(encode))
  if (value instanceof Map)
    return record(
      'Map',
      [...value].map((entry) => entry.map(encode)),
    )
  if (value instanceof RegExp) return record('RegExp', value.source, value.flags)
  if (value instanceof Error) return record('Error', value.message)
  if (value instanceof Uint8Array) return record('Uint8Array', [...value])
  return undefined
}

/** @throws {TypeError} for anything but text: it would come back as something that is no message */
function messageRecord(message: BaseMessage): MessageRecord {
  const of = ({ human: 'human', ai: 'ai', remove: 'remove' } as const)[message.getType() as string]
  if (of === 'remove') return { lc: 2, type: 'message', of, id: message.id ?? '', text: '' }
  if (!of || typeof message.content !== 'string' || (AIMessage.isInstance(message) && message.tool_calls?.length))
    throw new TypeError(`a thread holds texts of customers and repliers, not this ${message.getType()} message`)
  return {
    lc: 2,
    type: 'message',
    of,
    text: message.content,
    ...(message.id !== undefined && { id: message.id }),
    ...(message.name !== undefined && { name: message.name }),
    ...(Object.keys(message.additional_kwargs).length > 0 && { kwargs: encodeFields(message.additional_kwargs) }),
    ...(Object.keys(message.response_metadata).length > 0 && { metadata: encodeFields(message.response_metadata) }),
  }
}

/** Mends what `JSON.parse` made, in place. */
function decode(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) value[i] = decode(value[i])
    return value
  }
  const record = value as Record<string, unknown>
  if (record.lc === 2) return revive(record)
  return decodeFields(record)
}

function decodeFields(record: Record<string, unknown>): Record<string, unknown> {
  for (const key in record) record[key] = decode(record[key])
  return record
}

function revive(record: Record<string, unknown>): unknown {
  switch (record.type) {
    case 'plain':
      return decodeFields(record.value as Record<string, unknown>)
    case 'message':
      return reviveMessage(record as unknown as MessageRecord)
    case 'undefined':
      return undefined
    case 'delta_snapshot':
      return new DeltaSnapshot(decode(record.value))
    case 'constructor':
      return reviveInstance(record)
    default:
      return record
  }
}

/** Any other name stays the data that it is. */
function reviveInstance(record: Record<string, unknown>): unknown {
  const [name] = record.id as [string]
  const [first, second] = record.args as [unknown, string]
  switch (name) {
    case 'Set':
      return new Set(decode(first) as unknown[])
    case 'Map':
      return new Map(decode(first) as [unknown, unknown][])
    case 'RegExp':
      return new RegExp(first as string, second)
    case 'Error':
      return new Error(first as string)
    case 'Uint8Array':
      return new Uint8Array(first as number[])
    default:
      return record
  }
}

function reviveMessage({ of, id, name, text, kwargs, metadata }: MessageRecord): BaseMessage {
  if (of === 'remove') return new RemoveMessage({ id: id ?? '' })
  const fields = {
    content: text,
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name }),
    additional_kwargs: decodeFields(kwargs ?? {}),
    response_metadata: decodeFields(metadata ?? {}),
  }
  return of === 'human' ? new HumanMessage(fields) : new AIMessage(fields)
}
