async function endSessions(accountId: string): Promise<void> {
  await Promise.resolve(accountId);
}

export async function lockAccount(accountId: string): Promise<void> {
  endSessions(accountId);
  await Promise.resolve();
}
