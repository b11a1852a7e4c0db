export function startThrowAwayCluster(options?: { durable?: boolean }): Promise<{ url: string; stop(): Promise<void> }>;
export function freePort(): Promise<number>;
