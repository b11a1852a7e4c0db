export function startThrowAwayCluster(options?: { durable?: boolean }): Promise<{ url: string; stop(): Promise<void> }>;
export function freePort(): Promise<number>;
type Owner = { name: string; uid: number; gid: number } | null;
export function createCluster(options: {
  directory: string;
  password: string;
  owner: Owner;
  conf?: Record<string, string>;
}): void;
export function startCluster(options: {
  directory: string;
  logFile: string;
  port?: number;
  removeAfterwards?: string;
}): Promise<{ port: number; pid: number; exited: Promise<string>; stop(name?: string): Promise<void> }>;
export function connectionUrl(parts: { password: string; port: number; database: string }): string;
export function newPassword(): string;
