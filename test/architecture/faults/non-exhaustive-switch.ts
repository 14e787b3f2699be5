type Outcome = { kind: 'activated' } | { kind: 'wrong_code' } | { kind: 'code_expired' };

export function statusOf(outcome: Outcome): number {
  let status = 500;
  switch (outcome.kind) {
    case 'activated':
      status = 200;
      break;
    case 'wrong_code':
      status = 422;
      break;
  }
  return status;
}
