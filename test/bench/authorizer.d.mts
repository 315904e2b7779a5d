export function tokenEvent(token: string): object;
