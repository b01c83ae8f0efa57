// Types of kept-bundle.boot.mjs, which is read before TypeScript can be.

export declare const root: string;
export declare const cache: string;
export declare function keptBundle(entry: URL): URL | null;
export declare function nameOf(entry: string): string;
export declare function fileOf(name: string, hash: string): string;
export declare function noteOf(name: string): string;
export declare function hashOf(entry: string, files: readonly string[]): string | null;
