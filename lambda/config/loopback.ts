/** 127.0.0.0/8 (RFC 1122 §3.2.1.3), ::1 (RFC 4291 §2.5.3), and the name that is one of the two (RFC 6761 §6.3). */
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/;

/** Whether an address is of this machine alone. @param hostname as `URL` gives it. */
export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname);
