// A thread knows nothing of how its parent reads TypeScript, be that tsx, vitest or LangGraph's server.
import { register } from 'tsx/esm/api'

register()
await import('./build-worker.ts')
