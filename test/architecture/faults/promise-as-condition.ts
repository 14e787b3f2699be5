async function isLocked(accountId: string): Promise<boolean> {
  return await Promise.resolve(accountId === '');
}

export async function maySignIn(accountId: string): Promise<boolean> {
  if (isLocked(accountId)) return false;
  return await Promise.resolve(true);
}
