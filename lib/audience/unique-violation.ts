/** Whether a statement failed because a row with the same key is there already (SQLSTATE 23505 on that constraint). */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code, constraint: broken } = at as Error & { code?: string; constraint?: string };
    if (code === "23505" && broken === constraint) return true;
  }
  return false;
}
