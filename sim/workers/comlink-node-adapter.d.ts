// Types of comlink's Node adapter, which ships a declaration that Node's module resolution does not find
// (GoogleChromeLabs/comlink#675). Only what serve.ts and worker.ts use.

declare module "comlink/dist/esm/node-adapter.mjs" {
  import type { Endpoint } from "comlink";

  interface NodeEndpoint {
    postMessage(message: unknown, transfer?: readonly unknown[]): void;
    on(type: string, listener: (message: unknown) => void): void;
    off(type: string, listener: (message: unknown) => void): void;
    start?: () => void;
  }

  function nodeEndpoint(endpoint: NodeEndpoint): Endpoint;
  export { nodeEndpoint as default };
}
