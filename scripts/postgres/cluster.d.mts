export function startThrowAwayCluster(): Promise<{ url: string; stop(): Promise<void> }>;
export function freePort(): Promise<number>;
