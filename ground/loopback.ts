/** Whether a host name, as `URL.hostname` writes it, can only mean this machine (RFC 6761 for names under localhost). */
export const isLoopbackName = (hostname: string): boolean =>
  hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname) || /^(.+\.)?localhost$/i.test(hostname)

/** The same of an absolute address. False for what is no address. */
export const isLoopbackUrl = (url: string): boolean => URL.canParse(url) && isLoopbackName(new URL(url).hostname)

/** The same of a `Host` header: with or without a port. */
export const isLoopbackHost = (host: string): boolean => isLoopbackUrl(`http://${host}`)
