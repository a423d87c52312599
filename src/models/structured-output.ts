import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from '@langchain/core/language_models/base'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import {
  assembleStructuredOutputPipeline,
  createFunctionCallingParser,
} from '@langchain/core/language_models/structured_output'
import { OutputParserException } from '@langchain/core/output_parsers'
import { type Runnable, RunnableLambda } from '@langchain/core/runnables'
import { toJsonSchema } from '@langchain/core/utils/json_schema'
import { isSerializableSchema, type SerializableSchema } from '@langchain/core/utils/standard_schema'
import { getSchemaDescription, type InteropZodType, isInteropZodSchema } from '@langchain/core/utils/types'
import { AppError } from '../errors.ts'

/** A zod or standard schema, or a JSON schema, whose answers are then not validated. */
export type OutputSchema<Output extends Record<string, unknown>> =
  | InteropZodType<Output>
  | SerializableSchema<Output>
  | Record<string, unknown>

/**
 * Structured output by one forced tool call, so that it works on every server that calls tools. An answer that does not
 * fit the schema is asked for once more; then throws `models.invalid_output`. With `includeRaw` the result is
 * `{ raw, parsed }`, `parsed` null when it does not fit.
 */
export function structuredOutput<Output extends Record<string, unknown>>(
  model: BaseChatModel,
  schema: OutputSchema<Output>,
  config: StructuredOutputMethodOptions<boolean> = {},
): Runnable<BaseLanguageModelInput, unknown> {
  if (!model.bindTools) throw new TypeError('structured output needs a chat model with bindTools')
  const name = config.name ?? ('title' in schema && typeof schema.title === 'string' ? schema.title : 'extract')
  const tool = {
    type: 'function',
    function: {
      name,
      description: getSchemaDescription(schema as InteropZodType) ?? 'Call this with the answer.',
      parameters: isInteropZodSchema(schema) || isSerializableSchema(schema) ? toJsonSchema(schema) : schema,
    },
  }
  const pipeline = assembleStructuredOutputPipeline<Output>(
    model.bindTools([tool], { tool_choice: name }),
    createFunctionCallingParser<Output>(schema as InteropZodType<Output>, name),
    config.includeRaw,
    'StructuredOutput',
  )
  return RunnableLambda.from(async (input: BaseLanguageModelInput, options) => {
    for (let tries = 1; ; tries++) {
      try {
        const output = await pipeline.invoke(input, options)
        if (output !== undefined) return output
      } catch (error) {
        if (!(error instanceof OutputParserException)) throw error
      }
      if (tries === 2)
        throw new AppError('models.invalid_output', 502, `The model did not answer in the form of ${name}.`)
    }
  })
}
