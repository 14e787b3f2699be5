async function readAccount(id: string): Promise<string> {
  return await Promise.resolve(id);
}

export async function accountOrNothing(id: string): Promise<string | undefined> {
  try {
    return readAccount(id);
  } catch {
    return undefined;
  }
}
