export function findOwner(): { name: string; uid: number; gid: number } | null;
