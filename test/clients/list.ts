import { claudeCode } from './drivers/claude-code.ts';
import { codex } from './drivers/codex.ts';
import type { Driver } from './drivers/driver.ts';
import { geminiCli } from './drivers/gemini-cli.ts';
import { inspector, javascript, python } from './drivers/library.ts';
import { opencode } from './drivers/opencode.ts';
import { CHECKS, type Check } from './judge.ts';

/** A client of the matrix: the heading of docs/agents.md that it stands under, and what is installed for it, pinned. */
export interface ClientOfMatrix {
  name: string;
  from: 'npm' | 'pypi';
  /** `name==version` or `name@version`; the first is the client. */
  packages: readonly [string, ...string[]];
  driver: Driver;
  /** Its driver asks for resources and prompts too: it gives a model nothing of them. */
  readsResources?: true;
  /** What it does not do, in words; each is expected to fail. */
  lacks?: Partial<Record<Check, string>>;
}

const LANGCHAIN_OPENAI = 'langchain-openai==1.7.4';
const MCP_2 = 'mcp==2.3.0';

export const CLIENTS: readonly ClientOfMatrix[] = [
  { name: 'Claude Code', from: 'npm', packages: ['@anthropic-ai/claude-code@2.1.332'], driver: claudeCode },
  { name: 'Codex', from: 'npm', packages: ['@openai/codex@0.171.0'], driver: codex },
  { name: 'Gemini CLI', from: 'npm', packages: ['@google/gemini-cli@0.61.0'], driver: geminiCli },
  { name: 'opencode', from: 'npm', packages: ['opencode-ai@1.18.33'], driver: opencode },
  {
    name: 'MCP Inspector',
    readsResources: true,
    from: 'npm',
    packages: ['@modelcontextprotocol/inspector@2.12.0'],
    driver: inspector,
  },
  {
    name: 'MCP Python SDK 2',
    readsResources: true,
    from: 'pypi',
    packages: [MCP_2],
    driver: python('python-2'),
  },
  {
    name: 'MCP Python SDK 1',
    readsResources: true,
    from: 'pypi',
    packages: ['mcp==1.30.0'],
    driver: python('python-1'),
  },
  {
    name: 'FastMCP',
    readsResources: true,
    from: 'pypi',
    packages: ['fastmcp==4.2.3'],
    driver: python('fastmcp'),
  },
  { name: 'Anthropic', from: 'pypi', packages: ['anthropic[mcp]==2.14.0'], driver: python('anthropic') },
  {
    name: 'OpenAI Agents',
    from: 'pypi',
    packages: ['openai-agents==0.24.0'],
    driver: python('openai-agents'),
  },
  {
    name: 'Pydantic AI',
    from: 'pypi',
    packages: ['pydantic-ai-slim[openai,mcp]==2.68.0'],
    driver: python('pydantic-ai'),
  },
  {
    name: 'LangChain',
    from: 'pypi',
    packages: ['langchain-mcp-adapters==0.3.2', LANGCHAIN_OPENAI, 'langchain==1.5.2'],
    driver: python('langchain'),
  },
  {
    name: 'Google Gen AI',
    from: 'pypi',
    packages: ['google-genai==3.6.1', 'mcp==1.30.0'],
    driver: python('google-genai'),
  },
  { name: 'Google ADK', from: 'pypi', packages: ['google-adk[mcp]==2.13.0'], driver: python('google-adk') },
  { name: 'LiteLLM', from: 'pypi', packages: ['litellm==1.110.2', 'mcp==1.30.0'], driver: python('litellm') },
  {
    name: 'mcp-use',
    from: 'pypi',
    packages: ['mcp-use==1.7.1', LANGCHAIN_OPENAI],
    driver: python('mcp-use'),
    lacks: { arguments: 'drops the choices of an argument' },
  },
  {
    name: 'LlamaIndex',
    from: 'pypi',
    packages: ['llama-index-tools-mcp==0.6.0', 'llama-index-llms-openai==0.8.3'],
    driver: python('llama-index'),
    lacks: { arguments: 'drops the properties of an object in the arguments' },
  },
  {
    name: 'MCP TypeScript SDK 2',
    readsResources: true,
    from: 'npm',
    packages: ['@modelcontextprotocol/client@2.4.0'],
    driver: javascript('typescript'),
  },
  {
    name: 'MCP TypeScript SDK 1',
    readsResources: true,
    from: 'npm',
    packages: ['@modelcontextprotocol/sdk@1.32.2'],
    driver: javascript('typescript'),
  },
  {
    name: 'AI SDK',
    from: 'npm',
    packages: ['ai@7.0.173', '@ai-sdk/mcp@2.0.99', '@ai-sdk/openai@4.0.118'],
    driver: javascript('ai-sdk'),
  },
];

/** Of a pinned package, `[name, version]`. */
export function pinned(pin: string): [string, string] {
  const [, name, version] = /^(.+?)(?:\[.*\])?(?:==|@)([\d.]+)$/.exec(pin)!;
  return [name!, version!];
}

/** What is expected of a client, or known to be otherwise. */
export const checksOf = ({ readsResources }: ClientOfMatrix): Check[] =>
  CHECKS.filter((check) => check !== 'resources' || readsResources);
